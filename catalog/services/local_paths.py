"""Files of a library that moved: what plays from them and the texts beside them follow."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

from catalog.events import EpisodePublished
from catalog.models import Episode, EpisodeKind, EpisodeSource, SourceKind, SubtitleTrack
from catalog.selectors.releases import variants_of_episodes
from catalog.services.changes import catalog_touch
from core.events import emit

_BATCH = 400
_T = TypeVar("_T", str, int)


def sources_at(paths: Collection[str]) -> dict[str, list[int]]:
    """{stored path ("library:…"): ids of the local sources that play it}, of those that there are; a query per 400."""
    found: dict[str, list[int]] = {}
    for part in _parts(paths):
        rows = EpisodeSource.objects.filter(kind=SourceKind.LOCAL, path__in=part).order_by("pk")
        for pk, path in rows.values_list("pk", "path"):
            found.setdefault(path, []).append(pk)
    return found


def local_paths_move(*, paths: Mapping[str, str]) -> int:
    """Let every local source and subtitle track at a stored path be at another one, {old: new}; how many rows.

    Two files may take each other's place. Where the episode has a row at the new path already, that one is it: the row of
    the old path stays where it was.
    """
    changed = {old: new for old, new in paths.items() if old != new}
    with transaction.atomic():
        moved = [*_move(EpisodeSource, changed), *_move(SubtitleTrack, changed)]
        touched: set[int] = set()
        for part in _parts(moved):
            touched.update(Episode.objects.filter(pk__in=part).order_by().values_list("anime", flat=True))
        catalog_touch(anime_ids=touched)
    return len(moved)


@dataclass(frozen=True, slots=True)
class LocalFacts:
    """What a look inside a file told: `height` in pixels (0 unknown), the languages of its sound, first the default."""

    height: int
    audio_languages: tuple[str, ...]


def local_sources_describe(*, facts: Mapping[str, LocalFacts]) -> int:
    """Write what is inside local files to their sources, {stored path: facts}; how many rows changed.

    `EpisodePublished` tells each variant that did not play before: a second language of sound may be one.
    """
    with transaction.atomic():
        rows = [
            row
            for part in _parts(facts)
            for row in EpisodeSource.objects.filter(kind=SourceKind.LOCAL, path__in=part).select_related("episode")
        ]
        changed = []
        for row in rows:
            told = facts[row.path]
            new = (told.height or row.quality, list(told.audio_languages))
            if (row.quality, row.audio_languages) != new:
                row.quality, row.audio_languages = new
                changed.append(row)
        numbers: dict[int, set[int]] = defaultdict(set)
        for row in changed:
            if row.episode.kind == EpisodeKind.REGULAR:
                numbers[row.episode.anime_id].add(row.episode.number)
        before = {anime_id: variants_of_episodes(anime_id, numbers[anime_id]) for anime_id in sorted(numbers)}
        EpisodeSource.objects.bulk_update(changed, ["quality", "audio_languages"], batch_size=_BATCH)
        for anime_id, known in before.items():
            published = variants_of_episodes(anime_id, numbers[anime_id]) - known
            for one in sorted(published, key=lambda one: (one.number, one.kind, one.language)):
                emit(EpisodePublished(one.anime_id, one.number, one.kind, one.language))
        catalog_touch(anime_ids={row.episode.anime_id for row in changed})
    return len(changed)


def _move(model: Any, changed: Mapping[str, str]) -> list[int]:
    """Move the rows of one table; the episodes that they are of, one for each row."""
    rows = [row for part in _parts(changed) for row in model.objects.filter(path__in=part)]
    there = [row for part in _parts(changed.values()) for row in model.objects.filter(path__in=part)]
    taken = {_place(row, row.path) for row in there if row.path not in changed}
    moving = [row for row in rows if _place(row, changed[row.path]) not in taken]
    targets = {row.pk: changed[row.path] for row in moving}
    # By way of paths that nobody has, so that two rows can change places under the constraint.
    for path_of in ("moving:{}".format, targets.__getitem__):
        for row in moving:
            row.path = path_of(row.pk)
        model.objects.bulk_update(moving, ["path"], batch_size=_BATCH)
    return [row.episode_id for row in moving]


def _place(row: Any, path: str) -> tuple[int, int | None, str]:
    return row.episode_id, getattr(row, "translation_id", None), path


def _parts(values: Iterable[_T]) -> Iterable[list[_T]]:
    ordered = sorted(set(values))
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))
