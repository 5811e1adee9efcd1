"""Lines of the feed come, grow with what follows in the same sitting, and go with what is undone."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.facade import User
from core.errors import NotFound
from core.ids import uuid7
from lists.facade import EntryChanged
from social.models import FeedItem, FeedVerb
from social.services.feed_parts import PARTS_LIMIT, SITTING, Part, part_of, parts_told, sittings_of

KEPT = timedelta(days=180)
CHUNK = 2_000
HIDE_LIMIT = 100
"""Lines that one request may name."""


def change_tell(*, event: EntryChanged, at: datetime | None = None) -> None:
    """A public change of a list becomes a line, or part of the line of its sitting; two queries, one for a new entry.

    Within the transaction of the change, which holds the entry: two at once make one line.
    """
    moment = at or timezone.now()
    part = part_of(event.changes, activity_id=event.activity_id, at=moment, is_new=event.is_new)
    if part is None:
        return
    line = None if part.is_new else _open_line(event.user_id, event.anime_id, moment)
    if line is not None and len(line.parts) < PARTS_LIMIT:
        line.parts = [*line.parts, part.as_json()]
        _say(line, [Part.of_json(raw) for raw in line.parts])
        _store(line)
    elif not part.is_correction:
        _made(event.user_id, event.anime_id, [part]).save(force_insert=True)


def change_take_back(*, event: EntryChanged) -> None:
    """What was undone leaves its line, and the last part takes the line; what is left is cut anew where a pause shows.

    Within the transaction of the undo, which holds the entry. Two queries, one where nothing was told.
    """
    rows = FeedItem.objects.filter(user_id=event.user_id, anime_id=event.anime_id).order_by("-updated_at")
    for line in rows:
        parts = [Part.of_json(raw) for raw in line.parts]
        left = [part for part in parts if part.activity_id != event.activity_id]
        if len(left) < len(parts):
            _cut(line, left)
            return


def post_tell(*, post_id: uuid.UUID, author_id: uuid.UUID) -> None:
    """A post is a line; it goes with the post. Told twice it is one."""
    now = timezone.now()
    line = FeedItem(user_id=author_id, verb=FeedVerb.POSTED, post_id=post_id, created_at=now, updated_at=now)
    FeedItem.objects.bulk_create([line], ignore_conflicts=True)


def collection_tell(*, collection_id: uuid.UUID, owner_id: uuid.UUID) -> None:
    """A collection that became public is a line, once, however often it is made private and public again."""
    now = timezone.now()
    line = FeedItem(
        user_id=owner_id, verb=FeedVerb.COLLECTED, collection_id=collection_id, created_at=now, updated_at=now
    )
    FeedItem.objects.bulk_create([line], ignore_conflicts=True)


def lines_hide(*, actor: User, line_ids: Collection[uuid.UUID]) -> datetime:
    """Take own lines out of the feed, for everybody; the moment given back names them to `lines_restore_at`.

    What follows in the same sitting stays out too. Raises `NotFound` unless all are theirs.
    """
    moment = timezone.now()
    _hidden_set(actor, line_ids, moment)
    return moment


def lines_restore(*, actor: User, line_ids: Collection[uuid.UUID]) -> None:
    """Bring own lines back that `lines_hide` took out. Raises `NotFound` unless all are theirs."""
    _hidden_set(actor, line_ids, None)


def lines_restore_at(*, actor: User, moment: datetime) -> int:
    """Bring back what was taken out at that moment; how many lines."""
    return FeedItem.objects.filter(user=actor, hidden_at=moment).update(hidden_at=None)


def list_lines_forget(*, user_id: uuid.UUID) -> int:
    """All that is told of a person's list goes, as its history does; posts and collections stay. How many lines went."""
    return FeedItem.objects.filter(user_id=user_id, anime__isnull=False).delete()[0]


def feed_trim() -> int:
    """Lines older than half a year go, in short transactions. How many."""
    old = FeedItem.objects.filter(updated_at__lt=timezone.now() - KEPT).order_by()
    count = 0
    while keys := list(old.values_list("pk", flat=True)[:CHUNK]):
        count += FeedItem.objects.filter(pk__in=keys).delete()[0]
    return count


def _open_line(user_id: uuid.UUID, anime_id: int, now: datetime) -> FeedItem | None:
    """The line of the sitting that is not over, also one that its owner removed."""
    rows = FeedItem.objects.filter(user_id=user_id, anime_id=anime_id, updated_at__gte=now - SITTING)
    return rows.order_by("-updated_at", "-id").first()


def _made(user_id: uuid.UUID, anime_id: int, parts: Sequence[Part], hidden_at: datetime | None = None) -> FeedItem:
    line = FeedItem(id=uuid7(), user_id=user_id, anime_id=anime_id, hidden_at=hidden_at)
    line.parts = [part.as_json() for part in parts]
    _say(line, parts)
    return line


def _say(line: FeedItem, parts: Sequence[Part]) -> None:
    """The columns of a line, from its parts."""
    told = parts_told(parts)
    line.verb, line.score = told.verb, told.score
    line.first_episode, line.last_episode = told.first_episode, told.last_episode
    line.created_at, line.updated_at = parts[0].at, parts[-1].at


def _store(line: FeedItem) -> None:
    """Write the columns of a line; one that was trimmed meanwhile stays gone."""
    columns = ("verb", "score", "first_episode", "last_episode", "created_at", "updated_at", "parts")
    FeedItem.objects.filter(pk=line.pk).update(**{name: getattr(line, name) for name in columns})


def _cut(line: FeedItem, left: list[Part]) -> None:
    if not left:
        line.delete()
        return
    first, *others = sittings_of(left)
    line.parts = [part.as_json() for part in first]
    _say(line, first)
    _store(line)
    rows = [_made(line.user_id, line.anime_id or 0, parts, line.hidden_at) for parts in others]
    FeedItem.objects.bulk_create(rows)


def _hidden_set(actor: User, line_ids: Collection[uuid.UUID], moment: datetime | None) -> None:
    wanted = set(line_ids)
    if not 0 < len(wanted) <= HIDE_LIMIT:
        raise NotFound()
    with transaction.atomic():
        found = FeedItem.objects.filter(user=actor, pk__in=wanted).update(hidden_at=moment)
        if found < len(wanted):
            raise NotFound()  # and the transaction takes back what was changed
