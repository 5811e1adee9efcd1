"""A configuration of each test's own."""

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: LazySettings) -> Path:
    """The folder of the configuration; library and parts lie beside it."""
    settings.DATA_DIR = tmp_path / "data"
    settings.CONFIGURATION_ROOT = tmp_path / "data" / "configuration"
    settings.LIBRARY_ROOT = tmp_path / "data" / "library"
    settings.DOWNLOADS_ROOT = tmp_path / "data" / "downloads"
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    return tmp_path / "data" / "configuration"
