"""Places in pages that apps higher up the house fill: the catalogue's pages name a slot, lists (say) puts a row into it.

A page writes `{% slot "home.continue" %}`; an app that is imported in its `ready()` decorates a function with
`@slot_fill("home.continue")`. So a page shows what upper apps know without importing them.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

SlotFunction = Callable[[HttpRequest, dict[str, Any]], str]

_slots: dict[str, dict[str, SlotFunction]] = {}


def slot_fill(name: str) -> Callable[[SlotFunction], SlotFunction]:
    """Let the decorated `function(request, values)` add HTML to slot `name`; text that is not marked safe is escaped."""

    def register(function: SlotFunction) -> SlotFunction:
        _slots.setdefault(name, {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return register


def slot_html(name: str, request: HttpRequest, **values: Any) -> SafeString:
    """What was put into slot `name`, in order of registration; `values` go to each function."""
    functions = _slots.get(name, {}).values()
    return format_html_join("", "{}", ((function(request, values),) for function in functions))
