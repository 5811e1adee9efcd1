"""The missing board: catalogue × disk × providers.

An anime is kept when the library has a file of it, a download or a standing order; the board lists those, a search any anime.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.facade import titles_search
from core.errors import NotFound
from downloads.configuration.store import configuration
from downloads.missing.counting import Counted, counted
from downloads.missing.gathering import EpisodeGap, facts_of_many, gaps_of
from downloads.missing.states import GapState, Wish
from downloads.missing.tallying import downloads_beyond, reasons_of

FOUND = 100
"""Anime that a search lists at most."""


@dataclass(frozen=True, slots=True)
class AnimeGaps:
    """One line of the board: regular episodes alone. `present` + `missing` = `known`, and `reasons` (state → episodes, no
    zeros, never `present`) add up to `missing`. `orders` counts its standing orders. `changed_at` is when a file was first
    seen, a download asked for or an order set; None for an anime that is not kept.
    """

    anime_id: int
    title: str
    is_kept: bool
    known: int
    present: int
    missing: int
    reasons: dict[GapState, int]
    orders: int
    changed_at: datetime.datetime | None

    @property
    def fillable(self) -> int:
        """Episodes that could be fetched now."""
        return self.reasons.get(GapState.READY, 0) + self.reasons.get(GapState.FAILED, 0)


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the board; `count` is of all its pages."""

    rows: tuple[AnimeGaps, ...]
    count: int


def wish_usual() -> Wish:
    """What is wanted where nobody says: the operator's variant and language, and whatever is there will do."""
    values = configuration()
    return Wish(values.variant, values.language)


def board(
    page: int,
    page_size: int,
    *,
    search: str = "",
    sort: str = "missing",
    order: str = "desc",
    only_missing: bool = False,
    shows_hidden: bool = True,
) -> Board:
    """A page (from 1) of the kept anime, or of the anime that `search` finds, kept or not.

    `sort` is name, missing or updated_at; `order` asc or desc. At most ten queries.
    """
    ids = None
    if search:
        ids = [
            hit.anime_id for hit in titles_search(search, limit=FOUND, include_adult=True, include_hidden=shows_hidden)
        ]
    found, count = counted(
        limit=page_size,
        offset=(page - 1) * page_size,
        sort=sort,
        is_descending=order == "desc",
        only_missing=only_missing,
        anime_ids=ids,
        shows_hidden=shows_hidden,
    )
    return Board(tuple(_rows(found)), count)


def anime_gaps(anime_id: int, *, shows_hidden: bool = True) -> AnimeGaps:
    """The line of one anime, kept or not; at most ten queries. Raises `NotFound` for an anime that there is not."""
    found, _count = counted(limit=1, anime_ids=[anime_id], shows_hidden=shows_hidden)
    if not found:
        raise NotFound()
    return _rows(found)[0]


def _rows(found: Sequence[Counted]) -> list[AnimeGaps]:
    facts = facts_of_many([one.anime_id for one in found], is_whole=False)
    wish, beyond = wish_usual(), downloads_beyond(facts.values())
    return [
        AnimeGaps(
            anime_id=one.anime_id,
            title=one.title,
            is_kept=facts[one.anime_id].is_kept,
            known=one.known,
            present=one.present,
            missing=one.missing,
            reasons=reasons_of(facts[one.anime_id], one.missing, wish, beyond=beyond),
            orders=facts[one.anime_id].orders,
            changed_at=one.changed_at,
        )
        for one in found
        if one.anime_id in facts
    ]


def episode_gaps(anime_id: int, wish: Wish | None = None) -> list[EpisodeGap]:
    """Every regular episode that the catalogue knows or a file holds, and what else of the anime has a file, a download or a
    source; regular ones first, by number. `wish` None: what is usual.

    At most nine queries. Raises `NotFound` for an anime that there is not.
    """
    facts = facts_of_many([anime_id])
    if anime_id not in facts:
        raise NotFound()
    return gaps_of(facts[anime_id], wish or wish_usual())
