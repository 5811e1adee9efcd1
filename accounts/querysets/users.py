"""Which people somebody may see."""

from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models
from django.db.models import Q

from accounts import relations

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

_PUBLIC = Q(is_active=True, deletion_due_at__isnull=True, erased_at__isnull=True)


def people_shown_filter(viewer: "User | AnonymousUser | None", *, prefix: str) -> Q:
    """For querysets of apps above: the person at `prefix` ("author__") is one of `UserQuerySet.visible_to`, but for blocks,
    which the app asks that knows them. A plain condition on a joined row: the databases stop at the first page of rows,
    where a subquery in an alternative has PostgreSQL read everybody.
    """
    public = Q(**{f"{prefix}{name}": value for name, value in _PUBLIC.children})  # type: ignore[misc]  # pairs alone
    if viewer is None or not viewer.is_authenticated:
        return public
    if viewer.is_staff:
        return Q(**{f"{prefix}pk__isnull": False})  # not Q(): in an alternative that would be no choice at all
    return public | Q(**{f"{prefix}pk": viewer.pk})


class UserQuerySet(models.QuerySet[Any]):
    """Querysets of people; `visible_to` fails closed."""

    def public(self) -> Self:
        """People as a stranger sees them: not suspended, not about to be deleted, not erased."""
        return self.filter(_PUBLIC)

    def visible_to(self, viewer: "User | AnonymousUser | None") -> Self:
        """Whom `viewer` may know to exist: the public without those a block hides, and oneself; staff see everybody.

        What is shown of each is another question: `selectors.users.sees`.
        """
        if viewer is None or not viewer.is_authenticated:
            return self.public()
        if viewer.is_staff:
            return self
        found = self.public() if viewer.is_public else self.filter(_PUBLIC | Q(pk=viewer.pk))
        return cast(Self, relations.without_hidden(found, viewer.pk))
