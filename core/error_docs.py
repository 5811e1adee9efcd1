"""The list of error codes as Markdown (docs/errors.md), made from the classes themselves."""

import importlib
import pkgutil
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings

from core.errors import DomainError, error_catalogue

HEAD = """# Error codes

Every error of the API is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`, `error` (the code below,
which never changes its meaning), `request_id`, and what the code's row says. Made by `manage.py errors_doc`.

| code | status | title | meaning |
|---|---|---|---|
"""


def _own_apps() -> Iterator[str]:
    for config in apps.get_app_configs():
        if config.path.startswith(str(settings.BASE_DIR)) and ".venv" not in config.path:
            yield config.name


def errors_load() -> None:
    """Import every module of our apps that defines errors, so that the catalogue is whole."""
    for app in _own_apps():
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if module.name.endswith(".errors") and ".tests" not in module.name:
                importlib.import_module(module.name)


def _meaning(error: type[DomainError]) -> str:
    own = error.__doc__ if error.__dict__.get("__doc__") else ""
    return " ".join((own or "").split())


def errors_listed() -> list[dict[str, object]]:
    """Every error as {code, status, title, meaning}, by status and code."""
    errors_load()
    rows = sorted(error_catalogue().values(), key=lambda error: (error.status, error.code))
    return [
        {"code": e.code, "status": e.status, "title": e.title, "meaning": _meaning(e)}
        for e in rows
        if e is not DomainError
    ]


def errors_markdown() -> str:
    """The whole of docs/errors.md."""
    lines = []
    for error in errors_listed():
        meaning = str(error["meaning"]).replace("|", "\\|")
        lines.append(f"| `{error['code']}` | {error['status']} | {error['title']} | {meaning} |")
    return HEAD + "\n".join(lines) + "\n"
