"""The adapters of the code: every module of this folder that defines a concrete `Adapter` under its own name."""

from functools import cache

from providers.adapters.contract import Adapter
from providers.discovery import classes_within


@cache
def adapter_classes() -> dict[str, type[Adapter]]:
    """{name: class} of every adapter of the code, by name."""
    import providers.adapters as folder

    return classes_within(folder, Adapter)  # type: ignore[type-abstract]  # what is looked for, not made


def adapter_class(name: str) -> type[Adapter] | None:
    """The class of an adapter, None for a name of a row whose code is gone."""
    return adapter_classes().get(name)
