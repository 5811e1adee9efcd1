"""What the tests of downloads share."""

from downloads.tests.media_files import media_files

__all__ = ["media_files"]
