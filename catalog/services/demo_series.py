"""The rows of the demo series: what `demo/series/series.json` says, written so that a second time changes nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify

from catalog.models import (
    AgeRating,
    Anime,
    AnimeKind,
    AnimeSource,
    AnimeStatus,
    AnimeStudio,
    Episode,
    EpisodeKind,
    EpisodeSource,
    ExternalId,
    Genre,
    SeasonName,
    Site,
    SourceKind,
    Studio,
    SubtitleTrack,
    Timecode,
    Title,
    TitleKind,
    Translation,
)

FOLDER: Path = settings.BASE_DIR / "demo" / "series"
ROOT = "demo:"
"""What the stored path of a file under `FOLDER` begins with."""

SUBTITLE_LABELS = {"en": "English", "ru": "Русский", "ja": "日本語"}


def series_describe() -> dict[str, Any]:
    """`demo/series/series.json`: times in seconds, paths relative to its folder."""
    return json.loads((FOLDER / "series.json").read_text(encoding="utf-8"))


@transaction.atomic
def series_load() -> Anime:
    """Bring the rows of the demo series to what `series.json` says; the anime is the same one every time."""
    series = series_describe()
    anime = _anime_write(series)
    _names_write(anime, series)
    _translations_write(series)
    for described in series["episodes"]:
        _episode_write(anime, described)
    return anime


def _anime_write(series: dict[str, Any]) -> Anime:
    """The anime itself, found by its own id of site `hiroba`."""
    known = ExternalId.objects.filter(site=Site.HIROBA, value=series["id"]).select_related("anime").first()
    anime = known.anime if known else Anime()
    started = date.fromisoformat(series["start_date"])
    episodes = series["episodes"]
    values = {
        "title": series["titles"]["ja-Latn"],
        "title_english": series["titles"]["en"],
        "title_native": series["titles"]["ja"],
        "slug": series["id"],
        "synopsis": series["synopsis"]["en"],
        "kind": AnimeKind.ONA,
        "status": AnimeStatus.FINISHED,
        "source": AnimeSource.ORIGINAL,
        "season": SeasonName(series["season"]),
        "year": started.year,
        "start_date": started,
        "end_date": started + timedelta(weeks=len(episodes) - 1),
        "episode_count": len(episodes),
        "duration_seconds": round(sum(episode["duration"] for episode in episodes) / len(episodes)),
        "age_rating": AgeRating.G,
        "colour": series["colour"],
    }
    _assign(anime, values)
    if not known:
        ExternalId.objects.create(anime=anime, site=Site.HIROBA, value=series["id"])
    return anime


def _assign(row: Model, values: dict[str, Any]) -> None:
    """Save `values` on a row, and write nothing when they are there already."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed or row._state.adding:
        row.save()


def _names_write(anime: Anime, series: dict[str, Any]) -> None:
    """Titles, genres and the studio."""
    for position, (language, text) in enumerate(series["titles"].items()):
        kind = TitleKind.MAIN if language == "ja-Latn" else TitleKind.OFFICIAL
        Title.objects.get_or_create(
            anime=anime, text=text, language=language, kind=kind, defaults={"position": position}
        )
    for position, text in enumerate(series["synonyms"], start=len(series["titles"])):
        Title.objects.get_or_create(
            anime=anime, text=text, language="und", kind=TitleKind.SYNONYM, defaults={"position": position}
        )
    for name in series["genres"]:
        genre, _ = Genre.objects.get_or_create(slug=slugify(name), defaults={"name": name})
        anime.genres.add(genre)
    studio, _ = Studio.objects.get_or_create(slug=slugify(series["studio"]), defaults={"name": series["studio"]})
    AnimeStudio.objects.get_or_create(anime=anime, studio=studio)


def _translations_write(series: dict[str, Any]) -> None:
    for described in series["translations"]:
        values = {key: described[key] for key in ("kind", "language", "team")}
        Translation.objects.update_or_create(code=described["code"], defaults=values)


def _episode_write(anime: Anime, described: dict[str, Any]) -> None:
    """One episode with its sources, subtitles and timecodes; files that `series.json` no longer names lose their rows."""
    number = described["number"]
    aired = anime.start_date + timedelta(weeks=number - 1)
    episode, _ = Episode.objects.update_or_create(
        anime=anime,
        kind=EpisodeKind.REGULAR,
        number=number,
        defaults={
            "title": described["titles"]["en"],
            "titles": described["titles"],
            "synopsis": described["synopsis"]["en"],
            "aired_on": aired,
            "duration_seconds": described["duration"],
        },
    )
    _sources_write(episode, described)
    _subtitles_write(episode, described)
    (intro_start, intro_end), (outro_start, outro_end) = described["opening"], described["ending"]
    Timecode.objects.update_or_create(
        anime=anime,
        episode_number=number,
        translation_id="",
        defaults={
            "intro_start": intro_start,
            "intro_end": intro_end,
            "outro_start": outro_start,
            "outro_end": outro_end,
        },
    )


def _sources_write(episode: Episode, described: dict[str, Any]) -> None:
    translations = {translation.code: translation for translation in Translation.objects.all()}
    kept = []
    for source in described["sources"]:
        path = ROOT + source["path"]
        row, _ = EpisodeSource.objects.update_or_create(
            episode=episode,
            translation=translations[source["translation"]],
            url="",
            path=path,
            defaults={
                "kind": SourceKind.LOCAL,
                "quality": source["quality"],
                "label": source["label"],
                "audio_languages": source["audio"],
                "thumbnails_path": ROOT + described["thumbnails"],
                "position": source["position"],
            },
        )
        kept.append(row.pk)
    episode.sources.filter(path__startswith=ROOT).exclude(pk__in=kept).delete()


def _subtitles_write(episode: Episode, described: dict[str, Any]) -> None:
    paths = []
    for track in described["subtitles"]:
        path = ROOT + track["path"]
        SubtitleTrack.objects.update_or_create(
            episode=episode,
            path=path,
            defaults={
                "language": track["language"],
                "format": track["format"],
                "label": SUBTITLE_LABELS[track["language"]],
                "is_default": track["language"] == "en" and track["format"] == "ass",
            },
        )
        paths.append(path)
    episode.subtitles.filter(path__startswith=ROOT).exclude(path__in=paths).delete()
