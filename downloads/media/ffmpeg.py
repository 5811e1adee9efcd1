"""The one place that starts ffmpeg: local files only, no network, bounded in time, memory and processor.

What holds for every run (threats 6, 7 and 8):
- arguments are a list and never pass a shell; every input names its demuxer (`-f`), which must be one of `DEMUXERS`; so neither a
  playlist nor a device nor a filter graph can be an input, whatever a file is called;
- the protocols `file` and `pipe` alone, and the same demuxers alone for files that a file names (`concat`);
- an environment of three variables, a working folder of the caller, no standard input unless given;
- limits of processor time, address space, file size; no core file; nice; a process group of its own that dies with a
  cancelled or timed out run and, on Linux, with the thread that started it; a network namespace of its own where the kernel lets us.
"""

import contextlib
import functools
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from downloads.errors import DiskFull, DownloadFailed, FfmpegMissing, MediaBroken, RemuxFailed

LOG_BYTES = 64 * 1024
"""So much of the end of what ffmpeg says is kept."""
MAX_ALLOC = 256 * 1024**2
MEMORY = 3 * 1024**3
"""Bytes of address space, far above what is resident: threads reserve stacks and arenas that they never touch."""
FILE_SIZE = 256 * 1024**3
NICE = 10
BEAT = 0.5
DEMUXERS = frozenset(
    (
        *("mov", "mp4", "matroska", "webm", "mpegts", "mpeg", "avi", "flv", "asf", "ogg"),
        *("aac", "mp3", "ac3", "eac3", "flac", "wav", "truehd", "dts"),
        *("webvtt", "ass", "srt", "concat", "ffmetadata"),
    )
)
"""What an input may be. None of them follows addresses; `concat` follows names in the list that we write ourselves."""


@dataclass(frozen=True, slots=True)
class FfmpegOutcome:
    """How a run ended. `code` as a shell has it, negative for a signal. `log` is the end of its standard error.

    `seconds` by the clock, `cpu_seconds` of all its threads.
    """

    code: int
    log: str
    seconds: float
    cpu_seconds: float = 0.0
    is_timed_out: bool = False

    @property
    def is_ok(self) -> bool:
        """Also by the log: some versions end with 0 though the end of a file (a full disk, no place for the index) failed."""
        return self.code == 0 and not self.is_timed_out and "Error writing trailer" not in self.log

    def check(self, failure: type[DownloadFailed] = RemuxFailed) -> None:
        """Raise `failure` (or what the log says more exactly: a full disk) with the end of the log unless all went well."""
        if self.is_ok:
            return
        if "No space left on device" in self.log or self.code == -signal.SIGXFSZ:
            raise DiskFull()
        if self.is_timed_out:
            raise failure(_("ffmpeg took longer than %(seconds)d seconds.") % {"seconds": self.seconds})
        if self.code < 0 and failure is RemuxFailed:
            raise MediaBroken(_("ffmpeg died of signal %(signal)d.") % {"signal": -self.code})
        raise failure(log_told(self.log) or _("ffmpeg ended with code %(code)d.") % {"code": self.code})


