"""The one shape that every media server's message is read into."""

import re
from dataclasses import dataclass
from typing import Any

TITLE_LENGTH = 300
NUMBER_LIMIT = 100_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_YEAR = re.compile(r"\s*\((?P<year>(?:19|20)\d\d)\)\s*$")

SITES = {
    "anidb": "anidb",
    "anilist": "anilist",
    "mal": "mal",
    "myanimelist": "mal",
    "kitsu": "kitsu",
    "shikimori": "shikimori",
    "tvdb": "tvdb",
    "thetvdb": "tvdb",
    "tmdb": "tmdb",
    "themoviedb": "tmdb",
}
"""How servers and their plugins call a site → how the catalogue does. IMDb is not kept there."""
NEVER_OF_EPISODES = frozenset({"anilist", "mal", "shikimori"})
"""Sites without ids of episodes: an id of theirs at an episode is the anime's."""

Ids = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Play:
    """Something played on a media server. `title` is the series' or the film's; `number` counts within `season`.

    `name` is the episode's own, `show` the server's own id of the series or film ("": not told).
    `show_ids` name the anime or its show, `episode_ids` the episode. `share` is the part that was seen (0–100, None: not
    told), `is_over` that the server itself holds it for finished. `length` in seconds.
    """

    event: str
    account: str
    is_film: bool
    title: str
    season: int | None = None
    number: int | None = None
    year: int | None = None
    show_ids: Ids = ()
    episode_ids: Ids = ()
    is_over: bool = False
    share: float | None = None
    length: float | None = None
    name: str = ""
    show: str = ""


def ids_of(raw: Any) -> Ids:
    """`{"Tvdb": "81797", …}` as (site, id) of the sites that the catalogue knows."""
    found: dict[tuple[str, str], None] = {}
    for name, value in raw.items() if isinstance(raw, dict) else ():
        site = SITES.get(str(name).lower())
        text = str(value).strip() if isinstance(value, str | int) else ""
        if site and _ID.fullmatch(text):
            found[site, text] = None
    return tuple(found)


def text_of(value: Any) -> str:
    """A text of a message, trimmed; "" for anything else."""
    return value.replace("\x00", "").strip()[:TITLE_LENGTH] if isinstance(value, str) else ""


def own_id_of(*parts: Any) -> str:
    """What a server calls a series or a film, its server's id first; "" where the last part, the item's, is missing."""
    texts = [str(part) if isinstance(part, int) and not isinstance(part, bool) else text_of(part) for part in parts]
    return "/".join(texts) if texts[-1] else ""


def number_of(value: Any) -> int | None:
    """A whole number of a message, that may be written as a text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value.strip()) <= 6:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= NUMBER_LIMIT:
        return value
    return None


def truth_of(value: Any) -> bool:
    """Templates write "True" where JSON has true."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def share_of(position: Any, whole: Any) -> float | None:
    """Which part of `whole` the `position` is, 0–100; None where one of them is missing."""
    here, end = _amount(position), _amount(whole)
    return min(100.0, 100 * here / end) if here is not None and end else None


def seconds_of(ticks: Any) -> float | None:
    """Ticks of 100 nanoseconds as seconds."""
    amount = _amount(ticks)
    return amount / 10_000_000 if amount else None


def title_split(title: str) -> tuple[str, int | None]:
    """("Title", 2019) of "Title (2019)", as servers write it to tell remakes apart."""
    found = _YEAR.search(title)
    return (title[: found.start()], int(found["year"])) if found and found.start() else (title, None)


def _amount(value: Any) -> float | None:
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:18])
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**18:
        return float(value)
    return None
