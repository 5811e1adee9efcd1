"""The records that the stand-in serves: those of a data folder, found by their place in the file, or a few invented ones."""

import gzip
import mmap
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from providers.tests.standin.invented import EPISODES, RECORDS

_ID = re.compile(rb'\{\s*"mal_id":\s*(\d+)')


class Lines:
    """JSON lines that begin with "mal_id", lines of one id one after the other: found by id without reading them all in."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._spans: dict[int, tuple[int, int]] = {}
        start = 0
        while start < len(self._bytes):
            end = self._bytes.find(b"\n", start)
            end = len(self._bytes) if end < 0 else end
            if match := _ID.match(self._bytes, start, end):
                mal_id = int(match[1])
                self._spans[mal_id] = (self._spans.get(mal_id, (start, 0))[0], end)
            start = end + 1

    def of(self, mal_id: int) -> bytes:
        """The lines of an id, b"" for none."""
        start, end = self._spans.get(mal_id, (0, 0))
        return self._bytes[start:end]

    def ids(self) -> list[int]:
        return list(self._spans)


class Records:
    """Anime by MAL id as JSON bytes, their episodes, what a search finds. `change` puts another record in one's place."""

    def __init__(self, anime: Lines | None, episodes: Path | None, built_in: dict[int, dict[str, Any]]) -> None:
        self._anime = anime
        self._episodes_file = episodes
        self._changed = {mal_id: orjson.dumps(record) for mal_id, record in built_in.items()}
        self._lock = threading.Lock()

    def change(self, mal_id: int, **changes: Any) -> None:
        """Serve another version of a record from now on."""
        record = orjson.loads(self.anime(mal_id) or b"{}") | {"mal_id": mal_id} | changes
        self._changed[mal_id] = orjson.dumps(record)

    def forget(self, mal_id: int) -> None:
        """Answer 404 for this id from now on."""
        self._changed[mal_id] = b""

    def anime(self, mal_id: int) -> bytes:
        """A record, b"" for none."""
        if mal_id in self._changed:
            return self._changed[mal_id]
        return self._anime.of(mal_id) if self._anime else b""

    def ids(self) -> list[int]:
        """Every MAL id, in order."""
        return sorted({*self._changed, *(self._anime.ids() if self._anime else ())})

    def episodes(self, mal_id: int) -> list[dict[str, Any]]:
        """Episodes as Jikan gives them, ordinary numbers only."""
        if self._episodes_file is None:
            return EPISODES.get(mal_id, [])
        with self._lock:
            lines = self._episode_lines
        return [made for line in lines.of(mal_id).splitlines() if (made := _episode(orjson.loads(line)))]

    @cached_property
    def _episode_lines(self) -> Lines:
        assert self._episodes_file is not None
        return Lines(_unpacked(self._episodes_file))

    @cached_property
    def elsewhere(self) -> dict[tuple[str, str], int]:
        """{(site, id there): MAL id} of the ids that records name; reads all records once."""
        return {
            (str(item.get("name")), str(item.get("url"))): mal_id
            for mal_id, record in self._each()
            for item in record.get("external") or ()
        }

    @cached_property
    def _titles(self) -> list[tuple[int, list[str]]]:
        return [
            (mal_id, [str(item["title"]).casefold() for item in record.get("titles") or () if item.get("title")])
            for mal_id, record in self._each()
        ]

    def search(self, words: str, limit: int) -> list[bytes]:
        """Records whose titles hold the words: the same title first, then one that begins so, then the others."""
        wanted = words.casefold().strip()
        with self._lock:
            titles = self._titles
        found = []
        for mal_id, names in titles:
            places = [0 if name == wanted else 1 if name.startswith(wanted) else 2 for name in names if wanted in name]
            if places:
                found.append((min(places), mal_id))
        return [self.anime(mal_id) for _place, mal_id in sorted(found)[:limit]]

    def _each(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for mal_id in self.ids():
            if line := self.anime(mal_id):
                yield mal_id, orjson.loads(line)


def records_builtin() -> Records:
    """A few invented anime: tests need no data folder."""
    return Records(None, None, RECORDS)


def records_of_folder(folder: Path) -> Records:
    """All records of a data folder (`jikan/anime_full.jsonl.gz`, `jikan/episodes.jsonl.gz`)."""
    return Records(
        Lines(_unpacked(folder / "jikan" / "anime_full.jsonl.gz")), folder / "jikan" / "episodes.jsonl.gz", {}
    )


def _unpacked(path: Path) -> Path:
    """The file without gzip, unpacked once per machine into its folder for temporary files."""
    known = path.stat()
    target = Path(tempfile.gettempdir()) / f"standin-{os.getuid()}-{known.st_size}-{int(known.st_mtime)}-{path.stem}"
    if not target.exists():
        part = target.with_name(f"{target.name}.{os.getpid()}")
        with gzip.open(path, "rb") as packed, part.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
        part.replace(target)
    return target


def _episode(line: dict[str, Any]) -> dict[str, Any] | None:
    if not str(line.get("key", "")).isdigit():
        return None
    number, title, aired = int(line["key"]), line.get("title") or {}, line.get("airDate")
    return {
        "mal_id": number,
        "title": title.get("en") or f"Episode {number}",
        "title_japanese": title.get("ja"),
        "title_romanji": title.get("x-jat"),
        "aired": f"{aired}T00:00:00+00:00" if aired else None,
        "filler": False,
        "recap": False,
    }
