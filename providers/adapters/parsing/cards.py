"""Cards of lists: what they link to, a title or one of its episodes, and the series behind an episode's address."""

import re
from collections.abc import Iterable

from providers.adapters.drafts import Card
from providers.adapters.parsing.links import Links, path_parts, slug_after, slug_quoted, slug_read
from providers.adapters.parsing.titles import title_clean, title_without_episode

MAX_CARDS = 500
MAX_LOOKED_AT = 2_000
"""How many pieces of a list are read, cards or not."""
_EPISODE_END = re.compile(r"-(?:episode|ep)(?:-[^/]*)?$")
_FILM_END = re.compile(r"-movie(?:-[^/]*)?$")


def series_of(url: str, links: Links, *, folders: tuple[str, ...]) -> tuple[str, str, bool]:
    """(slug, address, whether the link was an episode's) of the title that an address is about; ("", "", False) for genres
    and all else. "nonton-x-episode-7" and "x-episode-7" are about "x", whose page is in the first of `folders`.
    """
    for folder in folders:
        if slug := slug_after(url, folder):
            return slug, url.partition("?")[0], False
    parts = path_parts(url)
    if len(parts) != 1:
        return "", "", False
    name = slug_read(parts[0].removeprefix("nonton-"))
    shorter = _cut(name, _EPISODE_END, "-ep") or _cut(name, _FILM_END, "-movie")
    return (shorter, f"{links.origin}/{folders[0]}/{slug_quoted(shorter)}/", True) if shorter else ("", "", False)


def card_title(text: str, *, is_episode: bool) -> str:
    """The title of the work on a card."""
    return title_without_episode(text) if is_episode else title_clean(text)


def cards_once(cards: Iterable[Card | None]) -> tuple[Card, ...]:
    """Each slug once, the first of it, in order."""
    once: dict[str, Card] = {}
    for card in cards:
        if card:
            once.setdefault(card.slug, card)
    return tuple(once.values())[:MAX_CARDS]


def _cut(name: str, end: re.Pattern[str], mark: str) -> str:
    """The name before the last `mark`, where what follows it is an `end`."""
    at = name.rfind(mark)
    return name[:at] if at > 0 and end.fullmatch(name, at) else ""
