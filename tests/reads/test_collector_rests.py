"""A web process does not stop to look through everything that was loaded at its start."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.processes import ROOT, environment

pytestmark = pytest.mark.once


def test_what_was_loaded_is_not_collected_again(tmp_path: Path) -> None:
    code = "import config.wsgi, gc; print(gc.get_freeze_count(), gc.isenabled())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    count, is_enabled = done.stdout.split()[-2:]
    assert int(count) > 50_000
    assert is_enabled == "True"
