"""Every route × method that the URL resolver knows."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The admin's own pages are walked by the tests of the admin; here are its index and its sign-in. Static files and the
# catch-all of unknown API addresses have no rights to check.
_ADMIN_KEPT = ("admin/", "admin/login/", "admin/logout/")
_SKIPPED = ("^static/", "^media/", "^api/")


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        else:
            yield route, entry


def _closure_methods(view: Any) -> tuple[str, ...] | None:
    """What `require_http_methods` was given, found through the wrappers around the function."""
    while view is not None:
        code, cells = getattr(view, "__code__", None), getattr(view, "__closure__", None) or ()
        for name, cell in zip(code.co_freevars if code else (), cells, strict=True):
            if name == "request_method_list":
                return tuple(cell.cell_contents)
        view = getattr(view, "__wrapped__", None)
    return None


def view_methods(callback: Any) -> tuple[str, ...]:
    """The methods a view answers: a class's handlers, a function's `require_http_methods`, else GET."""
    cls = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if cls is None:
        found = _closure_methods(callback) or ("GET",)
        return tuple(m for m in METHODS if m in found)
    actions = getattr(callback, "actions", None)
    if actions:
        return tuple(m for m in METHODS if m.lower() in actions)
    allowed = {name.upper() for name in cls.http_method_names if hasattr(cls, name)}
    if not hasattr(cls, "get_permissions"):
        allowed.discard("PUT")  # Django's form views alias PUT to POST
    return tuple(m for m in METHODS if m in allowed)


def all_routes() -> dict[str, tuple[str, ...]]:
    """Route pattern → methods."""
    found: dict[str, tuple[str, ...]] = {}
    for route, pattern in _patterns(get_resolver()):
        if route.startswith("admin/") and route not in _ADMIN_KEPT:
            continue
        if route.startswith(_SKIPPED):
            continue
        found[route] = tuple(dict.fromkeys((*found.get(route, ()), *view_methods(pattern.callback))))
    return found
