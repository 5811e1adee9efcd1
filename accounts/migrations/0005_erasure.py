"""When an erasure began, and names that are held back after one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_names_people_look_for")]

    operations = [
        migrations.AddField(
            model_name="accountdeletion",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="erasure started"),
        ),
        migrations.CreateModel(
            name="HeldName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("look_hash", models.CharField(max_length=64, unique=True)),
                ("until", models.DateTimeField(db_index=True, verbose_name="until")),
            ],
            options={"verbose_name": "held name", "verbose_name_plural": "held names"},
        ),
    ]
