"""What an app that keeps files must know of episodes: where they can be had, how they are called, where their opening is."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Anime, Episode, EpisodeSource, SourceHealth, SourceKind
from catalog.selectors.timecodes import anime_timecodes, timecode_for

FETCHABLE = (SourceKind.HLS, SourceKind.MP4)
HEALTH_ORDER = {SourceHealth.OK: 0, SourceHealth.UNKNOWN: 1, SourceHealth.DEGRADED: 2}

Place = tuple[str, int]
"""(kind, number) of an episode within its anime."""


@dataclass(frozen=True, slots=True)
class FetchableSource:
    """A stream or file at another host. `kind` is hls or mp4; `height` in pixels, 0 unknown; `variant_kind` (dub, sub, raw) and
    `language` (BCP 47) are "" where no translation is named.
    """

    id: int
    kind: str
    url: str
    variant_kind: str
    language: str
    height: int
    label: str


def sources_fetchable(anime_id: int, places: Collection[Place] | None = None) -> dict[Place, list[FetchableSource]]:
    """Enabled sources that are not dead, of these episodes or of all, the healthy before the doubtful, then by the operator's
    order. One query.
    """
    rows = EpisodeSource.objects.filter(
        episode__anime=anime_id, kind__in=FETCHABLE, is_enabled=True, health__in=list(HEALTH_ORDER)
    )
    if places is not None:
        rows = rows.filter(episode__number__in={number for _kind, number in places})
    rows = rows.select_related("episode", "translation").order_by("position", "-quality", "id")
    found: dict[Place, list[FetchableSource]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: HEALTH_ORDER[SourceHealth(row.health)]):
        place = (row.episode.kind, row.episode.number)
        if places is None or place in places:
            kind, language = (row.translation.kind, row.translation.language) if row.translation else ("", "")
            found[place].append(FetchableSource(row.pk, row.kind, row.url, kind, language, row.quality, row.label))
    return dict(found)


@dataclass(frozen=True, slots=True)
class EpisodeIdentity:
    """How an episode is called and counted. `season` and `season_number` are TheTVDB's where known; `year` the anime's first.

    `anime_kind` is tv, movie, ova… `duration` in seconds, None unknown. `is_known`: the catalogue has a row of it.
    """

    anime_id: int
    title: str
    title_english: str
    title_native: str
    year: int | None
    anime_kind: str
    episode_count: int | None
    kind: str
    number: int
    season: int | None = None
    season_number: int | None = None
    absolute: int | None = None
    episode_title: str = ""
    duration: int | None = None
    is_known: bool = False


def episode_identity(anime_id: int, kind: str, number: int) -> EpisodeIdentity | None:
    """What is known of an episode, also of one that has no row yet; None for an anime that there is not. Two queries."""
    anime = Anime.objects.filter(pk=anime_id, merged_into=None).first()
    if anime is None:
        return None
    episode = Episode.objects.select_related("season").filter(anime=anime_id, kind=kind, number=number).first()
    season = episode.season if episode else None
    return EpisodeIdentity(
        anime_id=anime.pk,
        title=anime.title,
        title_english=anime.title_english,
        title_native=anime.title_native,
        year=anime.year,
        anime_kind=anime.kind,
        episode_count=anime.episode_count,
        kind=kind,
        number=number,
        season=season.number if season else None,
        season_number=episode.season_number if episode else None,
        absolute=episode.absolute_number if episode else None,
        episode_title=episode.title if episode else "",
        duration=(episode.duration_seconds if episode else None) or anime.duration_seconds,
        is_known=episode is not None,
    )


def episode_places(anime_id: int) -> set[Place]:
    """Every episode of an anime that has a row; one query."""
    return set(Episode.objects.filter(anime=anime_id).values_list("kind", "number"))


def episode_timecode(anime_id: int, number: int, translation: str = "") -> dict | None:
    """Opening and ending of a regular episode in seconds, as the player uses them; None when nobody reviewed it. One query."""
    return timecode_for(anime_timecodes(anime_id), number, translation)
