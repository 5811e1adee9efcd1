"""What happened before `was_public` was kept is judged by the history of each entry, person by person.

Old processes may go on writing meanwhile: rows younger than this migration are left alone, theirs stay unpublic.
"""

import datetime
from collections import defaultdict
from itertools import pairwise
from typing import Any

from django.db import migrations, transaction
from django.db.models import Q
from django.utils import timezone

CHUNK = 500
_BEGINNING = datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)
_END = datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC)
Span = tuple[datetime.datetime, datetime.datetime]


def judge(apps: Any, schema_editor: Any = None) -> None:
    """Give every row its `was_public`; a transaction for each person. Where no history speaks, what the entry is now."""
    activities, episodes = apps.get_model("lists", "ListActivity"), apps.get_model("lists", "WatchedEpisode")
    now = timezone.now()
    people = set(activities.objects.order_by().values_list("user", flat=True).distinct())
    for user_id in people | set(episodes.objects.order_by().values_list("user", flat=True).distinct()):
        with transaction.atomic():
            _person_judge(apps, user_id, now)


def _person_judge(apps: Any, user_id: Any, now: datetime.datetime) -> None:
    said = Q(changes__is_private__0=True) | Q(changes__is_private__1=True)
    mine = {name: apps.get_model("lists", name).objects.filter(user=user_id) for name in ("ListEntry", "ListActivity")}
    activities = mine["ListActivity"].filter(created_at__lt=now)
    episodes = apps.get_model("lists", "WatchedEpisode").objects.filter(user=user_id, watched_at__lt=now)
    entries = dict(mine["ListEntry"].values_list("anime_id", "is_private"))
    private = {key for key, is_private in entries.items() if is_private}
    private |= set(mine["ListActivity"].filter(said).values_list("anime_id", flat=True))
    activities.exclude(anime_id__in=private).update(was_public=True)
    episodes.exclude(anime_id__in=private).update(was_public=True)
    by_anime: dict[int, list[Any]] = defaultdict(list)
    for row in mine["ListActivity"].filter(anime_id__in=private).order_by("created_at", "pk"):
        by_anime[row.anime_id].append(row)
    public = []
    for anime_id, rows in by_anime.items():
        spans = private_spans(rows, entries.get(anime_id))
        public += [row.pk for row in rows if row.created_at < now and not _within(spans, row.created_at)]
        for episode in episodes.filter(anime_id=anime_id):
            if not _within(spans, episode.watched_at):
                episode.was_public = True
                episode.save(update_fields=["was_public"])
    for start in range(0, len(public), CHUNK):
        activities.filter(pk__in=public[start : start + CHUNK]).update(was_public=True)


def private_spans(rows: list[Any], is_private_now: bool | None) -> list[Span]:
    """When an entry was private, ends included, by its changes in their order; `is_private_now` None: not on the list.

    Where the history does not lead to what the entry is now, all of it counts as private.
    """
    moments = []
    for row in rows:
        if "is_private" in row.changes:
            before, after = (bool(value) for value in row.changes["is_private"])
            moments.append((row.created_at, before, after))
            if row.undone_at is not None:
                moments.append((row.undone_at, after, before))
    moments.sort(key=lambda moment: moment[0])
    last = moments[-1][2] if moments else bool(is_private_now)
    if is_private_now is not None and last != is_private_now:
        return [(_BEGINNING, _END)]
    first = moments[0][1] if moments else last
    states = [(_BEGINNING, first), *((at, after) for at, _before, after in moments), (_END, False)]
    return [(begin, end) for (begin, is_private), (end, _) in pairwise(states) if is_private]


def _within(spans: list[Span], moment: datetime.datetime) -> bool:
    return any(begin <= moment <= end for begin, end in spans)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("lists", "0003_was_public")]

    operations = [migrations.RunPython(judge, migrations.RunPython.noop)]
