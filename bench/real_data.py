"""Where the real data is that some benchmarks need; none of it is part of this repository."""

import os
from pathlib import Path

from tests.services.processes import ROOT


def data_folder() -> Path | None:
    """What HIROBA_DATA names, else ../shared/data beside the repository; None when there is no such folder."""
    folder = Path(os.environ.get("HIROBA_DATA") or ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def data_folder_needed() -> Path:
    """As `data_folder`; without one the program ends with a line that says what to set."""
    folder = data_folder()
    if folder is None:
        raise SystemExit("bench: set HIROBA_DATA to the folder that holds the real data")
    return folder
