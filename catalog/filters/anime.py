"""`AnimeFilters`: what a query string asks of the list of anime, checked, for one viewer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facade import sees_adult, sees_hidden
from catalog.errors import AdultNotAllowed
from catalog.filters.base import Chip, Errors, Filter, single_value
from catalog.filters.registry import filters
from catalog.filters.sorts import DEFAULT_SORT, RELEVANCE, SORTS, SortContext
from catalog.search import titles_search
from core.errors import UnknownFilter, ValidationFailed

if TYPE_CHECKING:
    from catalog.filters.base import Viewer
    from catalog.models import Anime
    from catalog.querysets.anime import AnimeQuerySet

PAGING = frozenset({"page", "page_size", "cursor"})
COMMON = ("q", "adult", "sort", "order", "seed")
ADULT = ("false", "true", "only")
MAX_MATCHES = 500
"""How many anime a search inside the list considers."""


@dataclass(frozen=True)
class AnimeFilters:
    """A checked set of filters. Equal ones select the same rows at the same time; `viewer` only matters to personal ones.

    `values` pairs the position of a filter in `filters()` with its value. `adult` is "false", "true" or "only".
    """

    q: str
    adult: str
    sort: str
    is_descending: bool
    seed: int
    today: Any
    shows_hidden: bool
    values: tuple[tuple[int, Any], ...]
    viewer: Viewer = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, params: QueryDict, user: Viewer = None, *, extra: frozenset[str] = PAGING) -> AnimeFilters:
        """Read a query string. `extra` names the parameters that are allowed besides the filters.

        Raises `UnknownFilter` (400), `ValidationFailed` (422), `AdultNotAllowed` (403).
        """
        given = frozenset(params)
        if unknown := sorted(given - parameters() - extra):
            raise UnknownFilter(", ".join(unknown)[:200])
        errors: Errors = {}
        values = []
        for position, item in enumerate(filters()):
            if given.isdisjoint(item.parameters):
                continue
            value = item.parse(params, errors)
            if value is not None:
                values.append((position, value))
                if item.is_personal and not (user is not None and user.is_authenticated):
                    errors.setdefault(item.parameters[0], []).append(_("Sign in to use this filter."))
        q = single_value(params, "q", errors)
        adult = _one_of(params, "adult", ADULT, "false", errors)
        sort = _one_of(params, "sort", (*SORTS, RELEVANCE), RELEVANCE if q else DEFAULT_SORT, errors)
        if sort == RELEVANCE and not q:
            errors.setdefault("sort", []).append(_("“relevance” needs “q”."))
        natural = sort == RELEVANCE or SORTS[sort].is_descending if "sort" not in errors else True
        order = _one_of(params, "order", ("asc", "desc"), "desc" if natural else "asc", errors)
        today = timezone.now().date()
        seed = _seed(params, today.toordinal(), errors)
        if errors:
            raise ValidationFailed(errors)
        if adult != "false" and not (user is not None and sees_adult(user)):
            raise AdultNotAllowed()
        shows_hidden = user is not None and sees_hidden(user)
        return cls(q, adult, sort, order == "desc", seed, today, shows_hidden, tuple(values), user)

    @property
    def is_personal(self) -> bool:
        """Whether the answer is this viewer's alone."""
        known = filters()
        return any(known[position].is_personal for position, _value in self.values)

    @cached_property
    def matches(self) -> list[int]:
        """Ids that `q` finds, best first; empty without `q`."""
        if not self.q:
            return []
        hits = titles_search(
            self.q, limit=MAX_MATCHES, include_adult=self.adult != "false", include_hidden=self.shows_hidden
        )
        return [hit.anime_id for hit in hits]

    def apply(self, queryset: AnimeQuerySet) -> QuerySet[Anime]:
        """`queryset` narrowed to what the viewer may see and asked for, not ordered."""
        queryset = queryset.listed(shows_hidden=self.shows_hidden)
        if self.adult != "true":
            queryset = queryset.filter(is_adult=self.adult == "only")
        if self.q:
            queryset = queryset.filter(pk__in=self.matches)
        known, condition = filters(), Q()
        for position, value in self.values:
            condition &= known[position].condition(value, self.viewer)
        return queryset.filter(condition) if condition else queryset

    def ordered(self, queryset: QuerySet[Anime]) -> QuerySet[Anime]:
        """`queryset` with `sort_key` and in order; not for `relevance`, whose order is that of `matches`."""
        sign = "-" if self.is_descending else ""
        key = SORTS[self.sort].key(self.is_descending, SortContext(self.seed, self.today))
        return queryset.annotate(sort_key=key).order_by(f"{sign}sort_key", f"{sign}id")

    def keyed(self, queryset: AnimeQuerySet) -> QuerySet[Anime, Any]:
        """(`sort_key`, id) of the rows that are let through, in order."""
        columns: Any = ("sort_key", "id")  # an annotation, which the type checker cannot know
        return self.ordered(self.apply(queryset)).values_list(*columns)

    def chips(self) -> list[Chip]:
        """What is narrowed, in the order of the filters; sorts and pages are no chips."""
        known = filters()
        found = [Chip("q", self.q, f"“{self.q}”")] if self.q else []
        found += [chip for position, value in self.values for chip in known[position].chips(value)]
        if self.adult != "false":
            found.append(Chip("adult", self.adult, str(_("Adult only") if self.adult == "only" else _("With adult"))))
        return found


def parameters() -> frozenset[str]:
    """The names of all filters and orders."""
    return _names(filters())


@lru_cache(maxsize=4)
def _names(known: tuple[Filter, ...]) -> frozenset[str]:
    return frozenset(COMMON).union(*(item.parameters for item in known))


def _one_of(params: QueryDict, name: str, known: tuple[str, ...], default: str, errors: Errors) -> str:
    value = single_value(params, name, errors) or default
    if value not in known:
        errors.setdefault(name, []).append(_("One of: %(known)s.") % {"known": ", ".join(known)})
    return value


def _seed(params: QueryDict, default: int, errors: Errors) -> int:
    raw = single_value(params, "seed", errors)
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        errors.setdefault("seed", []).append(_("A whole number of at most nine digits."))
        return default
    return int(raw)
