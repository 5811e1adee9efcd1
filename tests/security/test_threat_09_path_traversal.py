"""Threat 9: a name cannot lead out of the folder that is served or written to."""

from pathlib import Path

import pytest

from core.media.errors import PathRefused
from core.media.paths import path_within


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library at …/data with a file, next to …/dataset and a secret that must stay out of reach."""
    library = tmp_path / "data"
    (library / "show").mkdir(parents=True)
    (library / "show" / "01.mkv").write_bytes(b"video")
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "secret").write_bytes(b"secret")
    (tmp_path / "secret").write_bytes(b"secret")
    return library


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


HOSTILE = [
    "../secret",
    "../../x",
    "show/../../secret",
    "..",
    ".",
    "./show/01.mkv",
    "",
    "/",
    "//show/01.mkv",
    "show//01.mkv",
    "show/",
    "/etc/passwd",
    "~/x",
    "..\\secret",
    "show\\..\\..\\secret",
    "..%5C..%5Csecret",
    "%2e%2e%2fsecret",
    "%2e%2e/secret",
    "..%2fsecret",
    "%252e%252e%252fsecret",
    "%25252525252e%25252525252e/secret",
    "show/01.mkv\x00.jpg",
    "show/01.mkv%00.jpg",
    "show\n/01.mkv",
    "C:\\windows",
    "C:/windows",
    "C:x",
    "../dataset/secret",
    "../data",
    "\\\\server\\share",
    "a" * 5000,
    "\ud800/x",
]


@pytest.mark.parametrize("relative", HOSTILE)
def test_hostile_names_are_refused_and_nothing_changes(root: Path, relative: str) -> None:
    before = tree(root.parent)
    with pytest.raises(PathRefused) as caught:
        path_within(root, relative)
    assert (caught.value.status, caught.value.code) == (400, "path_refused")
    assert tree(root.parent) == before


def test_links_that_leave_are_refused_and_links_that_stay_are_not(root: Path) -> None:
    (root / "out").symlink_to(root.parent / "dataset")
    (root / "file").symlink_to(root.parent / "secret")
    (root / "loop").symlink_to(root / "loop")
    (root / "inside").symlink_to(root / "show")
    for relative in ("out/secret", "out", "file", "out/new"):
        with pytest.raises(PathRefused):
            path_within(root, relative)
    assert path_within(root, "inside/01.mkv").read_bytes() == b"video"


@pytest.mark.parametrize(
    "relative", ["show/01.mkv", "show/new.mkv", "Шоу/第1話 [1080p] 100%.mkv", "a..b/..c", "show/50%20off.mkv"]
)
def test_honest_names_pass(root: Path, relative: str) -> None:
    assert path_within(root, relative) == root.resolve() / relative


def test_the_root_may_itself_be_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    assert path_within(link, "show/01.mkv").read_bytes() == b"video"
