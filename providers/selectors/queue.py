"""The review queue: one title of a provider beside the anime that it may be."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.facade import AnimeFacts, AnimeKind, anime_facts, anime_outlines, titles_search
from providers.matching.reasons import reason_told
from providers.models import DECIDED_BY_PEOPLE, MatchState, ProviderTitle

LEAST_CONFIDENCE = 5
"""Candidates below, but the best, are not worth a look."""
SEARCHED = 8
"""How many anime a search by hand offers."""
LISTED_REASONS = 3
"""How many reasons a list of titles has room for."""


@dataclass(frozen=True, slots=True)
class Best:
    """The likeliest anime of a title, with the first reasons for and against it; how likely is the title's `confidence`."""

    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a side. `mark` says how it stands to the provider's: same, near, other, "" where one says nothing."""

    name: str
    value: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One anime beside the title. `confidence` 0–100, None for one that a person looked up."""

    anime: AnimeFacts
    facts: list[Fact]
    confidence: int | None = None
    reasons: tuple[str, ...] = ()
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A title with its own facts and the sides, the best candidate first."""

    title: ProviderTitle
    facts: list[Fact]
    sides: list[Side]


def title_compared(title: ProviderTitle, *, words: str = "") -> Comparison:
    """A title beside its candidates, and beside what `words` find; two or three queries."""
    worth = [one for place, one in enumerate(title.candidates) if not place or one["confidence"] >= LEAST_CONFIDENCE]
    candidates: dict[int, dict[str, Any]] = {int(one["anime_id"]): one for one in worth}
    if title.anime_id is not None:
        candidates = {title.anime_id: candidates.get(title.anime_id, {}), **candidates}
    searched = [hit.anime_id for hit in _searched(words)]
    found = anime_facts([*candidates, *searched])
    sides = [
        Side(
            anime=found[anime_id],
            facts=_facts_beside(title, found[anime_id]),
            confidence=candidates.get(anime_id, {}).get("confidence"),
            reasons=_reasons(candidates.get(anime_id, {})),
            is_chosen=anime_id == title.anime_id,
        )
        for anime_id in dict.fromkeys([*searched, *candidates])
        if anime_id in found
    ]
    return Comparison(title, _own_facts(title), sides)


def bests_of(titles: Collection[ProviderTitle]) -> dict[int, Best]:
    """{title: its best candidate} of those that nobody decided and that have one; one query."""
    waiting = [title for title in titles if title.anime_id is None and title.match_state not in DECIDED_BY_PEOPLE]
    firsts = {title.pk: title.candidates[0] for title in waiting if title.candidates}
    found = anime_outlines({int(one["anime_id"]) for one in firsts.values()})
    return {
        key: Best(found[anime_id].title, _reasons(one)[:LISTED_REASONS])
        for key, one in firsts.items()
        if (anime_id := int(one["anime_id"])) in found
    }


def next_queued(after: ProviderTitle | None = None) -> ProviderTitle | None:
    """The title to decide next: the surest first."""
    waiting = ProviderTitle.objects.filter(match_state=MatchState.QUEUED, gone_at=None)
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
    return waiting.order_by("-confidence", "pk").first()


def _searched(words: str) -> list[Any]:
    if not words.strip():
        return []
    return titles_search(words, limit=SEARCHED, include_adult=True, include_hidden=True)


def _own_facts(title: ProviderTitle) -> list[Fact]:
    return [
        Fact(_("Also called"), _joined(title.alternative_titles)),
        Fact(_("Native title"), title.native_title),
        Fact(_("Type"), _kind_label(title.kind)),
        Fact(_("Year"), _text(title.year)),
        Fact(_("Episodes"), _text(title.episode_count or title.latest_episode)),
        Fact(_("Studios"), _joined(title.studios)),
        Fact(_("Genres"), _joined(title.genres)),
    ]


def _reasons(candidate: dict[str, Any]) -> tuple[str, ...]:
    return tuple(reason_told(str(reason)) for reason in candidate.get("reasons", []))


def _facts_beside(title: ProviderTitle, anime: AnimeFacts) -> list[Fact]:
    episodes = title.episode_count
    return [
        Fact(_("Also called"), _joined(anime.titles[:6])),
        Fact(_("Native title"), anime.native_title, _same(title.native_title, anime.native_title)),
        Fact(_("Type"), _kind_label(anime.kind), _same(title.kind, anime.kind)),
        Fact(_("Year"), _text(anime.year), _near(title.year, anime.year, 1)),
        Fact(_("Episodes"), _text(anime.episode_count), _near(episodes, anime.episode_count, 1)),
        Fact(_("Studios"), _joined(anime.studios), _sharing(title.studios, anime.studios)),
        Fact(_("Genres"), _joined(anime.genres), _sharing(title.genres, anime.genres)),
    ]


def _same(one: str, other: str) -> str:
    if not one or not other:
        return ""
    return "same" if one.casefold() == other.casefold() else "other"


def _near(one: int | None, other: int | None, width: int) -> str:
    if one is None or other is None:
        return ""
    if one == other:
        return "same"
    return "near" if abs(one - other) <= width else "other"


def _sharing(one: Iterable[str], other: Iterable[str]) -> str:
    ours, theirs = ({str(name).casefold() for name in names} for names in (one, other))
    if not ours or not theirs:
        return ""
    return "same" if ours & theirs else "other"


def _joined(names: Iterable[str]) -> str:
    return " · ".join(str(name) for name in names)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _kind_label(kind: str) -> str:
    return str(AnimeKind(kind).label) if kind in AnimeKind.values else ""
