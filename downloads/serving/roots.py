"""The folders that stored paths ("library:…", "derived:…") are relative to."""

from pathlib import Path

from django.conf import settings

from downloads.configuration.store import configuration


def library_root() -> Path:
    """The operator's library, as configured at this moment."""
    return Path(configuration().anime_directory)


def derived_root() -> Path:
    """Where lies what is made of the library's files for players."""
    return Path(settings.DERIVED_ROOT)
