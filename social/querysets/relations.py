"""Relations of people: which rows concern somebody, and who is at their other end."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

if TYPE_CHECKING:
    from social.models.relations import Block, Friendship  # noqa: F401 — named by the querysets' types


class FriendshipQuerySet(models.QuerySet["Friendship"]):
    """Rows of pairs; `low` is the smaller id of the two."""

    def of(self, user_id: uuid.UUID) -> Self:
        """Those that `user_id` is part of."""
        return self.filter(Q(low=user_id) | Q(high=user_id))

    def between(self, one: uuid.UUID, other: uuid.UUID) -> Self:
        """The one row of this pair, or none."""
        low, high = sorted((one, other))
        return self.filter(low=low, high=high)

    def accepted(self) -> Self:
        """Those of friends."""
        return self.filter(status="accepted")

    def with_other(self, user_id: uuid.UUID) -> Self:
        """Annotates `other_id`: who is at the other end, seen from `user_id`."""
        other = Case(When(low=user_id, then=F("high")), default=F("low"), output_field=models.UUIDField())
        return self.annotate(other_id=other)


class BlockQuerySet(models.QuerySet["Block"]):
    """Blocks count both ways: who blocks and who is blocked do not see each other."""

    def of(self, user_id: uuid.UUID) -> Self:
        """Those that `user_id` made or suffers."""
        return self.filter(Q(blocker=user_id) | Q(blocked=user_id))

    def between(self, one: uuid.UUID, other: uuid.UUID) -> Self:
        """Those that part these two, whoever made them."""
        return self.filter(blocker__in=(one, other), blocked__in=(one, other))

    def hiding(self, outer: str, viewer_id: uuid.UUID) -> Self:
        """For `Exists`: the rows between the viewer and the person whom the outer query calls `outer`."""
        reference = models.OuterRef(outer)
        viewer = Value(viewer_id, output_field=models.UUIDField())
        return self.filter(Q(blocker=viewer, blocked=reference) | Q(blocker=reference, blocked=viewer))
