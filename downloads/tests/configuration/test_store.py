"""What is valid now: seen at the next call, by every thread, whatever is the matter with the file."""

import json
import os
import threading
import timeit
from pathlib import Path

import pytest
from django.conf import LazySettings, settings

from downloads.configuration import store
from downloads.configuration.backups import backup_create, backups_list, configuration_reset
from downloads.configuration.changing import configuration_set, configuration_validate
from downloads.configuration.store import configuration, configuration_problem, configuration_sure, on_change
from downloads.configuration.values import Configuration
from downloads.errors import ConfigurationInvalid, ConfigurationUnreadable

pytestmark = pytest.mark.once


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The attempts before and after each change."""
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(store, "_told", [])
    on_change(lambda former, values: found.append((former.max_attempts if former else 0, values.max_attempts)))
    return found


def put(place: Path, content: bytes) -> None:
    place.mkdir(parents=True, exist_ok=True)
    (place / "new").write_bytes(content)
    (place / "new").rename(place / "downloads.json")


def test_without_a_file_the_defaults_hold(place: Path) -> None:
    values = configuration()
    assert (values.anime_directory, values.download_directory) == (
        str(settings.LIBRARY_ROOT),
        str(settings.DOWNLOADS_ROOT),
    )
    assert (values.log_level, values.max_attempts) == ("warning", Configuration().max_attempts)
    assert configuration_problem() == ""
    assert not place.exists()  # looking makes nothing


def test_another_process_changes_it(place: Path, told: list[tuple[int, int]]) -> None:
    assert configuration().max_attempts == 5
    for attempts in (7, 8, 7):
        put(place, json.dumps({"max_attempts": attempts}).encode())
        assert configuration().max_attempts == attempts
    (place / "downloads.json").unlink()
    assert configuration().max_attempts == 5
    assert told == [(0, 5), (5, 7), (7, 8), (8, 7), (7, 5)]


def test_a_look_costs_one_question_to_the_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place, b'{"max_attempts": 7}')
    assert configuration().max_attempts == 7
    asked: list[str] = []
    stat = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **more: (asked.append(str(path)), stat(path, **more))[1])
    monkeypatch.setattr(store, "file_read", None)
    assert configuration().max_attempts == 7
    assert asked == [str(place / "downloads.json")]
    monkeypatch.undo()
    assert min(timeit.repeat(configuration, number=200, repeat=5)) / 200 < 0.001


def test_ten_threads_are_told_once(place: Path, told: list[tuple[int, int]]) -> None:
    configuration()
    put(place, b'{"max_attempts": 9}')
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(configuration().max_attempts)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [9] * 10
    assert told == [(0, 5), (5, 9)]


def test_a_listener_that_fails_stops_nobody(place: Path, told: list[tuple[int, int]]) -> None:
    on_change(lambda _former, _values: 1 // 0)
    on_change(lambda _former, values: told.append((-1, configuration().max_attempts)))  # it may look, too
    assert configuration().max_attempts == 5
    assert told == [(0, 5), (-1, 5)]


DAMAGED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"max_attempts": "many"}',
    b'{"max_attempts": 1000000}',
    b'{"allowed_hosts": ["127.0.0.1"]}',
    b'{"naming_template": "../{title}"}',
    b"[" * 100_000,
    b" " * (1024 * 1024 + 1),
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_stops_writers_and_no_reader(place: Path, content: bytes) -> None:
    put(place, b'{"max_attempts": 7}')
    assert configuration().max_attempts == 7
    put(place, content)
    assert configuration().max_attempts == 7  # the last good one
    assert configuration_problem()
    for call in (
        configuration_sure,
        backup_create,
        lambda: configuration_validate({"max_attempts": 3}),
        lambda: configuration_set(None, {"max_attempts": 3}),
    ):
        with pytest.raises(ConfigurationUnreadable) as caught:
            call()
        assert caught.value.code == "configuration_unreadable"
    assert (place / "downloads.json").read_bytes() == content
    put(place, b'{"max_attempts": 8}')
    assert (configuration_sure().max_attempts, configuration_problem()) == (8, "")


def test_a_process_that_starts_with_a_damaged_file_takes_the_newest_readable_backup(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for attempts in (7, 8, 9):
        configuration_set(None, {"max_attempts": attempts})
    newest = backups_list()[0]
    newest.path.write_bytes(b"damaged")
    put(place, b"damaged")
    monkeypatch.setattr(store, "_kept", None)
    assert configuration().max_attempts == 7  # the newest holds 8, and is damaged
    for backup in backups_list():
        backup.path.unlink()
    monkeypatch.setattr(store, "_kept", None)
    assert configuration().max_attempts == 5
    assert configuration_problem() == "not valid JSON"


def test_a_damaged_file_without_backups_is_put_aside(place: Path) -> None:
    put(place, b"damaged")
    assert configuration_reset().max_attempts == 5
    assert configuration_problem() == ""
    assert backups_list() == []
    assert [path.read_bytes() for path in (place / "backups").glob("damaged_*")] == [b"damaged"]


def test_a_folder_in_its_place_or_a_link_to_nowhere(place: Path) -> None:
    (place / "downloads.json").mkdir(parents=True)
    assert configuration().max_attempts == 5
    assert configuration_problem()
    (place / "downloads.json").rmdir()
    (place / "downloads.json").symlink_to(place / "downloads.json")
    assert configuration().max_attempts == 5
    assert configuration_problem()


def test_what_a_later_version_knows_is_left_out(place: Path) -> None:
    put(place, b'{"max_attempts": 7, "of_tomorrow": {"a": 1}}')
    assert configuration_sure().max_attempts == 7


def test_defaults_of_a_moved_installation_move_with_it(place: Path, settings: LazySettings, tmp_path: Path) -> None:
    configuration_set(None, {"max_attempts": 7})
    assert b"library" not in (place / "downloads.json").read_bytes()
    settings.LIBRARY_ROOT = tmp_path / "elsewhere"
    assert configuration().anime_directory == str(tmp_path / "elsewhere")
    assert configuration().max_attempts == 7


def test_files_are_the_servers_alone(place: Path) -> None:
    configuration_set(None, {"max_attempts": 7})
    files = [path for path in place.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (place, place / "backups")} == {0o700}


def test_invalid_is_told_apart_from_unreadable(place: Path) -> None:
    with pytest.raises(ConfigurationInvalid):
        configuration_set(None, {"max_attempts": 0})
    assert not (place / "downloads.json").exists()
