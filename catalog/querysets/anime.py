"""Which anime a person may see."""

from typing import TYPE_CHECKING, Self

from django.db import models

from catalog.importing.precedence import STUB

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class AnimeQuerySet(models.QuerySet["catalog.models.Anime"]):  # type: ignore[name-defined]
    """Querysets of anime; `visible_to` fails closed."""

    def public(self) -> Self:
        """What an anonymous visitor may see listed: not hidden, not merged away, and no stub that only somebody's list
        knows of (`catalog.services.stubs`).
        """
        return self.exclude(visibility="hidden").exclude(origin=STUB).filter(merged_into__isnull=True)

    def listed(self, *, shows_hidden: bool) -> Self:
        """What is listed: `public`, or with hidden rows and stubs all but what was merged away."""
        return self.filter(merged_into__isnull=True) if shows_hidden else self.public()

    def visible_to(self, user: "User | AnonymousUser | None") -> Self:
        """What `user` may see listed: testers and admins also see hidden rows (reference: GET /anime/:id) and stubs."""
        from accounts.facade import sees_hidden

        return self.listed(shows_hidden=user is not None and sees_hidden(user))
