"""The rows of the demo series: what `demo/series/series.json` says, written so that a second time changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
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
    FieldProvenance,
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
from catalog.services.changes import catalog_touch
from core.media.images import image_store
from core.models import StoredImage

FOLDER: Path = settings.BASE_DIR / "demo" / "series"
ROOT = "demo:"
"""What the stored path of a file under `FOLDER` begins with."""

SUBTITLE_LABELS = {"en": "English", "ru": "Русский", "ja": "日本語"}

Pictures = dict[str, StoredImage]
"""Path in the package → the stored picture."""

Row = TypeVar("Row", bound=Model)


def series_describe() -> dict[str, Any]:
    """`demo/series/series.json`: times in seconds, paths relative to its folder."""
    return json.loads((FOLDER / "series.json").read_text(encoding="utf-8"))


def series_load() -> Anime:
    """Bring the rows of the demo series to what `series.json` says; the anime is the same one every time.

    Its pictures go through the image pipeline like any others, before the transaction: encoding takes seconds.
    """
    series = series_describe()
    pictures = {series[purpose]: _picture_store(series[purpose], purpose) for purpose in ("poster", "banner")}
    pictures |= {episode["still"]: _picture_store(episode["still"], "still") for episode in series["episodes"]}
    with transaction.atomic():
        return _series_write(series, pictures)


def _picture_store(path: str, purpose: str) -> StoredImage:
    return image_store(file=(FOLDER / path).read_bytes(), purpose=purpose)


def _series_write(series: dict[str, Any], pictures: Pictures) -> Anime:
    rows = _Rows()
    anime = _anime_write(rows, series, pictures)
    _names_write(rows, anime, series)
    translations = {
        described["code"]: rows.bring(
            Translation, {"code": described["code"]}, {key: described[key] for key in ("kind", "language", "team")}
        )
        for described in series["translations"]
    }
    for described in series["episodes"]:
        episode = _episode_write(rows, anime, described, pictures)
        _sources_write(rows, episode, described, translations)
        _subtitles_write(rows, episode, described)
    if rows.changed:
        catalog_touch(anime_ids=[anime.pk])
    return anime


@dataclass
class _Rows:
    """Writes rows only where they differ, and remembers whether any did."""

    changed: bool = False

    def bring(self, model: type[Row], identity: dict[str, Any], values: dict[str, Any] | None = None) -> Row:
        """The row that `identity` names, made when it is missing, with `values` on it."""
        values = values or {}
        row, is_new = model._default_manager.get_or_create(**identity, defaults=values)
        differing = [] if is_new else [name for name, value in values.items() if getattr(row, name) != value]
        for name in differing:
            setattr(row, name, values[name])
        if differing:
            row.save(update_fields=differing)
        self.changed |= is_new or bool(differing)
        return row

    def drop(self, rows: QuerySet[Any]) -> None:
        """Delete what these rows still hold."""
        self.changed |= bool(rows.delete()[0])


def _anime_write(rows: _Rows, series: dict[str, Any], pictures: Pictures) -> Anime:
    """The anime itself, found by its own id of site `hiroba`; fields that staff have locked stay theirs."""
    known = ExternalId.objects.filter(site=Site.HIROBA, value=series["id"]).first()
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
        "poster": pictures[series["poster"]],
        "banner": pictures[series["banner"]],
        "colour": series["colour"],
        "origin": "demo",
    }
    if known:
        locked = FieldProvenance.objects.filter(anime=known.anime_id, is_locked=True).values_list("field", flat=True)
        free = {name: value for name, value in values.items() if name not in set(locked)}
        return rows.bring(Anime, {"pk": known.anime_id}, free)
    anime = Anime.objects.create(**values)
    rows.bring(ExternalId, {"anime": anime, "site": Site.HIROBA, "value": series["id"]})
    return anime


def _names_write(rows: _Rows, anime: Anime, series: dict[str, Any]) -> None:
    """Titles, genres and the studio."""
    names = [
        (text, language, TitleKind.MAIN if language == "ja-Latn" else TitleKind.OFFICIAL)
        for language, text in series["titles"].items()
    ]
    names += [(text, "und", TitleKind.SYNONYM) for text in series["synonyms"]]
    for position, (text, language, kind) in enumerate(names):
        identity = {"anime": anime, "text": text, "language": language, "kind": kind}
        rows.bring(Title, identity, {"position": position})
    for name in series["genres"]:
        genre, _ = Genre.objects.get_or_create(slug=slugify(name), defaults={"name": name})
        rows.bring(Anime.genres.through, {"anime": anime, "genre": genre})
    studio, _ = Studio.objects.get_or_create(slug=slugify(series["studio"]), defaults={"name": series["studio"]})
    rows.bring(AnimeStudio, {"anime": anime, "studio": studio})


def _episode_write(rows: _Rows, anime: Anime, described: dict[str, Any], pictures: Pictures) -> Episode:
    """One episode, aired a week after the one before, and its reviewed timecodes."""
    number = described["number"]
    (intro_start, intro_end), (outro_start, outro_end) = described["opening"], described["ending"]
    rows.bring(
        Timecode,
        {"anime": anime, "episode_number": number, "translation_id": ""},
        {"intro_start": intro_start, "intro_end": intro_end, "outro_start": outro_start, "outro_end": outro_end},
    )
    return rows.bring(
        Episode,
        {"anime": anime, "kind": EpisodeKind.REGULAR, "number": number},
        {
            "title": described["titles"]["en"],
            "titles": described["titles"],
            "synopsis": described["synopsis"]["en"],
            "aired_on": date.fromisoformat(str(anime.start_date)) + timedelta(weeks=number - 1),
            "duration_seconds": described["duration"],
            "still": pictures[described["still"]],
        },
    )


def _sources_write(
    rows: _Rows, episode: Episode, described: dict[str, Any], translations: dict[str, Translation]
) -> None:
    """Sources in the order in which they are tried; those of files that are gone from the package go too."""
    kept = []
    for source in described["sources"]:
        row = rows.bring(
            EpisodeSource,
            {
                "episode": episode,
                "translation": translations[source["translation"]],
                "kind": SourceKind.LOCAL,
                "url": "",
                "path": ROOT + source["path"],
            },
            {
                "quality": source["quality"],
                "label": source["label"],
                "audio_languages": source["audio"],
                "thumbnails_path": ROOT + described["thumbnails"],
                "position": source["position"],
            },
        )
        kept.append(row.pk)
    rows.drop(episode.sources.filter(path__startswith=ROOT).exclude(pk__in=kept))


def _subtitles_write(rows: _Rows, episode: Episode, described: dict[str, Any]) -> None:
    """Subtitles beside the video; styled English ones are shown unless the viewer chooses others."""
    kept = []
    for track in described["subtitles"]:
        row = rows.bring(
            SubtitleTrack,
            {"episode": episode, "path": ROOT + track["path"]},
            {
                "language": track["language"],
                "format": track["format"],
                "label": SUBTITLE_LABELS[track["language"]],
                "is_default": track["language"] == "en" and track["format"] == "ass",
            },
        )
        kept.append(row.pk)
    rows.drop(episode.subtitles.filter(path__startswith=ROOT).exclude(pk__in=kept))
