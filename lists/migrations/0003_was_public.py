"""Whether others may read of a change or of a seen episode is kept with it; nothing is public until somebody said so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0002_lists_grow")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="was_public",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="was public"),
        )
        for name in ("listactivity", "watchedepisode")
    ]
