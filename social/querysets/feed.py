"""Lines of the feed: which of them may be told to somebody."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.facade import Visibility, people_visible
from catalog.facade import anime_adult_filter, anime_visible_filter
from lists.facade import collection_listed_filter, list_lines_filter
from social.querysets.posts import post_stands_filter

if TYPE_CHECKING:
    from social.models.feed import FeedItem  # noqa: F401 — named by the queryset's type

_EVERYBODY = {"activity_visibility": Visibility.EVERYONE, "profile_visibility": Visibility.EVERYONE}
_FRIENDS = {
    "activity_visibility__in": (Visibility.EVERYONE, Visibility.FRIENDS),
    "profile_visibility__in": (Visibility.EVERYONE, Visibility.FRIENDS),
}


def shown_to_everybody() -> Q:
    """For querysets of people: those who show everybody what they do."""
    return Q(**_EVERYBODY)


def shown_to_friends() -> Q:
    """For querysets of people: those who show it at least to friends."""
    return Q(**_FRIENDS)


class FeedItemQuerySet(models.QuerySet["FeedItem"]):
    """`told_to` decides about lines; `of_everybody` about the people whose lines they are."""

    def told(self) -> Self:
        """Lines that say something: not removed by their owner, nor emptied by what was put right since."""
        empty = Q(verb="rated", score=None) | Q(verb="watched", last_episode=None)
        return self.filter(hidden_at=None).exclude(empty)

    def told_to(self, viewer: Any, *, friend_ids: Collection[uuid.UUID]) -> Self:
        """Those of what `viewer` may see: anime, posts and collections of today's rights, lists that are shown to them.

        Whether the viewer sees the people, and what they do, is the caller's to check: they wrote the posts and own the
        collections that their lines are about. So all of this is plain conditions on rows that a page reads anyway.
        """
        anime = anime_visible_filter(viewer, prefix="anime__") & anime_adult_filter(viewer, prefix="anime__")
        listed = Q(anime__isnull=False) & anime & list_lines_filter(viewer, friend_ids=friend_ids, moment="updated_at")
        said = Q(post__isnull=False) & post_stands_filter(viewer, prefix="post__")
        return self.told().filter(listed | said | collection_listed_filter(prefix="collection__"))

    def of_everybody(self, viewer: Any) -> Self:
        """Lines of people whom the viewer may see and who show everybody what they do."""
        people = people_visible(viewer).filter(
            shown_to_everybody(), is_active=True, deletion_due_at=None, pk=OuterRef("user_id")
        )
        return self.filter(Exists(people.order_by()))
