"""Which anime somebody follows; `lists` answers, pages below it ask."""

from collections.abc import Callable
from typing import Any

_sources: list[Callable[[Any], set[int]]] = []


def watched_anime_source(function: Callable[[Any], set[int]]) -> Callable[[Any], set[int]]:
    """Let the decorated `function(user)` name anime that the user follows; an app does so in its `ready()`."""
    _sources.append(function)
    return function


def watched_anime_ids(user: Any) -> set[int]:
    """Ids of all anime that the user follows, by every source."""
    return set().union(*(function(user) for function in _sources))
