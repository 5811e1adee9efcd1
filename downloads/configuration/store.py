"""The configuration of this moment."""

from dataclasses import replace

from django.conf import settings

from downloads.configuration.values import Configuration


def configuration() -> Configuration:
    """What is valid now, in every process."""
    return replace(
        Configuration(),
        anime_directory=str(settings.LIBRARY_ROOT),
        download_directory=str(settings.DOWNLOADS_ROOT),
    )
