"""What adapters make of pages: plain facts about titles and episodes as one provider tells them. Nothing here is stored."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Card:
    """A title in a list (home, search). `slug` names it at this provider for ever; `episode` is the newest one told there.

    `kind` and `status` are values of `AnimeKind` and `AnimeStatus`, "" where the list says nothing.
    """

    slug: str
    title: str
    url: str
    cover_url: str = ""
    kind: str = ""
    status: str = ""
    episode: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page of a list; `has_next` when the provider links to another."""

    cards: tuple[Card, ...] = ()
    has_next: bool = False


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """One entry of an episode list. `first` and `last` are the provider's own numbers (equal for one episode, a range for
    "Episode 01-12" and batches); both None for a film or a special that it does not count.

    `season` is the provider's season where it counts in seasons (0: films and extras). `variants` are (kind, language)
    pairs of `TranslationKind` and BCP 47 that the list itself tells; empty: the provider's own default holds.
    """

    label: str
    url: str
    first: int | None = None
    last: int | None = None
    season: int | None = None
    title: str = ""
    released_on: datetime.date | None = None
    is_batch: bool = False
    variants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MirrorDraft:
    """One way to play an episode: `kind` is a `SourceKind` (embed, hls, mp4, local), `quality` pixels of height (0 unknown).

    A local file has `path` ("library:Show/01.mkv") and no `url`.
    """

    label: str
    url: str = ""
    path: str = ""
    kind: str = "embed"
    quality: int = 0
    variant: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """All that the page of a title says. Texts are plain (no markup), empty where it says nothing; `score` is 0–100.

    `kind` and `status` as in `Card`; `episode_count` is the announced count, not how many are listed. `genres` are the
    provider's own words. `episodes` is the list when it stands on the same page, else None (ask `episodes`).
    `more_urls` are further pages that hold parts of the list (seasons).
    """

    slug: str
    title: str
    url: str
    alternative_titles: tuple[str, ...] = ()
    native_title: str = ""
    english_title: str = ""
    cover_url: str = ""
    synopsis: str = ""
    kind: str = ""
    status: str = ""
    year: int | None = None
    released_on: datetime.date | None = None
    duration_seconds: int | None = None
    episode_count: int | None = None
    score: float | None = None
    genres: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    episodes: tuple[EpisodeDraft, ...] | None = None
    more_urls: tuple[str, ...] = field(default=())
