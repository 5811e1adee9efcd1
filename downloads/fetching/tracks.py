"""One track: its pieces fetched in parallel, appended in order, noted in its journal."""

import time
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from core import egress
from downloads.errors import MediaUnsafe
from downloads.fetching.checking import head_check, piece_checked
from downloads.fetching.decrypting import Keys, appended
from downloads.fetching.journal import Journal
from downloads.fetching.parallel import Fetchers
from downloads.fetching.pieces import Piece, TrackPlan
from downloads.media.kinds import HEAD_BYTES, id3_length, kind_of

BEAT = 0.25
"""Seconds between two looks at how far it is, at most."""
FORMATS = {
    "muxed": frozenset({"mpegts", "mp4", "aac", "mp3", "ac3", "eac3", "matroska"}),
    "video": frozenset({"mpegts", "mp4", "matroska"}),
    "audio": frozenset({"mpegts", "mp4", "aac", "mp3", "ac3", "eac3"}),
    "subtitle": frozenset({"webvtt", "mp4"}),
}
OnBytes = Callable[[int, int, float], None]
"""Bytes here, pieces appended, seconds of the stream appended."""


class Track:
    """A plan and its files on disk."""

    def __init__(self, plan: TrackPlan, folder: Path, policy: egress.Policy, keys: Keys) -> None:
        self.plan, self._folder, self._policy, self._keys = plan, folder, policy, keys
        self.journal = Journal(folder, plan.number, plan.identity())
        self._seconds = sum(piece.seconds for piece in plan.pieces[: self.journal.done])

    @property
    def seconds(self) -> float:
        """How much of the stream is here."""
        return self._seconds

    def fetch(self, *, parallel: int, on_bytes: OnBytes) -> None:
        """Fetch what is missing. Whatever ends it, the journal tells what is here."""
        fetchers = Fetchers(self.plan, self._folder, self._policy, self._keys, first=self.journal.done, count=parallel)
        told_at = 0.0
        try:
            while self.journal.done < len(self.plan.pieces):
                number = self.journal.done
                path = fetchers.await_piece(number, BEAT)
                now = time.monotonic()
                if path is None or now - told_at >= BEAT:
                    told_at = now
                    on_bytes(self.journal.bytes + fetchers.received, self.journal.done, self._seconds)
                if path is not None:
                    self._append(self.plan.pieces[number], path)
                    fetchers.taken(number)
            on_bytes(self.journal.bytes, self.journal.done, self._seconds)
        finally:
            fetchers.stop()
            self.journal.close()

    def parts(self) -> tuple[tuple[Path, ...], str]:
        """The part files and the format that they all have. Raises `MediaUnsafe` for another one than a track may have."""
        paths = self.journal.parts()
        kinds = {_kind(path) for path in paths}
        if len(kinds) != 1 or not kinds <= FORMATS[self.plan.kind]:
            raise MediaUnsafe(_("The stream is not of a kind that can be kept."))
        return paths, kinds.pop()

    def _append(self, piece: Piece, path: Path) -> None:
        secret = self._keys.of(piece.key) if piece.key is not None else b""
        # Tags in front of packed sound stay out: in the midst of a file they would be noise.
        skip = piece_checked(path) if piece.key is None and self.plan.kind == "audio" else 0
        part = self.journal.open_part(piece.part)
        before = part.tell()
        length = appended(path, part, key=piece.key, secret=secret, sequence=piece.sequence, skip=skip)
        if piece.key is not None:
            part.flush()
            self._check_decrypted(piece.part, before)
        self.journal.note(piece.part, length)
        self._seconds += piece.seconds

    def _check_decrypted(self, part: int, start: int) -> None:
        with self.journal.part_path(part).open("rb") as file:
            file.seek(start)
            head = file.read(HEAD_BYTES)
        head_check(head[id3_length(head) :])


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return kind_of(file.read(HEAD_BYTES))
