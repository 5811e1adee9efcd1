"""What every format is mapped to before anything is stored: one record of an anime, one of an episode."""

import datetime
from dataclasses import dataclass, field
from typing import Any


class BadRecord(ValueError):
    """A record that cannot be stored; the text says why, in a few words, for the operator."""


@dataclass(frozen=True, slots=True)
class TitleDraft:
    text: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class LabelDraft:
    """A genre or tag. `category` is a `TagCategory` for tags and "" for genres."""

    name: str
    mal_id: int | None = None
    category: str = ""
    is_adult: bool = False


@dataclass(frozen=True, slots=True)
class StudioDraft:
    name: str
    role: str
    mal_id: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """`value` 0–100, `votes` the number of raters, None when unknown."""

    site: str
    value: float | None
    votes: int | None


@dataclass(frozen=True, slots=True)
class RelationDraft:
    """The anime with `mal_id` is the `kind` of the record's anime."""

    kind: str
    mal_id: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class BroadcastDraft:
    """`site` "" is television; times are aware."""

    site: str
    first_at: datetime.datetime
    ends_at: datetime.datetime | None
    period_days: int = 7


@dataclass(frozen=True, slots=True)
class LinkDraft:
    site: str
    url: str
    regions: tuple[str, ...] = ()


@dataclass(slots=True)
class AnimeRecord:
    """One anime as a source knows it.

    `fields` holds columns of `Anime`; a column that is absent, None or "" is one the source says nothing about. `ids` are
    (site, value) pairs, the strongest identity first. A collection that is None is one that this source never speaks of;
    an empty one says "there are none".
    """

    ids: list[tuple[str, str]]
    fields: dict[str, Any]
    titles: list[TitleDraft] = field(default_factory=list)
    genres: list[LabelDraft] | None = None
    tags: list[LabelDraft] | None = None
    studios: list[StudioDraft] | None = None
    relations: list[RelationDraft] | None = None
    broadcasts: list[BroadcastDraft] | None = None
    scores: list[ScoreDraft] = field(default_factory=list)
    links: list[LinkDraft] = field(default_factory=list)

    @property
    def mal_id(self) -> str | None:
        """The MAL id as text, or None."""
        return next((value for site, value in self.ids if site == "mal"), None)

    @property
    def identity(self) -> tuple[object, ...]:
        """What two records of the same anime share: the MAL id, or where there is none all ids and the title."""
        return ("mal", self.mal_id) if self.mal_id else (*self.ids, self.fields.get("title", ""))


@dataclass(slots=True)
class EpisodeRecord:
    """One episode of the anime with `mal_id`. `fields` are columns of `Episode`; `season` is TheTVDB's season number."""

    mal_id: int
    kind: str
    number: int
    season: int | None
    fields: dict[str, Any]
