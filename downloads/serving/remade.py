"""How the library's files play on the site: what is known of them, and the playlists, pieces and texts made of them."""

import re
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from catalog.facade import MASTER_PLAYLIST, Playable, Remaker, stored_file
from core.errors import NotFound
from downloads.errors import MediaBroken, MediaUnsafe
from downloads.media.children import children
from downloads.media.info import MediaInfo
from downloads.media.kinds import DEMUXERS, media_kind
from downloads.media.probing import probe
from downloads.media.subtitles import subtitles_extract
from downloads.models.files import FileState, LibraryFile
from downloads.serving.plans import Cut, bounds_of, master_playlist, media_playlist, tracks_of
from downloads.serving.playing import CUT_CONTAINERS, TEXTS, TRANSCODED, playable_of, text_of
from downloads.serving.runs import piece_made
from downloads.serving.store import folder_lock, folder_of, folder_use, key_of, text_put

_ROOT = "library:"
_NAME = re.compile(
    r"(?P<key>[0-9a-f]{24})/(?P<track>v|t|a[0-9]{1,2})"
    r"(?:(?P<list>\.m3u8)|-(?:(?P<init>init)\.mp4|(?P<number>[0-9]{5})\.m4s))"
)
_TEXT = re.compile(r"s[0-9]{1,3}\.(?:vtt|ass)")
PIECE_AGE = 3600
INDEX_SECONDS = 60.0
_opening = threading.BoundedSemaphore(2)
"""Files looked at for the first time, and texts taken out, at once."""


def playables_known(paths: Sequence[str]) -> Mapping[str, Playable]:
    """What the library knows of these stored paths. One query."""
    relative = [path.removeprefix(_ROOT) for path in paths if path.startswith(_ROOT)]
    rows = LibraryFile.objects.filter(path__in=relative).exclude(state=FileState.GONE)
    found = {}
    for pk, path, info in rows.values_list("pk", "path", "info") if relative else ():
        if "container" in info:  # else nobody looked inside, or could
            playable = playable_of(MediaInfo.from_json(info), is_transcoding=settings.PLAYER_TRANSCODE)
            found[f"{_ROOT}{path}"] = replace(playable, texts_kept=f"derived:subtitles/{pk}-")
    return found


def piece_of(stored: str, name: str) -> tuple[Path, int]:
    """A playlist, piece or text of a stored file, and how long a browser may keep it (seconds).

    Raises `NotFound` for any other name, and for pieces of a file that is another one by now.
    """
    path = stored_file(stored)
    key = key_of(stored, path.stat())
    if name in (MASTER_PLAYLIST, TRANSCODED):
        return _master(path, key, name), 0
    if _TEXT.fullmatch(name):
        return _text(path, key, name), 0
    match = _NAME.fullmatch(name)
    if match is None or match["key"] != key:
        raise NotFound()
    folder, cut = cut_of(path, key)
    track = match["track"]
    if track not in tracks_of(cut) or (track == "t" and not settings.PLAYER_TRANSCODE):
        raise NotFound()
    if match["list"]:
        return _written(folder / f"{track}.m3u8", lambda: media_playlist(cut, track)), PIECE_AGE
    number = None if match["init"] else int(match["number"])
    if number is not None and number >= cut.count:
        raise NotFound()
    made = piece_made(cut, path=path, key=key, folder=folder, track=track, number=number)
    return made, PIECE_AGE


def cut_of(path: Path, key: str) -> tuple[Path, Cut]:
    """The folder of a file's pieces and how it is cut; looked at once, by one process. Raises `MediaBroken`, `MediaUnsafe`."""
    folder = folder_of(key)
    plan = folder / "plan.json"
    if not plan.is_file():
        with _opening, folder_lock(folder):
            if not plan.is_file():
                text_put(plan, _looked_at(path).as_json())
    folder_use(folder)
    try:
        return folder, Cut.from_json(plan.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        plan.unlink(missing_ok=True)
        raise MediaBroken() from error


def _looked_at(path: Path) -> Cut:
    kind = media_kind(path)
    info = probe(path)
    if info.container not in CUT_CONTAINERS:
        raise MediaUnsafe()
    index = children().ask("index", seconds=INDEX_SECONDS, path=str(path), demuxer=DEMUXERS[kind])
    texts = tuple(stream for stream in info.of_kind("subtitle") if stream.codec in TEXTS)
    index["ticks"] = index["ticks"] or [0]
    return Cut(
        demuxer=DEMUXERS[kind],
        size=info.size,
        index={name: value for name, value in index.items() if name != "ticks"},
        bounds=bounds_of(index),
        sounds=info.of_kind("audio")[:32],
        texts=tuple(replace(stream) for stream in texts),
    )


def _master(path: Path, key: str, name: str) -> Path:
    is_small = name == TRANSCODED
    if is_small and not settings.PLAYER_TRANSCODE:
        raise NotFound()
    folder, cut = cut_of(path, key)
    if not is_small and not _is_copyable(cut):
        raise NotFound()
    return _written(folder / name, lambda: master_playlist(cut, key, is_small=is_small))


def _is_copyable(cut: Cut) -> bool:
    """Whether pieces may hold the pictures as they are. Where no browser could seek, pictures made anew are better, if there are."""
    is_known = bool(cut.index["codecs"].get(str(cut.index["video"])))
    return is_known and not (cut.index["is_open"] and settings.PLAYER_TRANSCODE)


def _written(path: Path, make: Callable[[], str]) -> Path:
    if not path.is_file():
        text_put(path, make())
    return path


def _text(path: Path, key: str, name: str) -> Path:
    """All texts are taken out at once: the file has to be read to its end for each."""
    folder, cut = cut_of(path, key)
    names = {text_of(stream).name: stream for stream in cut.texts}
    if name not in names:
        raise NotFound()
    wanted = folder / name
    if not wanted.is_file():
        with _opening, folder_lock(folder, name=".texts-lock"):
            if not wanted.is_file():
                _texts_put(path, folder)
    folder_use(folder)
    if not wanted.is_file():
        raise MediaBroken()
    return wanted


def _texts_put(path: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".texts-", dir=folder) as part:
        for text in subtitles_extract(path, Path(part)).files:
            text.path.replace(folder / f"s{text.index}.{text.format}")


REMAKER = Remaker(known=playables_known, piece=piece_of)
