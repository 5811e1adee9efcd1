"""Finds the adapters: every module of this folder that defines a concrete `Adapter` under its own name."""

import inspect
import pkgutil
from functools import cache
from importlib import import_module

from providers.adapters.contract import Adapter


@cache
def adapter_classes() -> dict[str, type[Adapter]]:
    """{name: class} of every adapter of the code, by name."""
    import providers.adapters as folder

    found: dict[str, type[Adapter]] = {}
    for module in pkgutil.iter_modules(folder.__path__):
        for _name, value in inspect.getmembers(import_module(f"{folder.__name__}.{module.name}"), inspect.isclass):
            if issubclass(value, Adapter) and not inspect.isabstract(value) and value.__module__.endswith(module.name):
                found[value.name] = value
    return dict(sorted(found.items()))


def adapter_class(name: str) -> type[Adapter] | None:
    """The class of an adapter, None for a name of a row whose code is gone."""
    return adapter_classes().get(name)
