"""The admin of downloads and the library."""
