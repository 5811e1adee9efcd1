"""What is known of the episodes of some anime, in a fixed number of queries, and the verdict on each."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from catalog.facade import (
    AirDays,
    AnimeSpan,
    EpisodeKnown,
    FetchableSource,
    air_days,
    anime_spans,
    episodes_known,
    sources_of_many,
    today_in_tokyo,
)
from downloads.missing.counting import LONGEST_SPAN
from downloads.missing.held import HeldFile, height_of, variants_of
from downloads.missing.hosts import Gate
from downloads.missing.states import FILLABLE, Evidence, GapState, Wish, state_of
from downloads.models import LIVE_STATES, Download, DownloadState, FileState, LibraryFile, VariantFollow

Place = tuple[str, int]
"""(kind, number) of an episode within its anime."""
MOST_EPISODES = 10_000
"""A number of episodes above this is believed to be a mistake."""
LIBRARY = "library:"


@dataclass(frozen=True, slots=True)
class Fetching:
    """A download of an episode. `percent` of the whole, 0–100; `attempts` made so far; `error_code` of the last that failed."""

    id: UUID
    state: str
    variant_kind: str
    variant_language: str
    percent: float
    attempts: int
    error_code: str
    error_detail: str
    path: str
    reaped_at: datetime.datetime | None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES


@dataclass(frozen=True, slots=True)
class EpisodeGap:
    """An episode and how it stands. `files` are all that hold it, in whatever variant; `download` is what is in the queue,
    `failure` the last download when it failed. `sources` counts those of the wanted variant, `variants` are all that
    the sources offer, `hosts` where they are when none of these hosts is allowed.
    """

    anime_id: int
    kind: str
    number: int
    state: GapState
    title: str = ""
    aired_on: datetime.date | None = None
    season: int | None = None
    files: tuple[HeldFile, ...] = ()
    download: Fetching | None = None
    failure: Fetching | None = None
    sources: int = 0
    variants: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()

    @property
    def is_fillable(self) -> bool:
        return self.state in FILLABLE


@dataclass(slots=True)
class AnimeFacts:
    """All that is known of one anime's episodes, by place; downloads oldest first. Of what is gathered for counting alone
    (`tallying`) there are no `episodes`, only `days`, and files tell nothing but that they are there.
    """

    span: AnimeSpan
    today: datetime.date
    gate: Gate
    episodes: Mapping[Place, EpisodeKnown]
    sources: Mapping[Place, list[FetchableSource]]
    days: AirDays
    orders: int = 0
    is_kept: bool = False
    files: dict[Place, list[HeldFile]] = field(default_factory=lambda: defaultdict(list))
    downloads: dict[Place, list[Fetching]] = field(default_factory=lambda: defaultdict(list))
    gone: set[str] = field(default_factory=set)

    def places(self) -> list[Place]:
        """What has a line: regular episodes that are known or held, then whatever else is held, fetched or to be had."""
        count = min(self.span.episode_count or 0, MOST_EPISODES)
        regular = set(range(1, count + 1)) | _numbers(self.episodes) | _numbers(self.files)
        others = {
            place for part in (self.files, self.downloads, self.sources) for place in part if place[0] != "regular"
        }
        return [*(("regular", number) for number in sorted(regular)), *sorted(others)]


def _numbers(places: Iterable[Place]) -> set[int]:
    return {number for kind, number in places if kind == "regular"}


def facts_of_many(anime_ids: Collection[int], *, is_whole: bool = True) -> dict[int, AnimeFacts]:
    """{id: facts} of those that exist and were not merged away; nine queries at most, eight when not `is_whole`: then without the
    rows of episodes and without what is inside the files, for counting alone.
    """
    today, gate = today_in_tokyo(), Gate()
    episodes = episodes_known(anime_ids) if is_whole else {}
    spans, sources = anime_spans(anime_ids), sources_of_many(anime_ids)
    days = air_days(spans.values(), today=today)
    facts = {
        pk: AnimeFacts(span, today, gate, episodes.get(pk, {}), sources.get(pk, {}), days.get(pk, AirDays()))
        for pk, span in spans.items()
    }
    fetched = _downloads_into(facts)
    _files_into(facts, fetched, is_whole=is_whole)
    orders = VariantFollow.objects.filter(anime__in=facts).order_by().values_list("anime_id", flat=True)
    for pk, count in Counter(orders).items():
        facts[pk].orders, facts[pk].is_kept = count, True
    return facts


def _downloads_into(facts: Mapping[int, AnimeFacts]) -> dict[str, tuple[str, str]]:
    """Gives each anime its downloads; {path: variant} of those that became files."""
    fields = (
        "anime_id",
        "episode_kind",
        "episode_number",
        "pk",
        "state",
        "variant_kind",
        "variant_language",
        "percent",
        "attempt",
        "error_code",
        "error_detail",
        "path",
        "reaped_at",
    )
    fetched: dict[str, tuple[str, str]] = {}
    for row in Download.objects.filter(anime__in=facts).order_by("created_at", "pk").values_list(*fields):
        anime_id, kind, number, *rest = row
        one = Fetching(*rest)
        facts[anime_id].downloads[kind, number].append(one)
        facts[anime_id].is_kept = True
        if one.path:
            fetched[one.path] = (one.variant_kind, one.variant_language)
    return fetched


def _files_into(facts: Mapping[int, AnimeFacts], fetched: Mapping[str, tuple[str, str]], *, is_whole: bool) -> None:
    states = (FileState.MATCHED, FileState.GONE) if is_whole else (FileState.MATCHED,)
    rows = LibraryFile.objects.filter(anime__in=facts, state__in=states).order_by(
        "anime", "episode_kind", "first", "pk"
    )
    fields: list[str] = ["pk", "anime_id", "episode_kind", "first", "last"]
    if is_whole:
        fields += ["path", "state", "size", "info", "parsed"]
    for row in rows.values(*fields):
        mine = facts[row["anime_id"]]
        if row.get("state") == FileState.GONE:
            mine.gone.add(LIBRARY + row["path"])
            continue
        mine.is_kept = True
        if row["first"] is None:
            continue
        held = _held(row, fetched, mine.span.language) if is_whole else HeldFile(row["pk"], "", 0, 0, ())
        last = min(row["last"], row["first"] + LONGEST_SPAN - 1)
        for number in range(row["first"], last + 1):
            mine.files[row["episode_kind"], number].append(held)


def _held(row: Mapping[str, Any], fetched: Mapping[str, tuple[str, str]], native: str) -> HeldFile:
    info, parsed = row["info"] or {}, row["parsed"] or {}
    variants = variants_of(info=info, parsed=parsed, fetched=fetched.get(LIBRARY + row["path"]), native=native)
    return HeldFile(row["pk"], row["path"], row["size"], height_of(info, parsed), variants)


def gaps_of(facts: AnimeFacts, wish: Wish) -> list[EpisodeGap]:
    """Every episode of an anime with the verdict on it; no query."""
    return [_gap(facts, place, wish) for place in facts.places()]


def is_held(facts: AnimeFacts, place: Place, wish: Wish) -> bool:
    """Whether a file on disk is what is wanted."""
    files = facts.files.get(place, ())
    return any(not wish.is_strict or any(wish.takes(*variant) for variant in one.variants) for one in files)


def evidence_of(facts: AnimeFacts, place: Place, wish: Wish) -> Evidence:
    """What is known of one episode; no query."""
    known = facts.episodes.get(place)
    aired_on = known.aired_on if known else facts.days.open.get(place[1]) if place[0] == "regular" else None
    fitting = _fitting(facts, place, wish)
    wanted = _wanted(facts, place, wish)
    return Evidence(
        is_present=is_held(facts, place, wish),
        is_live=any(one.is_live for one in fitting),
        has_aired=facts.span.has_aired(place[1], aired_on, newest=facts.days.newest, today=facts.today),
        has_source=bool(wanted),
        has_allowed=any(facts.gate.allows(one.url) for one in wanted),
        has_failed=bool(fitting) and fitting[-1].state == DownloadState.FAILED,
    )


def _fitting(facts: AnimeFacts, place: Place, wish: Wish) -> list[Fetching]:
    """Its downloads that stand for what is wanted, oldest first."""
    return [one for one in facts.downloads.get(place, ()) if wish.counts(one.variant_kind, one.variant_language)]


def _wanted(facts: AnimeFacts, place: Place, wish: Wish) -> list[FetchableSource]:
    return [one for one in facts.sources.get(place, ()) if wish.takes(one.variant_kind, one.language)]


def _gap(facts: AnimeFacts, place: Place, wish: Wish) -> EpisodeGap:
    seen, known = evidence_of(facts, place, wish), facts.episodes.get(place)
    fitting, wanted = _fitting(facts, place, wish), _wanted(facts, place, wish)
    return EpisodeGap(
        anime_id=facts.span.id,
        kind=place[0],
        number=place[1],
        state=state_of(seen),
        title=known.title if known else "",
        aired_on=known.aired_on if known else None,
        season=known.season if known else None,
        files=tuple(facts.files.get(place, ())),
        download=next((one for one in reversed(fitting) if one.is_live), None),
        failure=fitting[-1] if seen.has_failed else None,
        sources=len(wanted),
        variants=tuple(sorted({(one.variant_kind, one.language) for one in facts.sources.get(place, ())})),
        hosts=() if seen.has_allowed else tuple(sorted({_host(one.url) for one in wanted})),
    )


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]
