"""The metadata clients of the code: every module of this folder that defines a concrete `MetadataClient`."""

from functools import cache

from providers.discovery import classes_within
from providers.metadata.client import MetadataClient


@cache
def client_classes() -> dict[str, type[MetadataClient]]:
    """{name: class} of every client of the code, by name."""
    import providers.metadata as folder

    return classes_within(folder, MetadataClient)  # type: ignore[type-abstract]  # what is looked for, not made
