"""Every value is tried before it is kept; a change that is refused changes nothing on disk."""

import errno
import os
import sys
import threading
from pathlib import Path

import django
import pytest
from django.conf import settings

from downloads.configuration import files, folders
from downloads.configuration.backups import backups_list
from downloads.configuration.changing import configuration_set, configuration_validate
from downloads.configuration.checks import BOUNDS, values_dumped, values_loaded
from downloads.configuration.store import configuration
from downloads.errors import ConfigurationInvalid, DiskFull

pytestmark = pytest.mark.once


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


def refused(changes: object, place: Path) -> dict[str, list[str]]:
    """What is said about changes that both ways refuse; they leave the disk alone."""
    before = tree(place.parent)
    with pytest.raises(ConfigurationInvalid) as tried:
        configuration_validate(changes)
    with pytest.raises(ConfigurationInvalid) as caught:
        configuration_set(None, changes)
    assert (caught.value.status, caught.value.code) == (422, "configuration_invalid")
    assert caught.value.extra == tried.value.extra
    assert tree(place.parent) == before
    return caught.value.extra["fields"]


GOOD = {
    "naming_template": ["{title} {episode}"],
    "container": ["mkv"],
    "bandwidth": [0, 16 * 1024, 10 * 1024**3],
    "quiet_hours": [[], ["22:00-06:30"], ["00:00-08:00", "20:00-23:59"]],
    "time_zone": ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"],
    "allowed_hosts": [["cdn.example.org"], [".example.org", "a.b.example.org:8443"], ["8.8.8.8"], ["media"]],
    "language": ["", "de", "pt-BR", "zh-Hant-TW"],
    "variant": ["dub", "sub", "raw", ""],
    "log_level": ["debug", "error"],
    "scan_on_change": [False, True],
    "session_timeout_hours": [1, 720],
    "recycle_days": [0, 365],
}


def test_what_may_be(place: Path) -> None:
    for name, values in GOOD.items():
        for value in values:
            found = getattr(configuration_set(None, {name: value}), name)
            assert found == (tuple(value) if isinstance(value, list) else value)
            assert configuration_validate({name: value}) == configuration()
    assert values_loaded(values_dumped(configuration())) == configuration()


def test_hosts_and_spans_are_kept_in_one_form(place: Path) -> None:
    found = configuration_set(
        None,
        {
            "allowed_hosts": [" CDN.Example.org. ", "cdn.example.org", ".Exämple.ORG:0443"],
            "quiet_hours": ["22:00-24:00", "22:00-00:00"],
        },
    )
    assert found.allowed_hosts == ("cdn.example.org", ".xn--exmple-cua.org:443")
    assert found.quiet_hours == ("22:00-00:00",)


NO_HOSTS = """
    * . *.example.org .org http://example.org example.org/path user@example.org -a.org a..b a.org: a.org:0 a.org:65536 a.org:x
    a.org:80:80 127.0.0.1 127.0.0.1:8000 10.1.2.3 192.168.1.1 169.254.169.254 0.0.0.0 127.1 2130706433 0x7f.0.0.1 0177.0.0.1
    [::1] ::1 [::ffff:127.0.0.1] .8.8.8.8 \u0661.org:\u0661
"""
BAD_VALUES: dict[str, list[object]] = {
    **{name: [least - 1, most + 1, str(least), None, 1.5, True] for name, (least, most) in BOUNDS.items()},
    "allowed_hosts": [
        "cdn.example.org",
        [1],
        None,
        {"a": 1},
        ["a.example"] * 501,
        [""],
        ["a b.org"],
        ["\x00"],
        ["a.org\n.b"],
    ],
    "quiet_hours": [
        "22:00-06:00",
        [2200],
        ["22:00"],
        ["22:00-22:00"],
        ["00:00-24:00"],
        ["24:00-01:00"],
        ["25:00-01:00"],
        None,
    ],
    "time_zone": ["", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "Europe", "UTC\x00", 1, None],
    "language": ["German", "d", "de_DE", "DE", "de-" + "a" * 20, 1, None],
    "log_level": ["trace", "DEBUG", "", 10, None, ["info"]],
    "container": ["avi", "", None],
    "variant": ["ova", None],
    "scan_on_change": [0, 1, "yes", None],
    "naming_template": ["", "{title.__class__} {episode}", "../{title} {episode}", None, 1, ["{title}"]],
    "anime_directory": ["", "relative", "./x", "/a/../b", "/a\x00b", "/a\nb", "/" + "a" * 1000, None, 1],
    "unknown": [1],
    "__class__": ["x"],
    "": [1],
}
MORE: dict[str, list[object]] = {
    "bandwidth": [1, 16 * 1024 - 1],
    "allowed_hosts": [[host] for host in (*NO_HOSTS.split(), "a" * 64 + ".org")],
    "quiet_hours": [["22:60-01:00"], ["2:00-3:00"], ["22:00-06:00"] * 25],
}
BAD = [(name, value) for table in (BAD_VALUES, MORE) for name, values in table.items() for value in values]


def test_what_may_not_be(place: Path) -> None:
    for name, value in BAD:
        try:
            found = refused({name: value, "max_attempts": 3} if name != "max_attempts" else {name: value}, place)
        except pytest.fail.Exception:
            pytest.fail(f"{name} = {value!r} was taken")
        assert list(found) == [name], (name, value, found)
        assert all(found[name]), (name, value)


