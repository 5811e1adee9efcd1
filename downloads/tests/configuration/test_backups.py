"""Backups: one before every change, restored only when they fit, reached by no other name than theirs."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from downloads.configuration import backup_files
from downloads.configuration.backups import backup_create, backup_delete, backup_restore, backups_list
from downloads.configuration.changing import configuration_set
from downloads.configuration.store import configuration
from downloads.errors import BackupNotFound, ConfigurationInvalid, ConfigurationUnreadable

pytestmark = pytest.mark.once

MOMENT = datetime(2025, 10, 22, 12, 30, 45, tzinfo=UTC)


def test_a_change_backs_up_what_was_there(place: Path) -> None:
    with time_machine.travel(MOMENT, tick=False):
        configuration_set(None, {"max_attempts": 7})
        configuration_set(None, {"max_attempts": 8})
    found = backups_list()
    assert [backup.name for backup in found] == ["backup_2025-10-22_12-30-45_2", "backup_2025-10-22_12-30-45"]
    assert all(backup.is_automatic and backup.created_at == MOMENT for backup in found)
    assert [backup.size_bytes for backup in found] == [backup.path.stat().st_size for backup in found]
    assert backup_restore(found[0].name).max_attempts == 7
    assert backup_restore(found[1].name).max_attempts == 5
    assert configuration().max_attempts == 5


def test_by_hand_restored_and_deleted(place: Path) -> None:
    configuration_set(None, {"max_attempts": 7, "allowed_hosts": ["cdn.example.org"]})
    backup = backup_create()
    assert not backup.is_automatic
    configuration_set(None, {"max_attempts": 9, "allowed_hosts": []})
    before = len(backups_list())
    restored = backup_restore(backup.name)
    assert (restored.max_attempts, restored.allowed_hosts) == (7, ("cdn.example.org",))
    assert len(backups_list()) == before + 1  # the present one was kept before
    backup_delete(backup.name)
    assert backup.name not in [one.name for one in backups_list()]
    for call in (backup_delete, backup_restore):
        with pytest.raises(BackupNotFound):
            call(backup.name)


def test_a_backup_that_does_not_fit_any_more(place: Path, tmp_path: Path) -> None:
    (tmp_path / "anime").mkdir()
    configuration_set(None, {"anime_directory": str(tmp_path / "anime")})
    backup = backup_create()
    configuration_set(None, {"anime_directory": str(tmp_path / "data" / "library")})
    (tmp_path / "anime").rmdir()
    before, count = configuration(), len(backups_list())
    with pytest.raises(ConfigurationInvalid) as caught:
        backup_restore(backup.name)
    assert list(caught.value.extra["fields"]) == ["anime_directory"]
    backup.path.write_bytes(b"damaged")
    with pytest.raises(ConfigurationUnreadable):
        backup_restore(backup.name)
    assert (configuration(), len(backups_list())) == (before, count)


def test_a_damaged_configuration_is_restored_from_a_backup(place: Path) -> None:
    configuration_set(None, {"max_attempts": 7})
    backup = backup_create()
    (place / "downloads.json").write_bytes(b"damaged")
    assert backup_restore(backup.name).max_attempts == 7
    assert [path.read_bytes() for path in (place / "backups").glob("damaged_*")] == [b"damaged"]


HOSTILE = [
    "",
    ".",
    "..",
    "../downloads",
    "../../x",
    "backup_2025-10-22_12-30-45/../../downloads",
    "backup_2025-10-22_12-30-45.json",
    "backup_2025-10-22_12-30-45.auto",
    "backup_2025-10-22_12-30-45\x00",
    "backup_2025-10-22_12-30-45\n",
    "backup_2025-10-22_12-30-45%00",
    "..%2fdownloads",
    "%2e%2e%2fdownloads",
    "..\\downloads",
    "/etc/passwd",
    "downloads",
    "damaged_2025-10-22_12-30-45",
    "backup_٢٠٢٥-10-22_12-30-45",
    "backup_2025-10-22_12-30-45_" + "1" * 300,
    "a" * 5000,
    "backup_2025-99-99_12-30-45",
    "\ud800",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_are_none_find_nothing_and_change_nothing(place: Path, name: str) -> None:
    with time_machine.travel(MOMENT, tick=False):
        configuration_set(None, {"max_attempts": 7})
    (place / "backups" / "damaged_2025-10-22_12-30-45.json").write_bytes(b"{}")
    (place / "backups" / "backup_2025-99-99_12-30-45.json").write_bytes(b"{}")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    for call in (backup_restore, backup_delete):
        with pytest.raises(BackupNotFound) as caught:
            call(name)
        assert caught.value.status == 404
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_at_most_so_many_stay_and_those_by_hand_stay_longest(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_files, "KEPT", 5)
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    names = []
    for turn in range(12):
        with time_machine.travel(MOMENT + timedelta(minutes=turn), tick=False):
            if turn in (1, 3):
                names.append(backup_create().name)
            else:
                configuration_set(None, {"max_attempts": 1 + turn})
    found = backups_list()
    assert len(found) == 5
    assert [backup.name for backup in found if not backup.is_automatic] == names[::-1]
    assert [backup.created_at.minute for backup in found if backup.is_automatic] == [41, 40, 39]
    made = []
    for turn in range(20, 27):
        with time_machine.travel(MOMENT + timedelta(minutes=turn), tick=False):
            made.append(backup_create().name)
    assert [backup.name for backup in backups_list()] == made[:-6:-1]
