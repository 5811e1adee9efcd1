"""An entry has a tag once, however it is spelled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0008_tags_in_any_case")]

    operations = [
        migrations.AddConstraint(
            model_name="entrytag",
            constraint=models.UniqueConstraint(
                condition=~models.Q(key=""), fields=("entry", "key"), name="entry_tag_key_once"
            ),
        ),
    ]