@pytest.mark.parametrize("changes", [None, [], "x", 1, [("max_attempts", 3)]])
def test_changes_that_are_none(place: Path, changes: object) -> None:
    assert refused(changes, place) == {}


def test_all_that_is_wrong_is_said_at_once(place: Path) -> None:
    found = refused({"max_attempts": 0, "quality": -1, "time_zone": "x", "log_level": "error"}, place)
    assert sorted(found) == ["max_attempts", "quality", "time_zone"]


SYSTEM = [
    "/",
    "/etc",
    "/etc/x",
    "/proc/self",
    "/usr/share",
    "/dev/shm",
    "/var",
    "/tmp",
    "/home",
    "/sys",
    "/run",
    "/var/log",
]


@pytest.mark.parametrize("name", ["anime_directory", "download_directory"])
def test_folders_that_are_not_the_operators_to_give(place: Path, tmp_path: Path, name: str) -> None:
    data = Path(settings.DATA_DIR)
    (data / "media" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "file").write_bytes(b"")
    own = [
        place,
        place / "x",
        data,
        data.parent,
        data / "media",
        data / "media" / "deep",
        data / "private",
        data / "search",
    ]
    code = [settings.BASE_DIR, settings.BASE_DIR / "static", settings.BASE_DIR.parent]
    code += [Path(sys.prefix), Path(sys.prefix) / "lib", Path(django.__file__).parent]
    others = [tmp_path / "missing", tmp_path / "file", tmp_path / "link", Path.home()]
    for folder in [*SYSTEM, *own, *code, *others]:
        assert list(refused({name: str(folder)}, place)) == [name], folder


def test_folders_must_not_lie_in_each_other(place: Path, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for anime, parts in (("a", "a"), ("a", "a/b"), ("a/b", "a"), ("link", "a/b")):
        changes = {"anime_directory": str(tmp_path / anime), "download_directory": str(tmp_path / parts)}
        assert list(refused(changes, place)) == ["download_directory"], changes
    assert list(refused({"anime_directory": str(settings.DOWNLOADS_ROOT)}, place)) == ["anime_directory"]


def test_a_folder_is_tried_and_left_as_it_was(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anime").mkdir()
    found = configuration_set(None, {"anime_directory": f"{tmp_path}//anime/"})
    assert found.anime_directory == str(tmp_path / "anime")
    assert list((tmp_path / "anime").iterdir()) == []

    def full(*_arguments: object) -> int:
        raise OSError(errno.EROFS, "read-only")

    (tmp_path / "other").mkdir()
    monkeypatch.setattr(folders.os, "write", full)
    assert list(refused({"anime_directory": str(tmp_path / "other")}, place)) == ["anime_directory"]
    assert list((tmp_path / "other").iterdir()) == []


def test_room_for_the_floor(place: Path, tmp_path: Path) -> None:
    Path(settings.LIBRARY_ROOT).mkdir(parents=True)
    assert sorted(refused({"free_space_floor": 100 * 1024**4}, place)) == ["anime_directory", "download_directory"]


def test_a_folder_that_went_away_stops_no_other_change(place: Path, tmp_path: Path) -> None:
    """The library's disk is off; the log level can be changed, also by a client that sends all it was given."""
    (tmp_path / "anime").mkdir()
    configuration_set(None, {"anime_directory": str(tmp_path / "anime")})
    (tmp_path / "anime").rmdir()
    both = {"anime_directory": str(tmp_path / "anime"), "log_level": "error"}
    assert configuration_set(None, both).log_level == "error"
    with pytest.raises(ConfigurationInvalid):
        configuration_validate(both)


def test_a_change_that_changes_nothing_makes_no_backup(place: Path) -> None:
    configuration_set(None, {"max_attempts": 7})
    configuration_set(None, {"max_attempts": 7})
    assert len(backups_list()) == 1


def test_two_writers_both_get_theirs(place: Path) -> None:
    names = sorted(set(BOUNDS) - {"free_space_floor", "session_timeout_hours"})
    values = {name: BOUNDS[name][1] for name in names}
    threads = [threading.Thread(target=configuration_set, args=(None, {name: values[name]})) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = configuration()
    assert {name: getattr(found, name) for name in names} == values
    assert len(backups_list()) == len(names)


@pytest.mark.parametrize("at", ["write", "fsync", "replace"])
def test_a_disk_that_fills_up_leaves_the_old_one(place: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    configuration_set(None, {"max_attempts": 7})
    before = tree(place)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    target: object = Path if at == "replace" else files.os
    monkeypatch.setattr(target, at, full)
    with pytest.raises(DiskFull):
        configuration_set(None, {"max_attempts": 8})
    assert tree(place) == before


def test_what_a_killed_writer_left_is_removed(place: Path) -> None:
    configuration_set(None, {"max_attempts": 7})
    (place / ".new-0123456789abcdef").write_bytes(b"{")
    (place / "backups" / ".new-0123456789abcdef").write_bytes(b"{")
    configuration_set(None, {"max_attempts": 8})
    assert not list(place.rglob(".new-*"))


def test_the_time_of_change_grows_whatever_the_clock_says(place: Path) -> None:
    configuration_set(None, {"max_attempts": 7})
    path = place / "downloads.json"
    os.utime(path, ns=(2**62, 2**62))
    configuration_set(None, {"max_attempts": 8})
    assert path.stat().st_mtime_ns == 2**62 + 1
