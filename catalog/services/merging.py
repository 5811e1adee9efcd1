"""Making one anime of two."""

from collections.abc import Sequence

from django.db import models, transaction

from accounts.facade import User
from catalog.events import AnimeMerged, AnimeMerging
from catalog.models import (
    Anime,
    AnimeDocument,
    AnimeStudio,
    AnimeTag,
    BroadcastRule,
    Episode,
    EpisodeSource,
    ExternalId,
    ExternalScore,
    FieldProvenance,
    OfficialLink,
    PendingRelation,
    Rating,
    Relation,
    Season,
    SubtitleTrack,
    Timecode,
    Title,
    TitleKind,
)
from catalog.services.anime import fields_lock
from catalog.services.changes import catalog_touch
from core.errors import Conflict
from core.events import emit

_FILLED = (
    "title_english",
    "title_native",
    "synopsis",
    "background",
    "season",
    "year",
    "start_date",
    "end_date",
    "episode_count",
    "duration_seconds",
    "age_rating",
    "score",
    "poster_id",
    "banner_id",
    "poster_url",
    "banner_url",
    "trailer_url",
)
"""What the anime that stays takes over where it has nothing."""

_MOVED: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (Title, "anime", ("text", "language", "kind")),
    (ExternalId, "anime", ("site", "value")),
    (ExternalScore, "anime", ("site",)),
    (Anime.genres.through, "anime", ("genre_id",)),
    (AnimeTag, "anime", ("tag_id",)),
    (AnimeStudio, "anime", ("studio_id", "role")),
    (BroadcastRule, "anime", ("site", "first_at")),
    (OfficialLink, "anime", ("url",)),
    (PendingRelation, "from_anime", ("kind", "mal_id")),
    (Relation, "from_anime", ("to_anime_id", "kind")),
    (Relation, "to_anime", ("from_anime_id", "kind")),
    (Timecode, "anime", ("episode_number", "translation_id")),
    (Rating, "anime", ("user_id",)),
)
"""Table, the key to the anime, and what must differ among the rows of one anime: where both have it, the one that stays wins."""


def anime_merge(*, actor: User | None, keep: Anime, duplicate: Anime) -> Anime:
    """Move all of `duplicate` to `keep`; its row stays as a pointer, so that old addresses lead on.

    Where both have a row of the same identity (a rating, an episode number, a score) that of `keep` stays; episodes of
    both join their sources, subtitles and times. Upper apps move theirs on `AnimeMerged`. Raises `Conflict` for an anime
    and itself, and when either is merged away already.
    """
    with transaction.atomic():
        emit(AnimeMerging(keep_id=keep.pk, duplicate_id=duplicate.pk))
        rows = Anime.objects.select_for_update().filter(pk__in=[keep.pk, duplicate.pk]).order_by("pk").in_bulk()
        if len(rows) != 2 or any(row.merged_into_id for row in rows.values()):
            raise Conflict()
        keep, duplicate = rows[keep.pk], rows[duplicate.pk]
        neighbours = _neighbours(duplicate)
        _fields_fill(keep, duplicate)
        Relation.objects.filter(from_anime__in=[keep, duplicate], to_anime__in=[keep, duplicate]).delete()
        duplicate.titles.filter(kind=TitleKind.MAIN).update(kind=TitleKind.SYNONYM)
        for model, key, identity in _MOVED:
            _rows_move(model, key, identity, keep.pk, duplicate.pk)
        _episodes_move(keep, duplicate)
        FieldProvenance.objects.filter(anime=duplicate).delete()
        AnimeDocument.objects.filter(anime=duplicate).delete()
        Anime.objects.filter(merged_into=duplicate).update(merged_into=keep)
        duplicate.merged_into = keep
        duplicate.save(update_fields=["merged_into", "updated_at"])
        fields_lock(anime=keep, names=["title"], actor=actor)
        emit(AnimeMerged(keep_id=keep.pk, duplicate_id=duplicate.pk))
        catalog_touch(anime_ids={keep.pk, duplicate.pk, *neighbours})
    return keep


def _neighbours(anime: Anime) -> set[int]:
    return {
        *anime.incoming_relations.values_list("from_anime_id", flat=True),
        *anime.relations.values_list("to_anime_id", flat=True),
    }


def _fields_fill(keep: Anime, duplicate: Anime) -> None:
    filled = [name for name in _FILLED if getattr(keep, name) in (None, "") and getattr(duplicate, name)]
    for name in filled:
        setattr(keep, name, getattr(duplicate, name))
    keep.save(update_fields=[*filled, "updated_at"])


def _rows_move(model: type[models.Model], key: str, identity: Sequence[str], keep_id: int, duplicate_id: int) -> None:
    """Give the rows of one anime to another; those that it has already are deleted."""
    column = f"{key}_id"
    taken = set(model._base_manager.filter(**{column: keep_id}).values_list(*identity))
    rows = model._base_manager.filter(**{column: duplicate_id}).values_list("pk", *identity)
    double = [pk for pk, *values in rows if tuple(values) in taken]
    model._base_manager.filter(pk__in=double).delete()
    model._base_manager.filter(**{column: duplicate_id}).update(**{column: keep_id})


def _episodes_move(keep: Anime, duplicate: Anime) -> None:
    """Episodes of the same kind and number become one with the sources and subtitles of both."""
    seasons = dict(Season.objects.filter(anime=keep).values_list("number", "pk"))
    for season in Season.objects.filter(anime=duplicate):
        if season.number in seasons:
            Episode.objects.filter(season=season).update(season_id=seasons[season.number])
            season.delete()
    Season.objects.filter(anime=duplicate).update(anime=keep)
    kept = {(kind, number): pk for pk, kind, number in keep.episodes.values_list("pk", "kind", "number")}
    for episode in duplicate.episodes.all():
        target = kept.get((episode.kind, episode.number))
        if target is not None:
            _rows_move(EpisodeSource, "episode", ("translation_id", "url", "path"), target, episode.pk)
            _rows_move(SubtitleTrack, "episode", ("path",), target, episode.pk)
            episode.delete()
    Episode.objects.filter(anime=duplicate).update(anime=keep)
