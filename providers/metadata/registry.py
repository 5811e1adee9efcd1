"""Finds the metadata clients: every module of this folder that defines a concrete `MetadataClient`."""

import inspect
import pkgutil
from functools import cache
from importlib import import_module

from providers.metadata.client import MetadataClient


@cache
def client_classes() -> dict[str, type[MetadataClient]]:
    """{name: class} of every client of the code."""
    import providers.metadata as folder

    found: dict[str, type[MetadataClient]] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        for _name, value in inspect.getmembers(import_module(f"{folder.__name__}.{module.name}"), inspect.isclass):
            if (
                issubclass(value, MetadataClient)
                and not inspect.isabstract(value)
                and value.__module__.endswith(module.name)
            ):
                found[value.name] = value
    return dict(sorted(found.items()))
