"""The operator's files as a provider: what the walk finds, what it refuses, and titles from folders."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from providers.adapters.local import LocalAdapter
from providers.errors import TitleGone
from providers.fetching import library
from providers.fetching.asking import ask_of
from providers.fetching.library import library_file, library_listing
from providers.tests.factories import ProviderFactory

pytestmark = pytest.mark.once


@pytest.fixture
def root(settings: LazySettings, tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    settings.LIBRARY_ROOT = folder
    return folder


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"video")


def test_videos_are_listed_and_nothing_else(root: Path) -> None:
    put(
        root,
        "Show/01.mkv",
        "Show/01.ass",
        "Show/cover.jpg",
        "Film.MP4",
        ".hidden/01.mkv",
        "Show/.02.mkv.part",
        "Show/.03.mkv",
    )
    assert sorted(library_listing().split("\n")) == ["Film.MP4", "Show/01.mkv"]


def test_a_library_that_is_not_there_is_empty(settings: LazySettings, tmp_path: Path) -> None:
    settings.LIBRARY_ROOT = tmp_path / "missing"
    assert library_listing() == ""


def test_links_out_of_the_library_and_linked_folders_are_left_out(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside/secret.mkv")
    put(root, "Show/01.mkv")
    (root / "Show/02.mkv").symlink_to(tmp_path / "outside/secret.mkv")
    (root / "Show/03.mkv").symlink_to(root / "Show/01.mkv")
    (root / "away").symlink_to(tmp_path / "outside")
    (root / "Show/loop").symlink_to(root)
    (root / "Show/04.mkv").symlink_to(root / "Show/nothing.mkv")
    assert sorted(library_listing().split("\n")) == ["Show/01.mkv", "Show/03.mkv"]


def test_names_that_no_address_can_hold_are_left_out(root: Path) -> None:
    put(root, "Show/a\\b 01.mkv", "Show/new\nline 02.mkv", "Show/%2e%2e/03.mkv", "~/04.mkv", "Show/05 100%.mkv")
    (root / "Show" / b"\xff 06.mkv".decode("utf-8", "surrogateescape")).write_bytes(b"x")
    assert library_listing() == "Show/05 100%.mkv"


def test_the_walk_ends(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, *(f"Show/{number:02}.mkv" for number in range(20)), "/".join("abcdefghijkl") + "/deep.mkv")
    assert "deep" not in library_listing()
    monkeypatch.setattr(library, "MAX_FILES", 10)
    monkeypatch.setattr(library, "_listing", (0.0, "", ""))
    assert 0 < len(library_listing().split("\n")) <= 10


@pytest.mark.parametrize(
    "path", ["../outside.mkv", "/etc/passwd", "Show/../../x.mkv", "", "..%2foutside.mkv", "Show/gone.mkv", "Show"]
)
def test_paths_that_lead_away_name_no_file(root: Path, path: str) -> None:
    put(root, "Show/01.mkv")
    (root.parent / "outside.mkv").write_bytes(b"x")
    assert library_file(path) is None


@pytest.mark.django_db
def test_the_library_answers_as_any_provider(root: Path) -> None:
    parts = ("Season 1/Hoshi - 01 [720p].mkv", "Season 2/Hoshi - 01.mkv", "Specials/Hoshi - 01.mkv", "Extras/NCOP1.mkv")
    put(root, *(f"Hoshi (2019)/{part}" for part in parts), "Yoru no Densha.mkv")
    adapter, ask = LocalAdapter(), ask_of(ProviderFactory(adapter="local", base_url=""))
    cards = {card.slug: card for card in adapter.home(ask).cards}
    assert set(cards) == {"hoshi-2019", "yoru-no-densha"}
    assert (cards["yoru-no-densha"].kind, cards["hoshi-2019"].episode, cards["hoshi-2019"].year) == ("movie", 1, 2019)
    assert [card.title for card in adapter.search(ask, "densha").cards] == ["Yoru no Densha"]
    detail = adapter.detail(ask, "hoshi-2019")
    episodes = adapter.episodes(ask, detail)
    assert [(episode.season, episode.first) for episode in episodes] == [(1, 1), (2, 1), (0, 1)]
    (mirror,) = adapter.mirrors(ask, episodes[0])
    assert (mirror.kind, mirror.path, mirror.url) == (
        "local",
        "library:Hoshi (2019)/Season 1/Hoshi - 01 [720p].mkv",
        "",
    )
    assert mirror.quality == 720
    (root / "Hoshi (2019)/Season 1/Hoshi - 01 [720p].mkv").unlink()
    assert adapter.mirrors(ask, episodes[0]) == ()
    with pytest.raises(TitleGone):
        adapter.detail(ask, "no-such")
