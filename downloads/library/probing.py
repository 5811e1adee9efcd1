"""Looking inside the library's files: streams, tags, languages; once, as long as size and time stand."""

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.facade import LocalFacts, local_sources_describe, sources_at, sources_put_many, sources_retire
from core.errors import DomainError
from downloads.configuration.store import configuration
from downloads.library.fingerprints import fingerprint_of
from downloads.library.matching import Match, Matcher
from downloads.library.naming import name_from
from downloads.library.paths import path_is_plain, path_raw, source_path
from downloads.library.writing import ORIGIN, drafts_of, match_values
from downloads.media.info import MediaInfo
from downloads.media.probing import probe
from downloads.models import FileState, LibraryFile
from downloads.names.parsed import ParsedName

BATCH = 50
BEAT_SECONDS = 5.0


def files_unprobed() -> QuerySet[LibraryFile]:
    """Files on disk that nobody has looked into since they changed last."""
    return LibraryFile.objects.filter(probed_at=None).exclude(state__in=[FileState.GONE, FileState.IGNORED])


def library_probe(*, root: Path | None = None, beat: Callable[[], None] | None = None, limit: int | None = None) -> int:
    """Look into up to `limit` files (None: all that are left); how many were looked into.

    A file that is no media file or cannot be read keeps the error's code in `info` and is not tried again until it changes; known
    as an episode it is `broken` then and plays no more. One that has changed since the scan is left to the next scan. What
    nobody recognised may be by its tags.
    `beat` is called at least every five seconds; what it raises ends the work, and what was done stays.
    """
    place = Path(root) if root is not None else Path(configuration().anime_directory)
    work = _Probing(place, beat)
    done, after = 0, 0
    while limit is None or done < limit:
        size = BATCH if limit is None else min(BATCH, limit - done)
        rows = list(files_unprobed().filter(pk__gt=after).order_by("pk")[:size])
        if not rows:
            break
        after = rows[-1].pk
        done += sum(work.look(row) for row in rows)
    return done


class _Probing:
    def __init__(self, root: Path, beat: Callable[[], None] | None) -> None:
        self._root, self._beat = root, beat
        self._matcher = Matcher()
        self._next = time.monotonic()

    def beat(self) -> None:
        if self._beat is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + BEAT_SECONDS
            self._beat()

    def look(self, row: LibraryFile) -> bool:
        """Look into one file and write what was found; False when it is not the file that the scan saw."""
        self.beat()
        path = Path(f"{self._root}/{path_raw(row.path)}")
        try:
            facts = path.stat()
        except OSError:
            return False
        if not stat.S_ISREG(facts.st_mode) or (facts.st_size, facts.st_mtime_ns) != (row.size, row.mtime_ns):
            return False
        values: dict[str, Any] = {"fingerprint": fingerprint_of(os.fspath(path))}
        info: MediaInfo | None = None
        try:
            info = probe(path, beat=self.beat)
            values["info"] = _storable(info.as_json())
        except DomainError as error:
            values["info"] = {"error": error.code}
        values["probed_at"] = timezone.now()
        match, name = self._match(row, info)
        with transaction.atomic():
            same = LibraryFile.objects.filter(pk=row.pk, size=row.size, mtime_ns=row.mtime_ns, path=row.path)
            if match is not None and same.filter(state=FileState.UNMATCHED).exists():
                values |= _match_write(row, name, match)
            same.update(**values)
            if info is not None:
                local_sources_describe(facts={source_path(row.path): facts_of(info)})
            elif same.filter(state=FileState.MATCHED).update(state=FileState.BROKEN):
                place = source_path(row.path)
                sources_retire(source_ids=sources_at([place]).get(place, []))
        return True

    def _match(self, row: LibraryFile, info: MediaInfo | None) -> tuple[Match | None, ParsedName]:
        """What the tags say of a file that nobody recognised."""
        name = name_from(row.parsed)
        if info is None or row.state != FileState.UNMATCHED or not path_is_plain(row.path, self._root):
            return None, name
        match = self._matcher.match_tags(name, dict(info.tags))
        return (match if match.anime_id is not None else None), name


def _match_write(row: LibraryFile, name: ParsedName, match: Match) -> dict[str, Any]:
    drafts = drafts_of(row.path, name, match)
    anime_id = match.anime_id or 0
    done = sources_put_many(puts={anime_id: drafts}, origin=ORIGIN)[anime_id]
    source_id = done.ids.get(drafts[0].key(ORIGIN))
    return match_values(match, source_id) if source_id is not None else {}


def _storable(value: Any) -> Any:
    """JSON that every database takes: tags of strangers may hold zeros and halves of characters."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()[:2000]
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value[:2000]]
    return value


def facts_of(info: MediaInfo) -> LocalFacts:
    """What the catalogue is told of a file."""
    pictures = [stream.height for stream in info.of_kind("video")]
    sound = sorted(info.of_kind("audio"), key=lambda stream: not stream.is_default)
    languages = tuple(dict.fromkeys(stream.language for stream in sound if stream.language))
    return LocalFacts(min(max(pictures, default=0), 8640), languages[:20])
