"""A file that we placed ourselves becomes part of the library: no scan has to find out what it is."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone

from catalog.facade import SourceDraft, local_sources_describe, sources_put
from downloads.library.fingerprints import fingerprint_of
from downloads.library.matching import Match
from downloads.library.naming import name_stored, path_read
from downloads.library.paths import path_stored, source_path
from downloads.library.probing import facts_of
from downloads.library.walking import inode_of
from downloads.library.writing import ORIGIN, match_values
from downloads.media.info import MediaInfo
from downloads.media.probing import probe
from downloads.models import LibraryFile, MatchedBy


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is to know of a file on disk."""

    path: str
    stat: os.stat_result
    fingerprint: str
    info: MediaInfo


def file_look(*, root: Path, relative: PurePosixPath, beat: Callable[[], None] | None = None) -> Looked:
    """Look at a file of the library, before any transaction. Raises OSError when it is gone, and what `probe` raises."""
    path = root / relative
    return Looked(path_stored(str(relative)), path.stat(), fingerprint_of(os.fspath(path)), probe(path, beat=beat))


def file_index(
    *, looked: Looked, anime_id: int, kind: str, number: int, variant: tuple[str, str] | None, height: int
) -> LibraryFile:
    """Enter a file as `number` of (anime, kind), with its way to play; entered again it changes nothing.

    `variant` is (dub, sub or raw; language), None unknown; `height` in pixels.
    """
    place = source_path(looked.path)
    draft = SourceDraft(kind, number, variant, "local", path=place, quality=height)
    with transaction.atomic():
        done = sources_put(anime_id=anime_id, drafts=[draft], origin=ORIGIN)
        local_sources_describe(facts={place: facts_of(looked.info)})
        match = Match(anime_id, kind, number, number, 100, MatchedBy.DOWNLOAD)
        row, _made = LibraryFile.objects.update_or_create(
            path=looked.path,
            defaults={
                **match_values(match, done.ids.get(draft.key(ORIGIN))),
                "size": looked.stat.st_size,
                "mtime_ns": looked.stat.st_mtime_ns,
                "inode": inode_of(looked.stat),
                "parsed": name_stored(path_read(looked.path)),
                "fingerprint": looked.fingerprint,
                "info": looked.info.as_json(),
                "probed_at": timezone.now(),
                "gone_at": None,
            },
        )
    return row
