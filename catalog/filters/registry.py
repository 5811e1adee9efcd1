"""Where filters live: the catalogue's own, and those that apps above it add (`lists` adds "on my list")."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.filters.base import Filter, Text
from catalog.filters.kinds import Flag
from catalog.filters.table import table

PersonalCondition = Callable[[Any, bool], Q]

_added: list[Filter] = []


class PersonalFlag(Flag):
    """`?name=true|false` about the person who asks; others cannot use it (422)."""

    is_personal = True

    def __init__(self, name: str, build: PersonalCondition, label: Text, negative: Text) -> None:
        super().__init__(name, Q, label, negative)
        self.build = build

    def condition(self, value: bool, viewer: Any) -> Q:
        return self.build(viewer, value)


@cache
def own_filters() -> tuple[Filter, ...]:
    """The catalogue's own filters."""
    return tuple(table())


def filters() -> tuple[Filter, ...]:
    """All filters."""
    return (*own_filters(), *_added)


def register_filter(
    name: str, fn: PersonalCondition, *, label: Text | None = None, negative: Text | None = None
) -> Filter:
    """Add `?name=true|false` about the person who asks, from an app's `ready()`.

    `fn(user, value)` gives the Q over anime for a signed-in `user`; anonymous people get 422. Registering a name again
    replaces it. Raises ValueError when the name is the catalogue's own.
    """
    if any(name in own.parameters for own in own_filters()):
        raise ValueError(f"the catalogue has a filter {name} of its own")
    added = PersonalFlag(name, fn, label or _("On my list"), negative or _("Not on my list"))
    _added[:] = [item for item in _added if name not in item.parameters]
    _added.append(added)
    return added


def add_filter(added: Filter) -> None:
    """Add any filter from an app's `ready()`; one with the same first parameter is replaced."""
    _added[:] = [item for item in _added if item.parameters[0] != added.parameters[0]]
    _added.append(added)


def unregister_filter(name: str) -> None:
    """Take an added filter away (tests)."""
    _added[:] = [item for item in _added if name not in item.parameters]
