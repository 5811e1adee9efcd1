"""What of a track is in its part files for good: after a kill at any line, fetching goes on behind the last whole piece.

`track-0.journal`: a line that says what the track is, then a line for each piece that was appended: its number, its part, where
the part ends now. A piece is appended first and noted then, so a part may be longer than its note, never shorter, unless
the machine itself went down: then only what was synced before counts.
"""

import contextlib
import json
import os
import time
from pathlib import Path
from typing import Any, BinaryIO

SYNC_BYTES = 512 * 1024 * 1024
SYNC_SECONDS = 30.0
"""So much may be lost with the machine (not with the process), whichever comes first."""


def boot_id() -> str:
    """Names this run of the machine: what was written in another one and not synced may be holes."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


class Journal:
    """The part files of one track and how far they are. Not for two threads."""

    def __init__(self, folder: Path, number: int, identity: str) -> None:
        self._folder, self._number, self._identity = folder, number, identity
        self._path = folder / f"track-{number}.journal"
        self._unsynced, self._synced_at = 0, time.monotonic()
        self._unsynced_parts: set[int] = set()
        self._part: BinaryIO | None = None
        self._part_number = -1
        self.done = 0
        self.bytes = 0
        self.ends: dict[int, int] = {}
        self._resume()
        self._notes = self._path.open("a", encoding="utf-8")

    def part_path(self, part: int) -> Path:
        """The file of a part."""
        return self._folder / f"track-{self._number}-{part}.part"

    def parts(self) -> tuple[Path, ...]:
        """All part files, in order."""
        return tuple(self.part_path(part) for part in sorted(self.ends))

    def open_part(self, part: int) -> BinaryIO:
        """The part's file, ready to append behind its last whole piece."""
        if self._part is None or part != self._part_number:
            self._close_part()
            file = self.part_path(part).open("r+b" if self.part_path(part).exists() else "w+b")
            file.truncate(self.ends.get(part, 0))
            file.seek(self.ends.get(part, 0))
            self._part, self._part_number = file, part
        return self._part

    def note(self, part: int, length: int) -> None:
        """The next piece was appended to `part`: `length` bytes."""
        if self._part is None:
            raise RuntimeError("nothing was appended")
        self._part.flush()
        end = self.ends.get(part, 0) + length
        self._line({"piece": self.done, "part": part, "end": end})
        self.ends[part] = end
        self.done += 1
        self.bytes += length
        self._unsynced += length
        self._unsynced_parts.add(part)
        if self._unsynced >= SYNC_BYTES or time.monotonic() - self._synced_at > SYNC_SECONDS:
            self.sync()

    def sync(self) -> None:
        """Bring what was noted onto the disk."""
        if self._part is not None:
            self._part.flush()
        for part in self._unsynced_parts:
            with self.part_path(part).open("rb") as file:
                os.fdatasync(file.fileno())
        self._line({"synced": self.done})
        os.fdatasync(self._notes.fileno())
        self._unsynced, self._synced_at = 0, time.monotonic()
        self._unsynced_parts.clear()

    def close(self) -> None:
        """Let go of the files."""
        self._close_part()
        self._notes.close()

    def forget(self) -> None:
        """Begin anew: nothing of it counts any more."""
        self.close()
        self._clear()
        self._write_head()
        self._notes = self._path.open("a", encoding="utf-8")

    def _close_part(self) -> None:
        if self._part is not None:
            self._part.close()
            self._part, self._part_number = None, -1

    def _line(self, told: dict[str, Any]) -> None:
        self._notes.write(json.dumps(told, separators=(",", ":")) + "\n")
        self._notes.flush()

    def _resume(self) -> None:
        lines = self._lines()
        head = lines[0] if lines else {}
        if head.get("identity") != self._identity:
            self._clear()
            self._write_head()
            return
        synced = max((_number(line, "synced") for line in lines), default=0)
        trusted = 2**63
        if head.get("boot") != boot_id():
            # The machine went down: what was not synced, pieces that wait for their turn too, may be holes.
            trusted = synced
            self._remove(f"track-{self._number}.piece-*")
        for line in lines[1:]:
            if "piece" not in line:
                continue
            part, end = _number(line, "part"), _number(line, "end")
            if line["piece"] != self.done or self.done >= trusted or not 0 <= end <= self._size(part):
                break
            self.bytes += end - self.ends.get(part, 0)
            self.ends[part] = end
            self.done += 1
        self._unsynced_parts = set(self.ends)
        self._rewrite(lines, min(self.done, synced))

    def _lines(self) -> list[dict[str, Any]]:
        """Whole lines that can be read; one that a kill cut off ends them."""
        found: list[dict[str, Any]] = []
        with contextlib.suppress(OSError, ValueError):
            for text in self._path.read_text(encoding="utf-8").splitlines(keepends=True):
                if not text.endswith("\n"):
                    break
                found.append(json.loads(text))
        return found if all(isinstance(line, dict) for line in found) else []

    def _size(self, part: int) -> int:
        try:
            return self.part_path(part).stat().st_size
        except OSError:
            return -1

    def _rewrite(self, lines: list[dict[str, Any]], synced: int) -> None:
        """The journal without what does not count, so that later notes follow the last that does."""
        told = [line for line in lines[1:] if "piece" in line][: self.done]
        self._write_head([*told, {"synced": synced}])

    def _write_head(self, told: list[dict[str, Any]] | None = None) -> None:
        lines = [{"identity": self._identity, "boot": boot_id()}, *(told or [])]
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        new = self._path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self._path)

    def _clear(self) -> None:
        self._remove(f"track-{self._number}-*.part", f"track-{self._number}.piece-*")
        self._path.unlink(missing_ok=True)
        self.done, self.bytes, self.ends = 0, 0, {}

    def _remove(self, *patterns: str) -> None:
        for pattern in patterns:
            for path in self._folder.glob(pattern):
                path.unlink(missing_ok=True)


def _number(line: dict[str, Any], name: str) -> int:
    """A number of a line; -1 for anything else."""
    value = line.get(name, -1)
    return value if isinstance(value, int) else -1
