"""In which variants episodes play, read source by source: for apps above that notice when a new one appears."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.models import (
    Anime,
    EpisodeKind,
    EpisodeSource,
    SourceHealth,
    SubtitleTrack,
    Translation,
    TranslationKind,
    Visibility,
)
from catalog.selectors.playback import is_offered

NATIVE = {"CN": "zh", "TW": "zh", "HK": "zh", "KR": "ko"}
"""The spoken language by country; Japanese everywhere else."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Episode `number` of an anime can be watched as `kind` (sub, dub, raw) in `language` (BCP 47, "" unknown)."""

    anime_id: int
    number: int
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class VariantsFound:
    """`variants` of some sources, `last_id` the last of the sources that were read; None: there were none."""

    variants: frozenset[Variant]
    last_id: int | None


def variants_playable(*, after_id: int, limit: int) -> VariantsFound:
    """What plays from the next `limit` sources beyond `after_id` that are enabled and not dead; regular episodes of anime
    that were not merged away, whoever may see them. Two queries.

    A source without a translation is what its tracks are: another spoken language a dub, each language of subtitles a sub,
    else raw.
    """
    sources = list(_playable().filter(pk__gt=after_id).order_by("pk")[:limit])
    if not sources:
        return VariantsFound(frozenset(), None)
    return VariantsFound(_variants_of(sources), sources[-1].pk)


def variants_of_episodes(anime_id: int, numbers: Collection[int]) -> frozenset[Variant]:
    """What plays of these regular episodes of an anime, as `variants_playable` tells it. Two queries."""
    return _variants_of(list(_playable().filter(episode__anime=anime_id, episode__number__in=set(numbers))))


def variants_of_many(wanted: Mapping[int, Collection[int]]) -> frozenset[Variant]:
    """The same for several anime, {anime: numbers}; two queries."""
    numbers = {number for theirs in wanted.values() for number in theirs}
    if not numbers:
        return frozenset()
    rows = _playable().filter(episode__anime__in=list(wanted), episode__number__in=numbers)
    return _variants_of([row for row in rows if row.episode.number in wanted[row.episode.anime_id]])


def _playable() -> QuerySet[EpisodeSource]:
    """Sources that are enabled and not dead, of regular episodes, with what `_variants_of` reads."""
    rows = EpisodeSource.objects.filter(
        is_enabled=True, episode__kind=EpisodeKind.REGULAR, episode__anime__merged_into__isnull=True
    )
    return (
        rows.exclude(health=SourceHealth.DEAD)
        .select_related("translation", "episode__anime")
        .only(
            "episode",
            "translation",
            "kind",
            "url",
            "path",
            "audio_languages",
            "translation__kind",
            "translation__language",
            "episode__number",
            "episode__anime",
            "episode__anime__country",
        )
    )


def _variants_of(sources: Sequence[EpisodeSource]) -> frozenset[Variant]:
    offered = [source for source in sources if is_offered(source)]
    subtitles = _subtitles([source.episode_id for source in offered if source.translation is None])
    return frozenset(
        Variant(source.episode.anime_id, source.episode.number, kind, language)
        for source in offered
        for kind, language in _variants(source, subtitles)
    )


def _variants(source: EpisodeSource, subtitles: Mapping[int, Sequence[str]]) -> Iterable[tuple[str, str]]:
    if source.translation is not None:
        return [(source.translation.kind, source.translation.language)]
    native = NATIVE.get(source.episode.anime.country, "ja")
    spoken = [str(language) for language in source.audio_languages]
    dubs = [(TranslationKind.DUB.value, one) for one in spoken if one.partition("-")[0].lower() != native]
    subs = [(TranslationKind.SUB.value, one) for one in subtitles.get(source.episode_id, ())]
    return [*dubs, *subs] or [(TranslationKind.RAW.value, spoken[0] if spoken else "")]


def _subtitles(episode_ids: Iterable[int]) -> dict[int, list[str]]:
    """Languages of subtitles by episode; no query without episodes."""
    wanted = set(episode_ids)
    found: dict[int, list[str]] = defaultdict(list)
    if wanted:
        rows = SubtitleTrack.objects.filter(episode__in=wanted).order_by("language")
        for episode_id, language in rows.values_list("episode_id", "language").distinct():
            found[episode_id].append(language)
    return found


def translation_languages() -> list[str]:
    """Every language (BCP 47) that some team dubs or subtitles into; one query."""
    return sorted(set(Translation.objects.order_by().values_list("language", flat=True).distinct()))


def anime_ids_announced(anime_ids: Iterable[int]) -> set[int]:
    """Those of the ids whose new episodes may be told to anybody: public, playable, not for adults only, not merged away."""
    rows = Anime.objects.public().filter(pk__in=set(anime_ids), is_adult=False, visibility=Visibility.PUBLIC)
    return set(rows.values_list("pk", flat=True))
