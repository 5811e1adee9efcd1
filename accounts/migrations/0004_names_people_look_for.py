"""Both names of a person folded for the search of people, and when they last took another username."""

from django.db import migrations, models

from accounts.search_names import search_name_of

BATCH = 1000


def search_names_fill(apps, schema_editor):
    user = apps.get_model("accounts", "User")
    batch = []
    for row in user.objects.only("pk", "username", "display_name").iterator(BATCH):
        row.search_name = search_name_of(row.username, row.display_name)
        batch.append(row)
        if len(batch) == BATCH:
            user.objects.bulk_update(batch, ["search_name"])
            batch = []
    user.objects.bulk_update(batch, ["search_name"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_accounts_that_people_can_trust")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="username_changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="search_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.RunPython(search_names_fill, migrations.RunPython.noop, elidable=True),
    ]
