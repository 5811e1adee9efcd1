"""Subtitle files of folders that changed become tracks of the episodes beside them."""

from collections import defaultdict
from collections.abc import Callable, Collection
from pathlib import Path

from catalog.facade import SubtitleDraft, subtitles_below, subtitles_put, subtitles_remove
from downloads.library.paths import PREFIX, path_is_plain, path_stored, source_path
from downloads.library.subtitles import subtitles_of
from downloads.library.walking import Folder, Walk
from downloads.models import FileState, LibraryFile

_SUBFOLDERS = frozenset({"subs", "subtitles", "sub"})
_ANIME_AT_ONCE = 8


def subtitles_write(
    walk: Walk, changed: Collection[str], root: Path, beat: Callable[[], None], *, is_partial: bool = False
) -> None:
    """Make tracks of what lies in the changed folders, take away those whose file is gone. Never a transaction over some 100 ms."""
    folders = [walk.folders[path] for path in sorted(changed)]
    puts: dict[int, list[SubtitleDraft]] = defaultdict(list)
    for folder in folders:
        if folder.subtitles:
            _drafts_add(folder, walk, root, puts)
            beat()
    ids = sorted(puts)
    for start in range(0, len(ids), _ANIME_AT_ONCE):
        subtitles_put(puts={key: puts[key] for key in ids[start : start + _ANIME_AT_ONCE]})
        beat()
    _lost_remove(walk, changed, beat, is_partial=is_partial)


def _drafts_add(folder: Folder, walk: Walk, root: Path, puts: dict[int, list[SubtitleDraft]]) -> None:
    videos = folder.videos
    parent, _slash, own = folder.path.rpartition("/")
    if not videos and own.lower() in _SUBFOLDERS and parent in walk.folders:
        videos = walk.folders[parent].videos
    stems = {file.raw.rpartition("/")[2].rpartition(".")[0]: file.path for file in videos}
    found = subtitles_of(folder.subtitles, stems)
    if not found:
        return
    rows = LibraryFile.objects.filter(path__in={stems[one.stem] for one in found}, state=FileState.MATCHED)
    matched = {row.path: row for row in rows.exclude(first=None)}
    for one in found:
        row = matched.get(stems[one.stem])
        path = path_stored(f"{folder.raw}/{one.name}" if folder.raw else one.name)
        if row is None or row.anime_id is None or row.first is None or not path_is_plain(path, root):
            continue
        puts[row.anime_id].append(
            SubtitleDraft(
                row.episode_kind, row.first, one.language, one.format, source_path(path), one.label, one.is_forced
            )
        )


def _lost_remove(walk: Walk, changed: Collection[str], beat: Callable[[], None], *, is_partial: bool) -> None:
    """Tracks in folders that were listed anew, and in such that are gone, whose file was not seen."""
    known = subtitles_below(PREFIX)
    if not known:
        return
    there = {
        source_path(path_stored(f"{folder.raw}/{name}" if folder.raw else name))
        for folder in walk.folders.values()
        for name in folder.subtitles
    }
    lost = []
    for path in sorted(known - there):
        place = path.removeprefix(PREFIX).rpartition("/")[0]
        if place in changed or (place not in walk.folders and is_gone(place, walk, is_partial=is_partial)):
            lost.append(path)
    for start in range(0, len(lost), 100):
        subtitles_remove(paths=lost[start : start + 100])
        beat()


def is_gone(place: str, walk: Walk, *, is_partial: bool) -> bool:
    """Whether a folder that was not listed is not there any more; one that could not be read may be."""
    if is_partial:
        return any(place == gone or place.startswith(f"{gone}/") for gone in walk.missing)
    return not any(place == failed or place.startswith(f"{failed}/") for failed in walk.failed)
