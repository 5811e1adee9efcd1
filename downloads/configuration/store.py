"""The configuration of this moment, as every process and thread of this machine sees it.

One file, `CONFIGURATION_ROOT/downloads.json`, holds what differs from the defaults. A reader asks the disk one thing (the file's
time, size and inode) and reads it again when that changed, so a change is seen at the next call everywhere.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings

from downloads.configuration.checks import defaults, values_loaded
from downloads.configuration.files import backups_folder, configuration_path, file_read
from downloads.configuration.values import Configuration
from downloads.errors import ConfigurationInvalid, ConfigurationUnreadable

log = structlog.get_logger("configuration")

OnChange = Callable[[Configuration | None, Configuration], object]
"""Told what was valid before (None at the first look of a process) and what is valid now."""
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """`problem`: what is the matter with the file, "" for nothing; then `values` are the last good ones."""

    key: _Key
    values: Configuration
    problem: str = ""


_kept: _Kept | None = None
_turn = threading.RLock()
_told: list[OnChange] = []


def configuration() -> Configuration:
    """What is valid now. Never fails: while the file is damaged, it is what was valid before, else the newest readable backup."""
    return _looked().values


def configuration_problem() -> str:
    """Why the file cannot be read, in words for staff; "" when it can, or when there is none (the defaults hold)."""
    return _looked().problem


def configuration_sure() -> Configuration:
    """`configuration()` for writers and health: raises `ConfigurationUnreadable` while the file is damaged."""
    found = _looked()
    if found.problem:
        raise ConfigurationUnreadable(found.problem)
    return found.values


def on_change(function: OnChange) -> OnChange:
    """Have `function` called in this process whenever a look finds other values; its errors are logged. Usable as a decorator."""
    if function not in _told:
        _told.append(function)
    return function


def _looked() -> _Kept:
    kept, key = _kept, _key_now()
    return kept if kept is not None and kept.key == key else _load()


def _key_now() -> _Key:
    try:
        found = os.stat(f"{settings.CONFIGURATION_ROOT}/downloads.json")  # noqa: PTH116 — at every call: no Path is made
    except FileNotFoundError:
        return (*_places(), None)
    except OSError as error:
        return (*_places(), error.errno)
    return (*_places(), found.st_mtime_ns, found.st_size, found.st_ino)


def _places() -> _Key:
    """What else the values depend on; it changes in tests alone."""
    return (settings.CONFIGURATION_ROOT, settings.LIBRARY_ROOT, settings.DOWNLOADS_ROOT, settings.LOG_LEVEL)


def _load() -> _Kept:
    """Read the file; tell of a change exactly once. One thread at a time."""
    global _kept
    with _turn:
        key, former = _key_now(), _kept
        if former is not None and former.key == key:
            return former
        former_values = former.values if former is not None and former.key[:4] == key[:4] else None
        try:
            # The key is older than what is read: a change in between makes the next look read again.
            values, problem = values_loaded(file_read(configuration_path())), ""
        except FileNotFoundError:
            values, problem = defaults(), ""
        except (OSError, ValueError, ConfigurationInvalid) as error:
            problem = _problem(error)
            values = former_values or _from_backup() or defaults()
            log.error("configuration_unreadable", problem=problem)
        _kept = found = _Kept(key, values, problem)
        if former_values != values:
            _tell(former_values, values)
        return found


def _problem(error: Exception) -> str:
    if isinstance(error, ConfigurationInvalid):
        names = ", ".join(sorted(error.extra.get("fields", ())))
        return f"not valid: {names}" if names else "not valid JSON"
    return (os.strerror(error.errno) if error.errno else "") if isinstance(error, OSError) else str(error)


def _from_backup() -> Configuration | None:
    """The newest backup that can be read. Their names sort by their moments."""
    try:
        names = sorted(
            (one.name for one in os.scandir(backups_folder()) if one.name.startswith("backup_")), reverse=True
        )
    except OSError:
        return None
    for name in names:
        try:
            return values_loaded(file_read(backups_folder() / name))
        except (OSError, ValueError, ConfigurationInvalid):
            continue
    return None


def _tell(former: Configuration | None, values: Configuration) -> None:
    for function in _told:
        try:
            function(former, values)
        except Exception:
            log.exception("configuration_change_failed", function=getattr(function, "__name__", ""))
