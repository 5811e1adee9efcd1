"""All that the documents of a batch of anime are built from, loaded in a constant number of queries."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from catalog.models import (
    DESCRIBED_FIELDS,
    Anime,
    AnimeStudio,
    AnimeTag,
    BroadcastRule,
    Episode,
    EpisodeKind,
    EpisodeSource,
    ExternalId,
    ExternalScore,
    OfficialLink,
    Relation,
    SourceHealth,
    StudioRole,
    SubtitleTrack,
    Title,
    Translation,
    Visibility,
)
from catalog.querysets.links import OPENABLE
from core.models import StoredImage

ANIME_FIELDS = (
    "id",
    *DESCRIBED_FIELDS,
    "score",
    "votes",
    "popularity",
    "favourites",
    "poster_id",
    "banner_id",
    "poster_url",
    "banner_url",
    "trailer_url",
    "colour",
    "visibility",
    "moderation_reason",
    "external_scores_synced_at",
    "created_at",
    "updated_at",
)
STUDIO_ORDER = {StudioRole.STUDIO.value: 0, StudioRole.PRODUCER.value: 1, StudioRole.LICENSOR.value: 2}
IMAGE_FIELDS = ("id", "width", "height", "variants", "colour", "placeholder")


@dataclass(slots=True)
class EpisodeFacts:
    """An episode that can be played: its translations and the languages heard and read in it."""

    number: int
    translation_ids: set[int | None] = field(default_factory=set)
    audio: set[str] = field(default_factory=set)
    subtitles: set[str] = field(default_factory=set)


@dataclass(slots=True)
class AnimeFacts:
    """One anime with everything that its card and detail show."""

    values: dict[str, Any]
    poster: dict[str, Any] | None = None
    banner: dict[str, Any] | None = None
    titles: list[tuple[str, str, str]] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    scores: dict[str, tuple[float | None, int | None]] = field(default_factory=dict)
    genres: list[tuple[int, str, str]] = field(default_factory=list)
    tags: list[tuple[int, str, str, str, int, bool]] = field(default_factory=list)
    studios: list[tuple[int, str, str, str]] = field(default_factory=list)
    relations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    broadcasts: list[tuple[str, datetime.datetime, datetime.datetime | None, int, str, int]] = field(
        default_factory=list
    )
    links: list[tuple[str, str, list[str]]] = field(default_factory=list)
    latest: tuple[int, datetime.date, str] | None = None
    next: tuple[int, datetime.date] | None = None
    listed: int = 0
    playable: dict[int, EpisodeFacts] = field(default_factory=dict)
    translations: dict[int, tuple[str, str, str, str]] = field(default_factory=dict)


def facts_load(anime_ids: Collection[int]) -> list[AnimeFacts]:
    """The facts of each anime that exists and is not merged away; 17 queries, whatever their number."""
    rows = list(Anime.objects.filter(pk__in=anime_ids, merged_into=None).values(*ANIME_FIELDS))
    found = {row["id"]: AnimeFacts(row) for row in rows}
    if found:
        _load_images(found.values())
        _load_names(found)
        _load_labels(found)
        _load_relations(found)
        _load_schedule(found)
        _load_episodes(found)
        _load_sources(found)
    return list(found.values())


def _load_images(facts: Iterable[AnimeFacts]) -> None:
    wanted = {key for fact in facts for key in (fact.values["poster_id"], fact.values["banner_id"]) if key}
    images = {row["id"]: row for row in StoredImage.objects.filter(pk__in=wanted).values(*IMAGE_FIELDS)}
    for fact in facts:
        fact.poster, fact.banner = images.get(fact.values["poster_id"]), images.get(fact.values["banner_id"])


def _load_names(found: dict[int, AnimeFacts]) -> None:
    keys = list(found)
    titles = Title.objects.filter(anime_id__in=keys).order_by("position", "pk")
    for key, text, language, kind in titles.values_list("anime_id", "text", "language", "kind"):
        found[key].titles.append((text, language, kind))
    for key, site, identifier in (
        ExternalId.objects.filter(anime_id__in=keys).order_by("pk").values_list("anime_id", "site", "value")
    ):
        found[key].ids[site].append(identifier)
    for key, site, value, votes in ExternalScore.objects.filter(anime_id__in=keys).values_list(
        "anime_id", "site", "value", "votes"
    ):
        found[key].scores[site] = (value, votes)


def _load_labels(found: dict[int, AnimeFacts]) -> None:
    """Sorted here, not in SQL: an ORDER BY over a joined table makes SQLite walk that whole table for every batch."""
    keys = list(found)
    genres = Anime.genres.through._base_manager.filter(anime_id__in=keys)
    for key, pk, name, slug in genres.values_list("anime_id", "genre_id", "genre__name", "genre__slug"):
        found[key].genres.append((pk, name, slug))
    tags = AnimeTag.objects.filter(anime_id__in=keys).order_by()
    for key, pk, name, slug, category, rank, is_spoiler in tags.values_list(
        "anime_id", "tag_id", "tag__name", "tag__slug", "tag__category", "rank", "is_spoiler"
    ):
        found[key].tags.append((pk, name, slug, category, rank, is_spoiler))
    studios = AnimeStudio.objects.filter(anime_id__in=keys).order_by()
    for key, pk, name, slug, role in studios.values_list(
        "anime_id", "studio_id", "studio__name", "studio__slug", "role"
    ):
        found[key].studios.append((pk, name, slug, role))
    for fact in found.values():
        fact.genres.sort(key=lambda genre: genre[1])
        fact.tags.sort(key=lambda tag: (-tag[4], tag[1]))
        fact.studios.sort(key=lambda studio: (STUDIO_ORDER.get(studio[3], 9), studio[1]))


def _load_relations(found: dict[int, AnimeFacts]) -> None:
    """Only to anime that anybody may see: documents are the same for all readers. In the order of their first day."""
    relations = list(
        Relation.objects.filter(from_anime_id__in=list(found)).values_list("from_anime_id", "to_anime_id", "kind")
    )
    names = ("id", "slug", "title", "title_english", "title_native", "kind", "status", "year", "start_date", "is_adult")
    shown = Anime.objects.filter(pk__in={target for _, target, _ in relations}, merged_into=None)
    targets = {row["id"]: row for row in shown.exclude(visibility=Visibility.HIDDEN).values(*names)}
    for key, target, kind in relations:
        if target in targets:
            found[key].relations.append((kind, targets[target]))
    for fact in found.values():
        fact.relations.sort(key=lambda relation: (relation[1]["start_date"] or datetime.date.max, relation[1]["id"]))


def _load_schedule(found: dict[int, AnimeFacts]) -> None:
    keys = list(found)
    rules = BroadcastRule.objects.filter(anime_id__in=keys).order_by("site", "first_at")
    for key, site, first, ends, period, zone, episode in rules.values_list(
        "anime_id", "site", "first_at", "ends_at", "period_days", "timezone", "first_episode"
    ):
        found[key].broadcasts.append((site, first, ends, period, zone, episode))
    links = OfficialLink.objects.filter(OPENABLE, anime_id__in=keys).order_by("pk")
    for key, site, url, regions in links.values_list("anime_id", "site", "url", "regions"):
        found[key].links.append((site, url, regions))


def _load_episodes(found: dict[int, AnimeFacts]) -> None:
    """The regular episodes: how many are listed, the last that has aired and the next that will."""
    today = timezone.now().date()
    episodes = Episode.objects.filter(anime_id__in=list(found), kind=EpisodeKind.REGULAR).order_by("anime_id", "number")
    for key, number, day, title in episodes.values_list("anime_id", "number", "aired_on", "title"):
        fact = found[key]
        fact.listed += 1
        if day is None:
            continue
        if day <= today:
            if fact.latest is None or (day, number) >= (fact.latest[1], fact.latest[0]):
                fact.latest = (number, day, title)
        elif fact.next is None or (day, number) < (fact.next[1], fact.next[0]):
            fact.next = (number, day)


def _load_sources(found: dict[int, AnimeFacts]) -> None:
    """Which regular episodes can be played now, in which translations and languages."""
    keys = list(found)
    sources = EpisodeSource.objects.filter(
        episode__anime_id__in=keys, episode__kind=EpisodeKind.REGULAR, is_enabled=True
    ).exclude(health=SourceHealth.DEAD)
    used: dict[int, set[int]] = defaultdict(set)
    for key, number, translation, audio in sources.order_by().values_list(
        "episode__anime_id", "episode__number", "translation_id", "audio_languages"
    ):
        episode = found[key].playable.setdefault(number, EpisodeFacts(number))
        episode.translation_ids.add(translation)
        episode.audio.update(language for language in audio if isinstance(language, str))
        if translation is not None:
            used[translation].add(key)
    translations = Translation.objects.filter(pk__in=used).order_by("language", "kind", "team")
    for pk, code, kind, language, team in translations.values_list("pk", "code", "kind", "language", "team"):
        for key in used[pk]:
            found[key].translations[pk] = (code, kind, language, team)
    tracks = SubtitleTrack.objects.filter(
        Q(episode__anime_id__in=[key for key in keys if found[key].playable]), episode__kind=EpisodeKind.REGULAR
    )
    for key, number, language in tracks.order_by().values_list("episode__anime_id", "episode__number", "language"):
        if number in found[key].playable:
            found[key].playable[number].subtitles.add(language)
