"""Genres, themes and demographics as MyAnimeList numbers them, and what is filed under one of them."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import F, Q

from catalog.models import Anime, Genre, Tag
from catalog.selectors.anime import cards_of
from core.generation_memo import GenerationMemo

RETIRED = {
    "cars": 3,
    "dementia": 5,
    "demons": 6,
    "game": 11,
    "magic": 16,
    "police": 39,
    "shoujo ai": 26,
    "shounen ai": 28,
    "super power": 31,
    "thriller": 41,
}
"""Names that MyAnimeList gave up or changed, with the numbers they had; the catalogue's own names come first."""

_labels: GenerationMemo[dict[str, int]] = GenerationMemo(size=1)
_ranked: GenerationMemo[list[int]] = GenerationMemo(size=128)


def mal_label_id(asked: str) -> int | None:
    """The number of a genre, theme or demographic by its name in any case ("slice of life", "slice-of-life") or its number;
    None when there is none.
    """
    known = _labels.get("names", _read_labels)
    text = " ".join(asked.replace("-", " ").casefold().split())
    if text.isascii() and text.isdigit():
        number = int(text[:9]) if text == asked.strip() else 0
        return number if number in known.values() else None
    return known.get(text)


def _read_labels() -> dict[str, int]:
    names = dict(RETIRED)
    for model in (Tag, Genre):
        rows = model._default_manager.filter(mal_id__isnull=False).values_list("name", "mal_id")
        names |= {name.replace("-", " ").casefold(): number for name, number in rows if number is not None}
    return names


@dataclass(frozen=True, slots=True)
class LabelPage:
    """Some of what is filed under a label: `id`, `mal_id`, `title`, `title_english`, `cover`. `has_next`: there is more."""

    rows: list[dict[str, Any]]
    has_next: bool


def anime_of_mal_label(
    mal_id: int, *, page: int, size: int, adult: bool = False, shows_hidden: bool = False
) -> LabelPage:
    """A page of a label, the best rated first, what has no score last. Two queries, three when it was not ranked yet.

    `cover` is an address elsewhere (MAL's), for API clients: the site itself never loads it.
    """
    key = (mal_id, adult, shows_hidden)
    ids = _ranked.get(key, lambda: _rank(mal_id, adult=adult, shows_hidden=shows_hidden))
    begin = (page - 1) * size
    wanted = ids[begin : begin + size]
    cards = {pk: orjson.loads(card) for pk, card in cards_of(wanted).items()}
    covers = dict(Anime.objects.filter(pk__in=wanted).values_list("pk", "poster_url"))
    rows = [
        {
            **{name: cards[pk][name] for name in ("id", "mal_id", "title", "title_english")},
            "cover": covers[pk] or None,
        }
        for pk in wanted
        if pk in cards
    ]
    return LabelPage(rows, begin + size < len(ids))


def _rank(mal_id: int, *, adult: bool, shows_hidden: bool) -> list[int]:
    rows = Anime.objects.listed(shows_hidden=shows_hidden).filter(
        Q(pk__in=Anime.genres.through.objects.filter(genre__mal_id=mal_id).values("anime_id"))
        | Q(pk__in=Tag.objects.filter(mal_id=mal_id).values("anime_tags__anime_id")),
        document__isnull=False,
    )
    if not adult:
        rows = rows.filter(is_adult=False)
    return list(rows.order_by(F("score").desc(nulls_last=True), "-popularity", "pk").values_list("pk", flat=True))
