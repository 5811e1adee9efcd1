"""What happened on somebody's list, the latest first: to its owner, and as a feed to whom they show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.facade import User
from catalog.facade import anime_adult_filter, anime_cards, anime_visible_filter
from core.api.pagination import keyset_page
from lists.models import ActivityKind, ChangeSource, ListActivity, ListEntry
from lists.selectors.told import removals_since
from lists.services.states import FIELDS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

ORDER = ("-created_at", "-id")
SHOWN_FIELDS = ("status", "score", "episodes_watched", "rewatch_count", "is_favourite")
"""What others read of a change; notes, dates and tags are the owner's own."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One change. `changes` is {field of `EntryState`: (before, after)}; `card` None where the catalogue hides the anime."""

    activity: ListActivity
    changes: Mapping[str, tuple[Any, Any]]
    card: dict[str, Any] | None
    title: str


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """A page of history; `next` and `previous` are cursors for `before`, None at the ends."""

    rows: list[ActivityRow]
    next: str | None
    previous: str | None


def activities_of(
    user: User, *, before: str | None = None, limit: int = 50, anime_id: int | None = None
) -> ActivityPage:
    """The user's own history, undone changes too. `before` is a cursor of another page. Two queries."""
    found = ListActivity.objects.filter(user=user)
    if anime_id is not None:
        found = found.filter(anime_id=anime_id)
    return _page(user, found, FIELDS, before, limit)


def activities_shown(viewer: "Viewer", owner: User, *, before: str | None = None, limit: int = 50) -> ActivityPage:
    """The owner's history as others see it; whether they may at all is decided in `lists.access.get_feed`.

    Without imports, removals, undone changes and what only concerns the owner; without entries that are private, gone,
    or were gone in the meantime, what happened while they were private, and adult titles nobody asked for.
    """
    told = ListActivity.objects.filter(user=owner, undone_at__isnull=True, was_public=True)
    rows = told.filter(changes__has_any_keys=list(SHOWN_FIELDS))
    rows = rows.exclude(source=ChangeSource.IMPORT).exclude(kind=ActivityKind.REMOVED)
    rows = rows.filter(anime_visible_filter(viewer, prefix="anime__"), anime_adult_filter(viewer, prefix="anime__"))
    same = {"user_id": OuterRef("user_id"), "anime_id": OuterRef("anime_id")}
    entry = ListEntry.objects.filter(**same, is_private=False)
    # What was said of an anime before it left the list stays between its owner and us, also when it comes back.
    rows = rows.filter(Exists(entry), ~Exists(removals_since("created_at")))
    return _page(viewer, rows, SHOWN_FIELDS, before, limit)


def _page(
    viewer: "Viewer", rows: QuerySet[ListActivity], fields: tuple[str, ...], before: str | None, limit: int
) -> ActivityPage:
    page = keyset_page(rows.annotate(anime_title=F("anime__title")), fields=ORDER, cursor=before, size=limit)
    cards = anime_cards(viewer, sorted({row.anime_id for row in page.rows}))
    found = [
        ActivityRow(
            activity=row,
            changes={name: (row.changes[name][0], row.changes[name][1]) for name in fields if name in row.changes},
            card=cards.get(row.anime_id),
            title=row.anime_title,
        )
        for row in page.rows
    ]
    return ActivityPage(found, page.next, page.previous)
