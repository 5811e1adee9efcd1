"""Which files of the library are one title: folders of films, of series, of both, and what only looks like a title."""

import json
import os
import time
from pathlib import Path

import pytest

from providers.adapters.local import parse_home
from providers.adapters.parsing.library_paths import LibraryTitle, titles_of_paths

pytestmark = pytest.mark.once


def titles(*paths: str) -> dict[str, list[tuple[int | None, int | None]]]:
    """{title: [(season, number) of each file]}."""
    found = titles_of_paths("\n".join(paths)).values()
    return {title.title: [(draft.season, draft.first) for draft in title.episodes()] for title in found}


def of(folder: str, *files: str) -> list[str]:
    return [f"{folder}/{file}" for file in files]


FILM = [(None, None)]


@pytest.mark.parametrize(
    "folder",
    [
        *(
            "Movies",
            "movies",
            "Films",
            "Anime",
            "Anime Movies [1080p]",
            "OVA",
            "Specials",
            "Movies & OVAs",
            "01 Movies",
        ),
        *(
            "Фильмы",
            "Аниме фильмы",
            "Filme",
            "Películas",
            "映画",
            "劇場版",
            "电影",
            "영화",
            "Anime/Movies",
            "Anime/OVA",
        ),
        *("TV_Shows", "2019", "Winter 2023", "A", "A-F"),
    ],
)
def test_a_folder_called_as_shelves_are_is_no_title(folder: str) -> None:
    assert titles(f"{folder}/Kimi no Na wa. (2016) [1080p].mp4") == {"Kimi no Na wa.": FILM}
    both = of(folder, "[Team] Akai Hana - 07.mkv", "Yoru no Densha.mkv")
    assert set(titles(*both)) == {"Akai Hana", "Yoru no Densha"}


@pytest.mark.parametrize("folder", ["Studio Kumo", "Collection of Kumo", "Kumo 1999-2012"])
def test_a_folder_whose_files_have_different_titles_is_a_shelf(folder: str) -> None:
    assert titles(*of(folder, "Umi no Uta.mkv", "Sora no Machi (2010).mkv")) == {
        "Umi no Uta": FILM,
        "Sora no Machi": FILM,
    }
    films = of("Niwa", "Niwa 1.11 Hitori (2007).mkv", "Niwa 2.22 Futari (2009).mkv")
    assert titles(*films) == {"Niwa 1.11 Hitori": FILM, "Niwa 2.22 Futari": FILM}
    weekly = of(folder, "[T] Akai Hana - 01.mkv", "[T] Akai Hana - 02.mkv", "[T] Yoru - 05.mkv")
    assert titles(*weekly) == {"Akai Hana": [(None, 1), (None, 2)], "Yoru": [(None, 5)]}


@pytest.mark.parametrize(
    ("folder", "files", "title"),
    [
        ("Kimi no Na wa (2016)", ["Kimi no Na wa (2016) [1080p].mkv"], "Kimi no Na wa"),
        ("Kimi no Na wa (2016)", ["Kimi no Na wa [1080p].mkv", "Kimi no Na wa [720p].mkv"], "Kimi no Na wa"),
        ("Kimi no Na wa (2016)", ["Your Name.mkv"], "Kimi no Na wa"),
        ("Kimi no Na wa (2016)", ["movie.mp4"], "Kimi no Na wa"),
        ("Kimi no Na wa (2016)", ["Kimi no Na wa.mkv", "Kimi no Na wa-trailer.mkv", "sample.mkv"], "Kimi no Na wa"),
        ("Ghibli", ["Umi no Uta (2008).mkv"], "Umi no Uta"),
    ],
)
def test_a_film_in_a_folder_of_its_own_is_one_title(folder: str, files: list[str], title: str) -> None:
    (found,) = titles_of_paths("\n".join(of(folder, *files))).values()
    assert (found.title, found.kind) == (title, "movie")


@pytest.mark.parametrize(
    "files",
    [
        ["01.mkv", "02.mkv"],
        ["01 - The Rain.mkv", "02 - The Sea.mkv"],
        ["Hoshi no Niwa - 01.mkv", "Hoshi no Niwa - 02 - The Sea.mkv"],
        ["[T] Garden of Stars - 01.mkv", "[T] Garden of Stars - 02.mkv"],
        ["[T] Hoshi no Niwa - 01.mkv", "[O] Hoshi no Niwaa - 02.mkv"],
        ["[T] Garden of Stars - 01.mkv", "[T] Garden of Stars - 02.mkv", "[T] Garden of Stars OVA.mkv"],
        ["Season 1/Garden of Stars - 01.mkv", "Specials/Garden of Stars - 01.mkv", "Garden of Stars - 02.mkv"],
        ["Season 1/The Rain.mkv", "Season 1/The Sea.mkv"],
    ],
)
def test_episodes_are_of_the_title_around_them(files: list[str]) -> None:
    found = titles(*of("Anime/Hoshi no Niwa (2019)", *files))
    assert list(found) == ["Hoshi no Niwa"]
    assert len(found["Hoshi no Niwa"]) == len(files)


