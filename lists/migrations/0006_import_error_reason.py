"""Why a file was refused, as a code with its facts; what older imports say in words stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0005_scrobble_rules")]

    operations = [
        migrations.AddField(
            model_name="listimport",
            name="error_facts",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listimport",
            name="error_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
