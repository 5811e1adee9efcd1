"""Real list files (`HIROBA_DATA`): every line of each is a record or has a reason; what is no list is refused with words."""

import os
from collections import Counter
from pathlib import Path

import pytest

from core.errors import DomainError
from lists.importing.reading import list_read

pytestmark = pytest.mark.data
LISTS = {
    "mal-export-2018.xml": ("mal", 109, {}),
    "mal-export-2021.xml": ("mal", 245, {}),
    "mal-export-2024-anime.xml": ("mal", 506, {}),
    "mal-export-2024-manga.xml": ("mal", 0, {"manga": 112}),
    "mal-api-v2/userAnimeList.json": ("mal_api", 5, {}),
    "mal-api-v2/userMangaList.json": ("mal_api", 0, {"manga": 2}),
    "shikimori/list.json": ("shikimori", 1, {}),
    "shikimori/list.json.gz": ("shikimori", 1, {}),
    "shikimori/list.xml": ("shiki_xml", 1, {}),
    "shikimori/list.xml.gz": ("shiki_xml", 1, {}),
    "shikimori/list_empty.json": ("shikimori", 0, {}),
}


def folder() -> Path:
    return Path(os.environ["HIROBA_DATA"]) / "lists"


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_read_whole(name: str) -> None:
    with (folder() / name).open("rb") as file:
        found = list_read(file=file, file_name=name)
    assert (found.format, len(found.records), Counter(bad.reason for bad in found.bad)) == LISTS[name]


def test_everything_else_is_refused_with_words() -> None:
    others = [path for path in folder().rglob("*") if path.is_file() and str(path.relative_to(folder())) not in LISTS]
    assert len(others) >= 16
    for path in others:
        with path.open("rb") as file, pytest.raises(DomainError) as caught:
            list_read(file=file)
        assert caught.value.code == "list_file_unreadable"
        assert str(caught.value.detail)
