"""Anime by MAL's genres, themes and demographics, ten a page."""

from dataclasses import dataclass

from catalog.facade import anime_of_mal_label, mal_label_id
from providers.errors import GenreUnknown

SIZE = 10


@dataclass(frozen=True, slots=True)
class GenreAnime:
    """One anime; `name` is English where that is known, `cover` an address or None."""

    anime_id: int
    mal_id: int | None
    name: str
    cover: str | None


@dataclass(frozen=True, slots=True)
class GenrePage:
    """One page; `genre_id` is MAL's number."""

    genre_id: int
    page: int
    has_next: bool
    items: tuple[GenreAnime, ...]


def genre_page(asked: str, *, page: int, adult: bool = False, shows_hidden: bool = False) -> GenrePage:
    """What is filed under a genre's name (in any case) or number, the best rated first. Raises `GenreUnknown`."""
    number = mal_label_id(asked)
    if number is None:
        raise GenreUnknown()
    found = anime_of_mal_label(number, page=page, size=SIZE, adult=adult, shows_hidden=shows_hidden)
    items = tuple(
        GenreAnime(one["id"], one["mal_id"], one["title_english"] or one["title"], one["cover"]) for one in found.rows
    )
    return GenrePage(number, page, found.has_next, items)
