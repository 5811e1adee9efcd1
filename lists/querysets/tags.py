"""Tags of entries by what makes them one: their letters, not their case."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, F, Min, Q, When

from lists.tag_keys import tag_key

if TYPE_CHECKING:
    from lists.models.entries import EntryTag


class EntryTagQuerySet(models.QuerySet["EntryTag"]):
    """Whose tags may be seen decides whoever gives the entries."""

    def called(self, name: str) -> Self:
        """Those of one folder, in whatever case it is asked for."""
        return self.filter(Q(key=tag_key(name)) | Q(key="", name=name))

    def folders(self, *, is_largest_first: bool = False) -> "models.QuerySet[EntryTag, tuple[str, int]]":
        """(spelling, how many carry it) of each folder, by its spelling, or the largest before; one query."""
        kept = Case(When(key="", then=F("name")), default=F("key"))
        found = self.order_by().annotate(folder=kept).values("folder").annotate(spelling=Min("name"), count=Count("pk"))
        order = ("-count", "spelling") if is_largest_first else ("spelling",)
        return found.order_by(*order).values_list("spelling", "count")
