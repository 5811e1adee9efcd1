"""What the tests of the contract cost before the first of them runs."""

from pathlib import Path
from typing import Any

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the requests that the schema describes in a round that runs none of them: drawing them up takes ten seconds."""
    return True if collection_path.name == "test_schema.py" and "not either" in config.option.markexpr else None


@pytest.fixture(autouse=True)
def _own_configuration(settings: Any, tmp_path: Path) -> None:
    """Requests that the schema describes change the operator's configuration, too: of this test alone."""
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"
