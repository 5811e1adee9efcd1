"""What apps above may tell others of somebody's list: not what is private, was removed since, or stands on a closed list."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.facade import Visibility
from lists.models import ActivityKind, ListActivity, ListEntry, ListPreferences
from lists.models import Collection as ListCollection

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser


def removals_since(moment: str) -> QuerySet[ListActivity]:
    """For `Exists`: the anime of the outer row (`user_id`, `anime_id`) left the list at its `moment` or later, not undone."""
    return ListActivity.objects.filter(
        user_id=OuterRef("user_id"),
        anime_id=OuterRef("anime_id"),
        kind=ActivityKind.REMOVED,
        undone_at__isnull=True,
        created_at__gte=OuterRef(moment),
    )


def list_lines_filter(viewer: "Viewer", *, friend_ids: Collection[uuid.UUID], moment: str) -> Q:
    """For querysets whose rows tell what `user` did with `anime` up to `moment`: those that may still be told to `viewer`.

    Not of entries that are private now, nor what happened before the anime left the list; and only of lists whose owner
    shows them to the viewer (`friend_ids`: the viewer's friends). Whether that person shows what they do at all is
    another question. Anime that the viewer may not see are the catalogue's to hide.
    """
    entry = ListEntry.objects.filter(user_id=OuterRef("user_id"), anime_id=OuterRef("anime_id"), is_private=True)
    told = ~Q(Exists(entry)) & ~Q(Exists(removals_since(moment)))
    if viewer.is_authenticated and viewer.is_staff:
        return told
    closed = Q(list_visibility=Visibility.NOBODY) | (
        Q(list_visibility=Visibility.FRIENDS) & ~Q(user_id__in=list(friend_ids))
    )
    shut = ListPreferences.objects.filter(closed, user_id=OuterRef("user_id"))
    if viewer.is_authenticated:
        shut = shut.exclude(user_id=viewer.pk)
    return told & ~Q(Exists(shut))


def collections_visible(viewer: "Viewer") -> QuerySet[ListCollection]:
    """Collections that their address opens to the viewer, without order."""
    return ListCollection.objects.visible_to(viewer).order_by()


def collections_listed(viewer: "Viewer") -> QuerySet[ListCollection]:
    """Public collections of people whom the viewer may see, without order."""
    return ListCollection.objects.listed_to(viewer).order_by()
