"""Whose list may be looked at: decided here, once for the API, the pages and the feeds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from accounts.facade import Seen, User, are_friends, person_by_username, sees
from core.errors import NotFound
from lists.models import EntryTag, ListEntry, ListPreferences
from lists.selectors.preferences import preferences_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class SeenList:
    """A person's list as `viewer` may see it. `entries` is without order; scores and tags come with it."""

    owner: User
    seen: Seen
    preferences: ListPreferences
    entries: QuerySet[ListEntry]
    is_own: bool


def get_list(viewer: "Viewer", username: str) -> SeenList:
    """The list of the person of this name in any case.

    Raises `NotFound` for nobody, for a private profile, and for a list its owner shows to others than `viewer` (404, never
    403: that there is something to hide is theirs to tell).
    """
    seen = person_by_username(viewer, username)
    owner = seen.user
    preferences = preferences_of(owner)
    is_own = viewer.is_authenticated and viewer.pk == owner.pk
    circle = preferences.list_visibility
    is_friend = circle == "friends" and viewer.is_authenticated and not is_own and are_friends(viewer.pk, owner.pk)
    if seen.is_private or not sees(viewer, owner, circle, is_friend=is_friend):
        raise NotFound()
    return SeenList(owner, seen, preferences, entries_of(viewer, owner), is_own)


def get_feed(viewer: "Viewer", username: str) -> SeenList:
    """The list of the person of this name, for whoever may also see what they do on it; raises `NotFound` like `get_list`."""
    shown = get_list(viewer, username)
    if not shown.seen.shows_activity:
        raise NotFound()
    return shown


def entries_of(viewer: "Viewer", owner: User) -> QuerySet[ListEntry]:
    """The owner's entries that `viewer` may see, with `score` and the prefetched `tags`. The list's own circle is
    `get_list`'s to check.
    """
    tags = Prefetch("tags", EntryTag.objects.order_by("name"))
    entries = ListEntry.objects.filter(user=owner)
    if not (viewer.is_authenticated and viewer.pk == owner.pk):
        entries = entries.visible_to(viewer)
    return entries.with_score().prefetch_related(tags)
