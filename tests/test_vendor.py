"""Vendored front-end builds are exactly what their SHA256SUMS say, each with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
FOLDERS = sorted(path for path in VENDOR.iterdir() if path.is_dir())


def test_there_are_vendored_builds() -> None:
    assert {folder.name.rsplit("-", 1)[0] for folder in FOLDERS} >= {
        "htmx",
        "hls.js",
        "media-chrome",
        "libass-wasm",
        "inter",
        "lucide",
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_folder_matches_its_sums_and_names_its_licence(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: digest for digest, name in (re.split(r"\s+\*?", line, maxsplit=1) for line in lines)}
    present = {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    assert present == set(sums)
    assert "LICENSE" in present
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_folder_names_its_version(folder: Path) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+-\d+(\.\d+)+", folder.name)