def log_told(log: str) -> str:
    """The last lines of a log, short enough for a row and a page."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return "\n".join(lines[-4:])[-600:]


def ffmpeg_path() -> str:
    """The binary: `settings.FFMPEG`, else on PATH, else the one of the package imageio-ffmpeg. Raises `FfmpegMissing`."""
    named = settings.FFMPEG
    found = shutil.which(named) if named else shutil.which("ffmpeg") or _packaged()
    if not found:
        raise FfmpegMissing()
    return str(Path(found).resolve())


@functools.cache
def _packaged() -> str | None:
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        return None
    try:
        return str(get_ffmpeg_exe())
    except RuntimeError:
        return None


def file_argument(path: Path) -> str:
    """A path as ffmpeg takes it without reading a protocol or an option out of it."""
    return f"file:{path.absolute()}"


def ffmpeg_run(
    arguments: Sequence[str],
    *,
    folder: Path,
    seconds: float,
    on_progress: Callable[[float], None] | None = None,
    beat: Callable[[], None] | None = None,
    cpu_seconds: float | None = None,
    memory: int | None = None,
    stdin: IO[bytes] | int | None = None,
) -> FfmpegOutcome:
    """Run ffmpeg in `folder`, which must be the caller's own, for at most `seconds` by the clock.

    `arguments` begin with the first input (`-f`, demuxer, `-i`, …). `on_progress` hears the seconds of output written so far.
    `beat` is called at least once a second; what it (or `on_progress`) raises kills ffmpeg and goes on to the caller.
    `cpu_seconds`: of all threads together, `seconds` × cores unless given. `memory`: bytes of address space.
    Raises `FfmpegMissing`, and `ValueError` for arguments that this module does not let through.
    """
    command = [ffmpeg_path(), "-nostdin", "-hide_banner", "-y", "-v", "warning", "-max_alloc", str(MAX_ALLOC)]
    command += ["-nostats", *(["-progress", "pipe:1", "-stats_period", "0.5"] if on_progress else [])]
    command += arguments_guarded(arguments)
    began = time.monotonic()
    child = subprocess.Popen(  # noqa: S603 — a list of our own making, see arguments_guarded
        [*_wrappers(), *command],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE if on_progress else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _limit(child.pid, cpu_seconds or seconds * (os.cpu_count() or 1), memory or MEMORY)
        log, is_timed_out = _listen(child, began + seconds, on_progress, beat)
    except BaseException:
        _kill(child)
        child.wait()
        raise
    finally:
        for pipe in (child.stdout, child.stderr):
            if pipe:
                pipe.close()
    code, cpu = _reap(child)
    return FfmpegOutcome(code, log, time.monotonic() - began, cpu, is_timed_out)


def arguments_guarded(arguments: Sequence[str]) -> list[str]:
    """The arguments with the rules for inputs put before each `-i`; `ValueError` where one is named without its demuxer."""
    guarded: list[str] = []
    demuxer = ""
    values = iter(arguments)
    for argument in values:
        if "\0" in argument:
            raise ValueError("an argument holds a NUL")
        if argument in ("-i", "-f"):
            value = next(values, "")
            if argument == "-f":
                demuxer = value
            else:
                if demuxer not in DEMUXERS:
                    raise ValueError(f"input {value!r} has no demuxer that may be used: {demuxer!r}")
                allowed = ",".join(sorted(DEMUXERS)) if demuxer == "concat" else demuxer
                guarded += ["-protocol_whitelist", "file,pipe", "-format_whitelist", allowed]
                demuxer = ""
            guarded += [argument, value]
        else:
            guarded.append(argument)
    return guarded


@functools.cache
def _wrappers() -> tuple[str, ...]:
    """Small programs that change themselves and then become ffmpeg: no network, and death with the parent. Each where it works."""
    if not sys.platform.startswith("linux"):
        return ()
    found: list[str] = []
    if setpriv := shutil.which("setpriv"):
        found += _works([setpriv, "--pdeathsig=KILL", "--"])
    if unshare := shutil.which("unshare"):
        # root needs no namespace of users, in which the files of others would be closed to it
        found += _works([unshare, "--net", "--"] if os.geteuid() == 0 else [unshare, "--map-root-user", "--net", "--"])
    return tuple(found)


def _works(wrapper: list[str]) -> list[str]:
    true = shutil.which("true")
    if not true:
        return []
    try:
        tried = subprocess.run(  # noqa: S603 — our own list
            [*wrapper, true], check=False, capture_output=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return wrapper if tried.returncode == 0 else []


def _limit(pid: int, cpu_seconds: float, memory: int) -> None:
    """Limits from outside: nothing of ours runs between fork and exec, where threads may hold locks."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICE)
    try:
        from resource import RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, RLIMIT_FSIZE, prlimit
    except ImportError:  # not Linux: the clock alone ends it
        return
    cpu = max(1, int(cpu_seconds))
    for limit, value in ((RLIMIT_CPU, cpu), (RLIMIT_AS, memory), (RLIMIT_FSIZE, FILE_SIZE), (RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            prlimit(pid, limit, (value, value))


def _listen(
    child: subprocess.Popen[bytes],
    deadline: float,
    on_progress: Callable[[float], None] | None,
    beat: Callable[[], None] | None,
) -> tuple[str, bool]:
    """Read what it says until it says no more. Returns the end of its log and whether its time ran out."""
    log = bytearray()
    line = bytearray()
    is_timed_out = False
    next_beat = time.monotonic() + BEAT
    with selectors.DefaultSelector() as selector:
        for pipe in (child.stdout, child.stderr):
            if pipe:
                selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            now = time.monotonic()
            if now >= deadline and not is_timed_out:
                is_timed_out = True
                _kill(child)
            for key, _event in selector.select(timeout=max(0.0, min(BEAT, next_beat - now))):
                data = os.read(key.fd, 65_536)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fileobj is child.stderr:
                    log += data
                    del log[:-LOG_BYTES]
                elif on_progress:
                    _progress_told(line, data, on_progress)
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + BEAT
                if beat:
                    beat()
    return log.decode("utf-8", "replace"), is_timed_out


def _progress_told(rest: bytearray, data: bytes, on_progress: Callable[[float], None]) -> None:
    rest += data
    *lines, last = bytes(rest).split(b"\n")
    rest[:] = last[-1000:]
    for line in lines:
        name, _equals, value = line.partition(b"=")
        if name == b"out_time_us" and value.strip().isdigit():
            on_progress(int(value) / 1_000_000)


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        child.kill()


def _reap(child: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Its exit code and the seconds of processor that it took."""
    try:
        _pid, status, usage = os.wait4(child.pid, 0)
    except ChildProcessError:
        return child.wait(), 0.0
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime
