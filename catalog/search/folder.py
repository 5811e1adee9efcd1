"""The index's files: which generation is current, who may write, and what to do about half-written ones.

    DATA_DIR/search/current         the name of the generation in use (replaced atomically)
    DATA_DIR/search/titles-<id>/    one tantivy index; small changes are committed into it, a rebuild makes another
    DATA_DIR/search/lock            held by the one process that writes

A process that is killed leaves at worst files that no commit and no `current` mentions; the next writer removes them.
"""

from __future__ import annotations

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from catalog.search import engine

DAMAGE = (ValueError, OSError, RuntimeError)
"""What tantivy raises about an index that is missing, damaged or of another shape."""


class IndexFolder:
    """The folder of the title index. Safe to use from many processes and threads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def lock(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to write; yields False at once when somebody else has it and `wait` is False."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            try:
                yield True
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def current(self) -> str:
        """The generation in use; empty before the first build."""
        try:
            return (self.path / "current").read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""

    def forget(self) -> None:
        """Name no generation as current any more; the caller holds the lock."""
        (self.path / "current").unlink(missing_ok=True)

    def open(self, generation: str) -> tantivy.Index:
        """Open a generation for reading or writing. Raises one of `DAMAGE` when it cannot be read."""
        return engine.open_index(self.path / generation)

    @contextmanager
    def replacement(self) -> Iterator[tantivy.Index]:
        """An empty index that becomes the current one when the block ends well. The caller holds the lock."""
        self._sweep()
        generation = f"titles-{uuid.uuid4().hex}"
        target = self.path / generation
        target.mkdir(parents=True)
        try:
            yield engine.open_index(target, create=True)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        pointer = self.path / "current.new"
        pointer.write_text(generation, encoding="ascii")
        pointer.replace(self.path / "current")
        self._sweep()

    def _sweep(self) -> None:
        """Remove generations that nobody will open again; processes that still read one keep their open files."""
        current = self.current()
        for path in self.path.glob("titles-*"):
            if path.name != current:
                shutil.rmtree(path, ignore_errors=True)
