"""allauth's table of addresses becomes the mirror of `User.email`: what its page had added beside that goes."""

from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower


def others_delete(apps: Any, schema_editor: Any) -> None:
    """Addresses that are nobody's: they would look taken to whoever signs up with them."""
    addresses = apps.get_model("account", "EmailAddress").objects
    beside = addresses.alias(seen=Lower("email"), own=Lower("user__email")).exclude(seen=F("own"))
    addresses.filter(pk__in=list(beside.values_list("pk", flat=True))).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_erasure"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(others_delete, migrations.RunPython.noop)]
