"""A file that we placed ourselves becomes part of the library: no scan has to find out what it is."""

import os
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone

from catalog.facade import SourceDraft, local_sources_describe, sources_put
from downloads.library.fingerprints import fingerprint_of
from downloads.library.matching import Match
from downloads.library.naming import name_stored, path_read
from downloads.library.paths import path_stored, source_path
from downloads.library.probing import facts_of
from downloads.library.writing import ORIGIN, match_values
from downloads.media.probing import probe
from downloads.models import LibraryFile, MatchedBy


def file_index(
    *,
    root: Path,
    relative: PurePosixPath,
    anime_id: int,
    kind: str,
    number: int,
    variant: tuple[str, str] | None,
    height: int,
) -> LibraryFile:
    """Enter a file under its path, as `number` of (anime, kind), with its way to play; entered again it changes nothing.

    `variant` is (dub, sub or raw; language), None unknown; `height` in pixels. The caller holds the transaction in which the
    download is done. Raises OSError when the file is gone, and what `probe` raises.
    """
    path = root / relative
    stat = path.stat()
    stored = path_stored(str(relative))
    info = probe(path)
    draft = SourceDraft(kind, number, variant, "local", path=source_path(stored), quality=height)
    with transaction.atomic():
        done = sources_put(anime_id=anime_id, drafts=[draft], origin=ORIGIN)
        local_sources_describe(facts={source_path(stored): facts_of(info)})
        values = match_values(
            Match(anime_id, kind, number, number, 100, MatchedBy.DOWNLOAD), done.ids.get(draft.key(ORIGIN))
        )
        row, _made = LibraryFile.objects.update_or_create(
            path=stored,
            defaults={
                **values,
                "size": stat.st_size,
                "mtime_ns": stat.st_mtime_ns,
                "inode": f"{stat.st_dev}:{stat.st_ino}",
                "parsed": name_stored(path_read(stored)),
                "fingerprint": fingerprint_of(os.fspath(path)),
                "info": info.as_json(),
                "probed_at": timezone.now(),
                "gone_at": None,
            },
        )
    return row
