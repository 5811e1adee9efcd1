"""Threat 9: no name of an anime, a file, a backup or a setting leads out of the library's or the configuration's folder."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.conf import LazySettings

from core.errors import DomainError
from core.media.errors import PathRefused
from downloads.configuration.backups import backup_delete, backup_restore
from downloads.configuration.changing import configuration_set
from downloads.configuration.values import Configuration
from downloads.placing.moving import companion_place, file_place, place_forget
from downloads.placing.naming import NameFacts, name_render
from downloads.placing.recycling import recycle, recycled_restore

pytestmark = pytest.mark.once


@pytest.fixture
def house(tmp_path: Path, settings: LazySettings) -> Path:
    """A library at …/data with a show, …/dataset beside it, secrets outside, links that lead out, a part to be placed."""
    settings.DATA_DIR = tmp_path
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"
    settings.LIBRARY_ROOT = tmp_path / "data"
    settings.DOWNLOADS_ROOT = tmp_path / "parts"
    for folder in ("data/show", "dataset", "parts", "configuration/backups"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("data/show/01.mkv", "dataset/secret", "secret", "parts/whole.mkv", "configuration/secret.json"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "configuration" / "placing.lock").touch()
    (tmp_path / "configuration" / "downloads.lock").touch()
    (tmp_path / "data" / "out").symlink_to(tmp_path / "dataset")
    (tmp_path / "data" / "file.mkv").symlink_to(tmp_path / "secret")
    return tmp_path


def tree(folder: Path) -> dict[str, bytes | str]:
    return {
        str(path): str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


HOSTILE = [
    "../secret",
    "../../x",
    "show/../../secret",
    "..",
    "show/..",
    "/etc/passwd",
    "//x/y",
    "~/x",
    "..\\secret",
    "show\\..\\..\\secret",
    "..%5C..%5Csecret",
    "%2e%2e%2fsecret",
    "%252e%252e%252fsecret",
    "show/01.mkv\x00.jpg",
    "show/01.mkv%00.jpg",
    "show\n/02.mkv",
    "C:\\windows",
    "C:/windows",
    "../dataset/new",
    "out/new.mkv",
    "out/secret",
    "file.mkv",
    ".recycle/x",
    ".hidden/x",
    "show/.hiroba-x.part",
    "a" * 5000,
    "show/" + "a" * 300 + ".mkv",
    "\ud800/x",
]
Call = Callable[[Path, str], Any]
PLACES: dict[str, Call] = {
    "place": lambda house, name: _placed(house, PurePosixPath(name)),
    "forget": lambda house, name: place_forget(house / "data", PurePosixPath(name)),
    "recycle": lambda house, name: recycle(house / "data" / name, house / "data"),
    "restore": lambda house, name: recycled_restore(name, house / "data"),
    "companion": lambda house, name: companion_place(
        house / "parts" / "whole.mkv", house / "data" / "show" / "01.mkv", f".{name}", house / "data", floor=0
    ),
    "backup restored": lambda _house, name: backup_restore(name),
    "backup deleted": lambda _house, name: backup_delete(name),
    "template": lambda _house, name: configuration_set(None, {"naming_template": f"{name}/{{title}} {{episode}}"}),
    "folder": lambda house, name: configuration_set(None, {"anime_directory": f"{house}/data/{name}"}),
}


def _placed(house: Path, relative: PurePosixPath) -> Path:
    return file_place(
        house / "parts" / "whole.mkv",
        house / "data",
        relative,
        floor=0,
        on_target=lambda _path: None,
        is_ours=lambda _path: True,
    )


def refusal(call: Call, house: Path, name: str) -> DomainError | None:
    """What the domain says; anything else is a crash."""
    try:
        call(house, name)
    except DomainError as error:
        return error
    return None


HONEST = {
    # Links are looked at when a file is placed, endings of companions may have dots, and forgetting what never was is easy.
    "template": {"out/new.mkv", "out/secret", "file.mkv"},
    "companion": {"file.mkv"},
    "forget": {"show/" + "a" * 300 + ".mkv"},
}


@pytest.mark.parametrize("what", PLACES)
def test_hostile_names_are_refused_and_nothing_changes(house: Path, what: str) -> None:
    for name in HOSTILE:
        if name in HONEST.get(what, ()):
            continue
        before = tree(house)
        error = refusal(PLACES[what], house, name)
        assert error is not None, f"{what} of {name!r} was done"
        assert 400 <= error.status < 504, (what, name, error)
        assert tree(house) == before, (what, name)


TITLES = [
    *HOSTILE,
    "",
    ".",
    "...",
    "CON",
    "aux.mkv",
    "-rf",
    "~root",
    "\u202egnp.exe",
    "a\u200bb",
    "{title.__class__}",
    "%(x)s",
    "$(id)",
]


def test_hostile_titles_become_files_inside_the_library(house: Path) -> None:
    (house / "data" / "file.mkv").unlink()  # placing under a title of this name is refused, as above
    root, outside = house / "data", tree(house)
    template = (
        "{group}/{title} ({year})/{title_native}/{title} - S{season:02}E{episode:02} - {episode_title} [{language}]"
    )
    for number, title in enumerate(TITLES):
        facts = NameFacts(title, title, title, episode=number, episode_title=title, group=title, language=title)
        for one in (template, Configuration().naming_template):
            relative = name_render(one, facts, ".mkv", tells_variant=True)
            (house / "parts" / "whole.mkv").write_bytes(b"parts/whole.mkv")
            target = _placed(house, relative)
            assert os.path.commonpath([root.resolve(), target.resolve()]) == str(root.resolve()), title
            assert target.is_file()
            assert not any(part.startswith(".") for part in target.relative_to(root).parts), title
            target.unlink()
    now = {name: content for name, content in tree(house).items() if not name.startswith(f"{root}/")}
    then = {name: content for name, content in outside.items() if not name.startswith(f"{root}/")}
    assert {**now, str(house / "parts" / "whole.mkv"): b"parts/whole.mkv"} == then
    assert (root / "show" / "01.mkv").read_bytes() == b"data/show/01.mkv"


def test_a_root_is_no_beginning_of_a_name(house: Path) -> None:
    """/data does not hold /dataset."""
    with pytest.raises(PathRefused):
        recycle(house / "dataset" / "secret", house / "data")
    with pytest.raises((PathRefused, ValueError)):
        companion_place(house / "parts" / "whole.mkv", house / "dataset" / "secret", ".vtt", house / "data", floor=0)
    assert (house / "dataset" / "secret").read_bytes() == b"dataset/secret"
    assert not (house / "dataset" / "secret.vtt").exists()
