"""Jikan's pages of episodes to facts."""

import datetime
from dataclasses import dataclass
from typing import Any

from catalog.facade import BadRecord, cleaning

LARGEST_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """What MAL says of one episode; `number` is MAL's. `aired_on` is the day in Tokyo."""

    number: int
    title: str = ""
    title_native: str = ""
    title_romaji: str = ""
    aired_on: datetime.date | None = None
    is_filler: bool = False
    is_recap: bool = False


def episodes_page(answer: Any) -> tuple[list[dict[str, Any]], bool]:
    """The items of one page and whether another follows; raises `BadRecord` when it is none.

    "has_next_page" alone is not believed: it is true on the last page too.
    """
    page = cleaning.dict_of(answer)
    if not isinstance(page.get("data"), list):
        raise BadRecord("no list of episodes")
    pagination = cleaning.dict_of(page.get("pagination"))
    return cleaning.items_of(page["data"]), pagination.get("has_next_page") is True


def episodes_map(items: Any) -> list[EpisodeFacts]:
    """Each number once, in order; items without a number are left out."""
    found: dict[int, EpisodeFacts] = {}
    for item in cleaning.items_of(items):
        if number := cleaning.count_of(item.get("mal_id"), LARGEST_NUMBER):
            found.setdefault(
                number,
                EpisodeFacts(
                    number=number,
                    title=cleaning.text_of(item.get("title")),
                    title_native=cleaning.text_of(item.get("title_japanese")),
                    title_romaji=cleaning.text_of(item.get("title_romanji")),
                    aired_on=cleaning.date_of(item.get("aired")),
                    is_filler=item.get("filler") is True,
                    is_recap=item.get("recap") is True,
                ),
            )
    return [found[number] for number in sorted(found)]
