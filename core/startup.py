"""Work that apps want done before the site serves: they register it in `ready()`, `manage.py up` runs it.

The house imports downwards only, so core cannot call the catalogue; the catalogue leaves a function here instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Work:
    """`run(say)` does it, tells `say` a line a step, and is safe to repeat after an interruption.

    `is_needed` is asked at every start, so it is cheap.
    """

    run: Callable[[Callable[[str], None]], object]
    is_needed: Callable[[], bool]


_registered: dict[str, Work] = {}


def register(name: str, run: Callable[[Callable[[str], None]], object], *, is_needed: Callable[[], bool]) -> None:
    """Offer work under `name`; a later registration of the same name replaces an earlier one.

    `demo` is run when `is_needed` says that the catalogue is empty, and again when that run was interrupted.
    """
    _registered[name] = Work(run, is_needed)


def registered(name: str) -> Work | None:
    """What was registered under `name`, or None."""
    return _registered.get(name)


def all_registered() -> dict[str, Work]:
    """Everything that was registered, in the order of registration."""
    return dict(_registered)
