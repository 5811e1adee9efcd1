"""The orders of the list of anime, each total (ties fall to the id) and free of NULLs, so that pages by key work."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Expression, F, Func, Q, Value, When
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TREND_DAYS = 200
_PRIME = 999_983
"""A prime that is 2 modulo 3: cubing permutes the remainders, so `random` hardly ever ties."""


@dataclass(frozen=True, slots=True)
class SortContext:
    """What an order may depend on besides the rows: the seed of `random`, the day of `trending`."""

    seed: int
    today: datetime.date


@dataclass(frozen=True, slots=True)
class Sort:
    """`key(descending, context)` is the expression that is ordered by; `is_descending` is the direction people expect."""

    name: str
    label: str | Promise
    key: Callable[[bool, SortContext], Expression | F]
    is_descending: bool = True


def _or_else(field: str, high: str, low: str, output: models.Field) -> Callable[[bool, SortContext], Expression]:
    """`field` with unknown values last in both directions. Literals, not parameters: expression indexes match only those."""

    def key(descending: bool, context: SortContext) -> Expression:
        return Func(F(field), template=f"COALESCE(%(expressions)s, {low if descending else high})", output_field=output)

    return key


def _plain(field: str) -> Callable[[bool, SortContext], F]:
    return lambda descending, context: F(field)


def _trending(descending: bool, context: SortContext) -> Expression:
    """Members, counted a thousandfold for what airs now and began within 200 days."""
    since = context.today - datetime.timedelta(days=TREND_DAYS)
    fresh = Q(status="airing", start_date__gte=since)
    return Case(
        When(fresh, then=Cast("popularity", models.BigIntegerField()) * Value(1000)),
        default=F("popularity"),
        output_field=models.BigIntegerField(),
    )


def _random(descending: bool, context: SortContext) -> Expression:
    """A shuffle that `seed` fixes: a cubic permutation of the ids modulo a prime, the same on both databases."""
    factor, shift = context.seed % 9_973 + 7_919, context.seed % _PRIME
    x = (F("id") % Value(_PRIME) * Value(factor) + Value(shift)) % Value(_PRIME)
    return models.ExpressionWrapper(x * x % Value(_PRIME) * x % Value(_PRIME), output_field=models.BigIntegerField())


_dates = _or_else("start_date", "'9999-12-31'", "'0001-01-01'", models.DateField())

SORTS: dict[str, Sort] = {
    sort.name: sort
    for sort in (
        Sort("popularity", _("Popularity"), _plain("popularity")),
        Sort("trending", _("Trending"), _trending),
        Sort("score", _("Score"), _or_else("score", "101.0", "-1.0", models.FloatField())),
        Sort("newest", _("Newest"), _dates),
        Sort("oldest", _("Oldest"), _dates, is_descending=False),
        Sort("title", _("Title"), _plain("title"), is_descending=False),
        Sort("updated", _("Recently updated"), _plain("updated_at")),
        Sort("added", _("Recently added"), _plain("id")),
        Sort("favourites", _("Favourites"), _plain("favourites")),
        Sort("episodes", _("Episodes"), _or_else("episode_count", "2147483647", "-1", models.BigIntegerField())),
        Sort("duration", _("Length"), _or_else("duration_seconds", "2147483647", "-1", models.BigIntegerField())),
        Sort("random", _("Random"), _random, is_descending=False),
    )
}
DEFAULT_SORT = "popularity"
RELEVANCE = "relevance"
"""The order of a search; only with `q`, where it is the default."""
