"""Every search test has an index folder of its own."""

from pathlib import Path
from typing import Any

import pytest

from catalog.search.freshness import LiveIndex
from catalog.search.service import live_index


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> Path:
    """An empty SEARCH_DIR."""
    settings.SEARCH_DIR = tmp_path / "search"
    return settings.SEARCH_DIR


@pytest.fixture
def index(search_dir: Path) -> LiveIndex:
    """This process's view of the index, the one that `titles_search` uses."""
    return live_index()
