"""The admin of downloads and the library."""

from downloads.admin import dashboard  # noqa: F401
