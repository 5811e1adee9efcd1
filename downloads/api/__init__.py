"""The API of downloads and the library."""
