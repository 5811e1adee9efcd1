"""Making pieces while somebody waits: one run a file at a time, a few in all, each some pieces ahead of the reader."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from core.errors import DomainError, ServiceUnavailable
from downloads.errors import DiskFull, MediaBroken
from downloads.media.children import children
from downloads.serving.plans import SMALL_HEIGHT, Cut, tracks_of
from downloads.serving.store import folder_lock, folder_use, pieces_trim

log = structlog.get_logger(__name__)

RUNS = 2
WAITERS = 4
"""So many requests wait at a time; others are told to come back, so that pieces take no thread from pages."""
WAIT_SECONDS = 15.0
AHEAD = {"video": 10, "audio": 10, "aac": 10, "h264": 3}
SECONDS = {"video": 60.0, "audio": 60.0, "aac": 120.0, "h264": 300.0}
SOON = 2
NEAR = 3
"""When so few pieces lie ahead of the reader the next run begins."""
TRIM_SECONDS = 60.0

_changed = threading.Condition()
_runs: dict[str, "Run"] = {}
_slots = threading.BoundedSemaphore(RUNS)
_waiters = threading.BoundedSemaphore(WAITERS)
_trimmed_at = 0.0


@dataclass(eq=False)
class Run:
    """One child at work: pieces `first` to before `end` of a track, `made` the last that is there."""

    key: str
    track: str
    first: int
    end: int
    stop: Path
    made: int = -1
    error: DomainError | None = None
    is_over: bool = False
    is_stopping: bool = field(default=False)

    def makes(self, track: str, number: int) -> bool:
        """Whether it comes to this piece soon; to begin anew is quicker than to wait for more than `SOON` before it."""
        is_in = self.first <= number < self.end and number <= max(self.made + 1, self.first) + SOON
        return not self.is_stopping and self.track == track and is_in


def piece_name(track: str, number: int) -> str:
    """The file of a piece."""
    return f"{track}-{number:05d}.m4s"


def piece_made(cut: Cut, *, path: Path, key: str, folder: Path, track: str, number: int | None) -> Path:
    """The piece's file (`number` None: the track's head), made if need be within `WAIT_SECONDS`.

    Raises `ServiceUnavailable` when too many wait or it takes too long, `MediaBroken` and `DiskFull` when it cannot be made.
    """
    wanted = folder / (f"{track}-init.mp4" if number is None else piece_name(track, number))
    if not wanted.is_file():
        if not _waiters.acquire(blocking=False):
            raise ServiceUnavailable(headers={"Retry-After": "1"})
        try:
            _await(cut, path, key, folder, track, number, wanted)
        finally:
            _waiters.release()
    folder_use(folder)
    if number is not None:
        _look_ahead(cut, path, key, folder, track, number)
    return wanted


def _await(cut: Cut, path: Path, key: str, folder: Path, track: str, number: int | None, wanted: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    first, ahead = number or 0, 1 if number is None else AHEAD[tracks_of(cut)[track][1]]
    mine: Run | None = None
    with _changed:
        while not wanted.is_file():
            if mine is not None and mine.is_over:
                raise mine.error or MediaBroken()
            run = _runs.get(key)
            if run is None:
                mine = _begin(cut, path, key, folder, track, first, ahead)
            elif run.makes(track, first):
                mine = run
            elif run.track == track and not run.is_stopping:
                # The reader has gone elsewhere in the film: what is being made is for nobody.
                run.is_stopping = True
                run.stop.touch()
            left = deadline - time.monotonic()
            if left <= 0:
                raise ServiceUnavailable(headers={"Retry-After": "2"})
            _changed.wait(min(0.25, left))


def _look_ahead(cut: Cut, path: Path, key: str, folder: Path, track: str, number: int) -> None:
    """Begin the next run before the reader comes to the end of what is there."""
    near = range(number + 1, min(number + 1 + NEAR, cut.count))
    missing = next((n for n in near if not (folder / piece_name(track, n)).exists()), None)
    if missing is not None:
        with _changed:
            if key not in _runs:
                _begin(cut, path, key, folder, track, missing, AHEAD[tracks_of(cut)[track][1]])


def _begin(cut: Cut, path: Path, key: str, folder: Path, track: str, first: int, ahead: int) -> Run:
    """Start a thread for the pieces from `first` on, up to the first that is there already. The caller holds `_changed`."""
    last = min(first + ahead, cut.count)
    end = next((n for n in range(first + 1, last) if (folder / piece_name(track, n)).exists()), last)
    run = Run(key, track, first, end, folder / f".stop-{uuid.uuid4().hex}")
    _runs[key] = run
    threading.Thread(target=_work, args=(cut, path, folder, run), name=f"pieces-{key[:6]}", daemon=True).start()
    return run


def _work(cut: Cut, path: Path, folder: Path, run: Run) -> None:
    try:
        with _slots, folder_lock(folder):
            _make(cut, path, folder, run)
    except DomainError as error:
        run.error = error
        log.warning("pieces_failed", error=error.code, detail=str(error.detail)[:200], track=run.track, first=run.first)
    except Exception as error:
        run.error = MediaBroken()
        log.exception("pieces_crashed", error=str(error)[:200])
    finally:
        run.stop.unlink(missing_ok=True)
        with _changed:
            run.is_over = True
            _runs.pop(run.key, None)
            _changed.notify_all()
    _trim_sometimes()


def _make(cut: Cut, path: Path, folder: Path, run: Run) -> None:
    stream, way = tracks_of(cut)[run.track]
    try:
        children().ask(
            "pieces",
            seconds=SECONDS[way],
            on_progress=lambda number: _tell(run, int(number)),
            path=str(path),
            demuxer=cut.demuxer,
            stream=stream,
            way=way,
            bounds=list(cut.bounds[run.first : run.end + 1]),
            is_last=run.end == cut.count,
            first=run.first,
            folder=str(folder),
            name=run.track,
            stop=str(run.stop),
            height=SMALL_HEIGHT,
            shift=cut.index["delay"],
            **{name: cut.index[name] for name in ("num", "den", "is_decoding", "lead")},
        )
    except MediaBroken as error:
        if "No space left" in str(error.detail) or "Errno 28" in str(error.detail):
            pieces_trim(0)
            raise DiskFull() from error
        raise


def _tell(run: Run, number: int) -> None:
    with _changed:
        run.made = number
        _changed.notify_all()


def _trim_sometimes() -> None:
    global _trimmed_at
    if time.monotonic() - _trimmed_at > TRIM_SECONDS:
        _trimmed_at = time.monotonic()
        pieces_trim()
