"""The files of backups: `backups/backup_2025-10-22_12-30-45.json`, those that changes make end with `.auto.json`."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from core.media.errors import PathRefused
from core.media.paths import path_within
from downloads.configuration.files import backups_folder, file_write
from downloads.errors import BackupNotFound
from downloads.placing.disk import folder_sync

KEPT = 100
"""So many stay: of more, the oldest that changes made go first, then the oldest made by hand."""
_NAME = re.compile(r"backup_(\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})(?:_(\d{1,4}))?", re.ASCII)
_MOMENT = "%Y-%m-%d_%H-%M-%S"
_ENDINGS = {".auto.json": True, ".json": False}


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. `is_automatic`: a change made it, not a person."""

    name: str
    created_at: datetime
    size_bytes: int
    is_automatic: bool = False

    @property
    def path(self) -> Path:
        return backups_folder() / f"{self.name}{'.auto' if self.is_automatic else ''}.json"


def backups_found() -> list[Backup]:
    """All there are, newest first."""
    try:
        entries = list(os.scandir(backups_folder()))
    except FileNotFoundError:
        return []
    found = [backup for entry in entries if (backup := _backup_of(entry)) is not None]
    return sorted(found, key=_order, reverse=True)


def backup_found(name: str) -> Backup:
    """The backup of this name. Raises `BackupNotFound`, also for what is no name of one."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BackupNotFound()
    try:
        path_within(backups_folder(), name)
    except PathRefused:
        raise BackupNotFound() from None
    found = next((backup for backup in backups_found() if backup.name == name), None)
    if found is None:
        raise BackupNotFound()
    return found


def backup_write(content: bytes, *, is_automatic: bool) -> Backup:
    """Keep `content` under the name of this second, "_2" and so on for more in it. The caller has `writing_turn`."""
    moment = timezone.now().astimezone(UTC).replace(microsecond=0)
    stamp = f"backup_{moment.strftime(_MOMENT)}"
    taken = {backup.name for backup in backups_found()}
    names = (stamp if number == 1 else f"{stamp}_{number}" for number in range(1, 10_000))
    name = next(name for name in names if name not in taken)
    backup = Backup(name, moment, len(content), is_automatic)
    file_write(backup.path, content)
    _trim()
    return backup


def backup_remove(backup: Backup) -> None:
    """Delete its file for good. The caller has `writing_turn`. Raises `BackupNotFound` when somebody was quicker."""
    try:
        backup.path.unlink()
    except FileNotFoundError:
        raise BackupNotFound() from None
    folder_sync(backups_folder())


def aside_write(content: bytes) -> None:
    """Keep a damaged configuration, which is no backup, for a person to look at. The caller has `writing_turn`."""
    file_write(backups_folder() / f"damaged_{timezone.now().astimezone(UTC).strftime(_MOMENT)}.json", content)


def _trim() -> None:
    found = backups_found()
    surplus = sorted(found, key=lambda backup: (not backup.is_automatic, _order(backup)))
    # The newest is the one that was just made.
    for backup in [one for one in surplus if one != found[0]][: max(len(found) - KEPT, 0)]:
        backup_remove(backup)


def _backup_of(entry: os.DirEntry[str]) -> Backup | None:
    for ending, is_automatic in _ENDINGS.items():
        name = entry.name.removesuffix(ending)
        if name == entry.name or not (match := _NAME.fullmatch(name)):
            continue
        try:
            moment = datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC)
            return Backup(name, moment, entry.stat(follow_symlinks=False).st_size, is_automatic)
        except (ValueError, FileNotFoundError):
            return None
    return None


def _order(backup: Backup) -> tuple[datetime, int]:
    match = _NAME.fullmatch(backup.name)
    return backup.created_at, int(match[2] or 1) if match else 0
