"""What makes two spellings of a tag one is kept beside it; rows that older processes write meanwhile have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0006_import_error_reason")]

    operations = [
        migrations.AddField(
            model_name="entrytag",
            name="key",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=150),
        ),
    ]
