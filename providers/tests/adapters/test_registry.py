"""What the search for adapters finds in a folder, and what it leaves."""

import sys
from abc import ABC, abstractmethod
from pathlib import Path

import pytest

from providers.discovery import classes_within

pytestmark = pytest.mark.once


class Kind(ABC):
    """What is looked for."""

    name = ""

    @abstractmethod
    def do(self) -> None: ...


def test_only_finished_classes_are_found_and_each_where_it_is_defined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kinds_found"
    folder.mkdir()
    head = f"from {__name__} import Kind\n"
    whole = "    def do(self): ...\n"
    for name, text in {
        "__init__": "",
        "base": f"{head}class Base(Kind):\n    name = 'base'\n",
        "feed": f"{head}class Feed(Kind):\n    name = 'feed'\n{whole}",
        "newsfeed": "from kinds_found.feed import Feed\nclass News(Feed):\n    name = 'newsfeed'\nclass Other:\n    name = 'x'\n",
    }.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    import kinds_found  # type: ignore[import-not-found]

    try:
        found = classes_within(kinds_found, Kind)  # type: ignore[type-abstract]
    finally:
        for name in [name for name in sys.modules if name.startswith("kinds_found")]:
            del sys.modules[name]
    assert {name: value.__module__ for name, value in found.items()} == {
        "feed": "kinds_found.feed",
        "newsfeed": "kinds_found.newsfeed",
    }
