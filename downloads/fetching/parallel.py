"""Pieces fetched by several threads, appended in order by one."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from core import egress
from core.egress import EgressBadAnswer, EgressError, EgressRefused, EgressTooLarge
from core.errors import DomainError
from downloads.errors import SegmentFailed, SourceChanged
from downloads.fetching.bandwidth import bucket
from downloads.fetching.checking import piece_checked
from downloads.fetching.decrypting import Keys
from downloads.fetching.pieces import Piece, TrackPlan

TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.4, 15.0
GONE = frozenset({401, 403, 404, 410})
"""What an address that has run out answers: asked for anew a few times, then the source is looked up again."""
GONE_TRIES = 2
AHEAD = 2
"""So many times the number of threads may be fetched ahead of what was appended."""


class Stopped(Exception):
    """The thread that appends wants no more."""


class Fetchers:
    """`count` threads that fetch the pieces of a plan from `first` on into files of their own.

    `await_piece` gives the file of a piece, in any order the caller likes; `received` counts all bytes of pieces that have not
    been taken yet. `stop` ends the threads; it waits until they have let go.
    """

    def __init__(
        self, plan: TrackPlan, folder: Path, policy: egress.Policy, keys: Keys, *, first: int, count: int
    ) -> None:
        self._plan, self._folder, self._keys = plan, folder, keys
        # Where so many ask at once, one hiccup of the host is as many failures: it is no reason to leave it alone for long.
        self._policy = replace(policy, breaker_failures=max(policy.breaker_failures, 4 * count))
        self._next, self._taken = first, first
        self._window = AHEAD * count
        self._lock = threading.Condition()
        self._ready: dict[int, Path] = {}
        self._bytes: dict[int, int] = {}
        self._spent: list[Path] = []
        self._error: BaseException | None = None
        self._is_stopped = threading.Event()
        names = min(count, len(plan.pieces) - first)
        self._threads = [threading.Thread(target=self._work, name=f"fetch-{n}", daemon=True) for n in range(names)]
        for thread in self._threads:
            thread.start()

    @property
    def received(self) -> int:
        """Bytes that are here and not appended."""
        with self._lock:
            return sum(self._bytes.values())

    def await_piece(self, number: int, seconds: float) -> Path | None:
        """The file of a piece, None when it is not here after `seconds`. Raises what ended the fetching."""
        with self._lock:
            self._lock.wait_for(lambda: number in self._ready or self._error is not None, timeout=seconds)
            if self._error is not None:
                raise self._error
            return self._ready.get(number)

    def taken(self, number: int) -> None:
        """The piece was appended: its file may go, and others may be fetched."""
        with self._lock:
            path = self._ready.pop(number, None)
            self._bytes.pop(number, None)
            self._taken = number + 1
            if path is not None:
                # Removing a file takes as long as appending it: the threads do that, not the one that appends.
                self._spent.append(path)
            self._lock.notify_all()

    def stop(self, seconds: float = 2.0) -> None:
        """End the threads, waiting `seconds` at most; what is whole stays for another time. One that hangs on a silent host
        ends later, and leaves nothing behind.
        """
        self._is_stopped.set()
        with self._lock:
            self._lock.notify_all()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._tidy()

    def _tidy(self) -> None:
        """Remove the files of pieces that were appended."""
        while True:
            with self._lock:
                if not self._spent:
                    return
                path = self._spent.pop()
            path.unlink(missing_ok=True)

    def _work(self) -> None:
        try:
            while (number := self._claimed()) is not None:
                path = self._fetched(number, self._plan.pieces[number])
                with self._lock:
                    self._ready[number] = path
                    self._bytes[number] = path.stat().st_size
                    self._lock.notify_all()
                self._tidy()
        except Stopped:
            return
        except BaseException as error:
            with self._lock:
                self._error = self._error or error
                self._lock.notify_all()
            self._is_stopped.set()

    def _claimed(self) -> int | None:
        with self._lock:
            self._lock.wait_for(lambda: self._is_stopped.is_set() or self._next < self._taken + self._window)
            if self._is_stopped.is_set() or self._next >= len(self._plan.pieces):
                return None
            self._next += 1
            return self._next - 1

    def _fetched(self, number: int, piece: Piece) -> Path:
        """The piece's file: there from before, or fetched with several tries."""
        path = self._folder / f"track-{self._plan.number}.piece-{number}"
        if path.exists():
            return path
        growing = path.with_name(f"{path.name}.growing")
        growing.unlink(missing_ok=True)
        for attempt in range(1, TRIES + 1):
            try:
                if piece.key is not None:
                    self._keys.of(piece.key)
                self._ask(number, piece, growing)
                if piece.key is None and not self._plan.is_file:
                    piece_checked(growing)
            except (EgressRefused, EgressTooLarge):
                raise
            except (EgressError, SegmentFailed) as error:
                self._pause(number, attempt, error, growing)
                continue
            self._wait(0)  # a thread that hung until now must not touch what others fetch in its place
            growing.replace(path)
            return path
        raise SegmentFailed(extra={"segment": number})

    def _ask(self, number: int, piece: Piece, growing: Path) -> None:
        counted = 0

        def came(done: int, _total: int | None) -> None:
            nonlocal counted
            fresh, counted = done - counted, done
            with self._lock:
                self._bytes[number] = done
            self._wait(bucket.spend(max(0, fresh)))

        span = (piece.span.offset, piece.span.length) if piece.span else None
        offset = counted = growing.stat().st_size if growing.exists() else 0
        answer = egress.fetch_to_file(
            piece.url,
            policy=self._policy,
            path=growing,
            offset=offset,
            span=span,
            headers=self._plan.headers,
            on_progress=came,
        )
        if answer.status == 412:
            raise SourceChanged()
        if not answer.is_ok:
            raise SegmentFailed(
                _("A segment was answered with %(status)s.") % {"status": answer.status},
                extra={"segment": number, "status": answer.status},
            )
        if piece.span and growing.stat().st_size != piece.span.length:
            raise SegmentFailed(_("A segment is not whole."), extra={"segment": number})

    def _pause(self, number: int, attempt: int, error: DomainError, growing: Path) -> None:
        """Wait before the next try; raises the error when there is none."""
        is_gone = error.extra.get("status") in GONE
        # With `If-Range` an answer that is no piece says that the file is another one now.
        is_changed = isinstance(error, EgressBadAnswer) and bool(self._plan.headers)
        if attempt >= (GONE_TRIES if is_gone or is_changed else TRIES):
            raise error if isinstance(error, SegmentFailed) else _failed(number, error)
        asked = float(getattr(error, "retry_after", None) or 0.0)
        if isinstance(error, SegmentFailed):
            growing.unlink(missing_ok=True)
        self._wait(min(LONGEST_PAUSE, max(asked, FIRST_PAUSE * 2 ** (attempt - 1))))

    def _wait(self, seconds: float) -> None:
        if self._is_stopped.wait(seconds) if seconds > 0 else self._is_stopped.is_set():
            raise Stopped


def _failed(number: int, error: DomainError) -> SegmentFailed:
    failed = SegmentFailed(str(error.detail or error.title), extra={"segment": number, "reason": error.code})
    with suppress(AttributeError):
        failed.retry_after = error.retry_after  # type: ignore[attr-defined]
    return failed