def test_a_series_with_a_film_inside_keeps_both() -> None:
    episodes = of("Hoshi", "Hoshi - 01.mkv", "Hoshi - 02.mkv", "Season 2/Hoshi - 01.mkv", "Specials/Hoshi SP1.mkv")
    films = of("Hoshi", "Hoshi the Movie (2021).mkv", "Movies/Hoshi Saigo no Hana.mkv", "Kage no Kuni.mkv")
    assert titles(*episodes, *films) == {
        "Hoshi": [(None, 1), (None, 2), (2, 1), (0, 1)],
        "Hoshi the Movie": FILM,
        "Hoshi Saigo no Hana": FILM,
        "Kage no Kuni": FILM,
    }


@pytest.mark.parametrize("episode", ["Hoshi - 01.mkv", "01.mkv", "Season 1/01.mkv", "Season 1/Hoshi - 01.mkv"])
def test_a_film_beside_episodes_is_one_however_they_are_called(episode: str) -> None:
    found = titles(*of("Hoshi", episode, "Kage no Kuni.mkv"))
    assert {title: len(files) for title, files in found.items()} == {"Hoshi": 1, "Kage no Kuni": 1}


def test_numerals_tell_films_apart() -> None:
    films = of("Niwa", "Niwagatari I (2016).mkv", "Niwagatari II (2016).mkv", "Niwa.no.Uta.2004.1080p.x264-TEAM.mkv")
    assert titles(*films) == {"Niwagatari I": FILM, "Niwagatari II": FILM, "Niwa no Uta 2004": FILM}


def test_a_shelf_in_a_series_and_numbers_on_a_shelf() -> None:
    assert titles("Hoshi/Hoshi - 01.mkv", "Hoshi/Movies/01.mkv") == {"Hoshi": [(None, 1), (0, 1)]}
    assert titles("Movies/01 - Akai Hana.mkv", "Movies/02 - Yoru.mkv") == {"Akai Hana": FILM, "Yoru": FILM}
    assert titles("Movies/01.mkv") == {}


def test_words_of_shelves_may_be_in_titles() -> None:
    for folder in ("Special A", "The Movie Club", "New Hoshi", "86", "K"):
        assert titles(f"{folder}/01.mkv", f"{folder}/02.mkv") == {folder: [(None, 1), (None, 2)]}


def test_an_ova_says_so() -> None:
    (found,) = titles_of_paths("OVA/Kage no Kuni OVA.mkv").values()
    assert (found.kind, found.episodes()[0].season) == ("ova", None)


def test_a_title_is_found_by_its_slug_as_it_is_among_all() -> None:
    listing = "\n".join(of("Movies", "Umi no Uta.mkv", "Sora no Machi.mkv"))
    assert list(titles_of_paths(listing, only="sora-no-machi")) == ["sora-no-machi"]
    assert titles_of_paths(listing, only="movies") == {}
    assert isinstance(titles_of_paths(listing)["umi-no-uta"], LibraryTitle)


def test_large_shelves_are_read_in_reasonable_time() -> None:
    listing = "\n".join(f"Pile/Word{number % 997} of {number} Things - {number % 30:02}.mkv" for number in range(3000))
    start = time.perf_counter()
    assert len(parse_home(listing).cards) > 900
    assert time.perf_counter() - start < 5


@pytest.mark.data
def test_real_names_in_one_flat_folder() -> None:
    expected: dict[str, str] = {}
    for file in sorted((Path(os.environ["HIROBA_DATA"]) / "filenames").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            name = case["filename"].replace("/", "-")
            name = name if name.lower().endswith((".mkv", ".mp4", ".avi", ".rmvb")) else f"{name}.mkv"
            expected[name] = case["expected"].get("title") or ""
    found = titles_of_paths("\n".join(of("Pile of things", *expected))).values()
    right = sum(
        letters(title.title).startswith(letters(expected[path.partition("/")[2]]))
        for title in found
        for path, _name, _season in title.files
        if letters(expected[path.partition("/")[2]])
    )
    assert len(found) >= 0.95 * len({letters(title) for title in expected.values()})
    assert right >= 0.85 * len(expected)


def letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))
