"""Tags that differ in case alone become one, in the spelling that a person used first; a transaction for each person.

Entries are held meanwhile, so that nobody writes their tags in between. What older processes write afterwards keeps its name
as its key.
"""

import unicodedata
from collections import defaultdict
from typing import Any

from django.db import migrations, transaction

CHUNK = 500


def fold(apps: Any, schema_editor: Any = None) -> None:
    """Give every tag its key and every folder one spelling. May be run again."""
    tags = apps.get_model("lists", "EntryTag").objects
    for user_id in list(tags.order_by().values_list("entry__user", flat=True).distinct()):
        with transaction.atomic():
            _person_fold(apps, user_id)


def _person_fold(apps: Any, user_id: Any) -> None:
    tags = apps.get_model("lists", "EntryTag").objects.filter(entry__user=user_id)
    entries = apps.get_model("lists", "ListEntry").objects.filter(user=user_id, pk__in=tags.order_by().values("entry"))
    list(entries.select_for_update().order_by("anime_id").values_list("pk", flat=True))
    spelling: dict[str, str] = {}
    kept: dict[tuple[Any, str], int] = {}
    renamed, double = defaultdict(list), []
    for pk, entry_id, name, key in tags.order_by("pk").values_list("pk", "entry_id", "name", "key"):
        wanted = _key(name)
        first = spelling.setdefault(wanted, name)
        if kept.setdefault((entry_id, wanted), pk) != pk:
            double.append(pk)
        elif (name, key) != (first, wanted):
            renamed[wanted].append(pk)
    for start in range(0, len(double), CHUNK):
        tags.model._base_manager.filter(pk__in=double[start : start + CHUNK]).delete()
    for wanted, keys in renamed.items():
        for start in range(0, len(keys), CHUNK):
            rows = tags.model._base_manager.filter(pk__in=keys[start : start + CHUNK])
            rows.update(name=spelling[wanted], key=wanted)


def _key(name: str) -> str:
    """As `lists.models.entries.tag_key` was then."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())[:150]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("lists", "0007_tag_key")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
