"""Files of a library that moved: what plays from them and the texts beside them follow."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction

from catalog.models import Episode, EpisodeSource, SourceKind, SubtitleTrack
from catalog.services.changes import catalog_touch

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
