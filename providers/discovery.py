"""Finds what a folder offers: one class a module, so that a new one is a new module and no other change."""

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def classes_within(folder: ModuleType, kind: type[T]) -> dict[str, type[T]]:
    """{name: class} of the concrete classes of `kind` that the modules of a package define, by their own `name`.

    Abstract ones are what others are made of; a class that a module only imports is found where it is defined.
    """
    found: dict[str, type[T]] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        place = f"{folder.__name__}.{module.name}"
        for _name, value in inspect.getmembers(import_module(place), inspect.isclass):
            if issubclass(value, kind) and not inspect.isabstract(value) and value.__module__ == place:
                found[value.name] = value  # type: ignore[attr-defined]  # both contracts have it
    return dict(sorted(found.items()))
