"""Threat 5: nothing but core.egress can speak to the outside."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOOR = ROOT / "core" / "egress"

pytestmark = pytest.mark.once  # reads source files

# Anything that opens connections by itself.
CLIENTS = (
    "aiohttp",
    "boto3",
    "botocore",
    "curl_cffi",
    "exponent_server_sdk",
    "ftplib",
    "http.client",
    "httpx",
    "pycurl",
    "pywebpush",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "websocket",
    "websockets",
    "xmlrpc",
)
# What may use a client for another reason than fetching from outside: the module it needs, and why.
EXCUSED = {
    "core/serve/preflight.py": (
        "socket",
        "binds the port it is about to listen on, to say in one line that it is in use",
    ),
    "deploy/healthcheck.py": ("http.client", "asks the server of its own container, and is not part of the site"),
}
SKIPPED = {".venv", ".git", "tests", "bench", "static", "data", "node_modules", "scripts"}


def sources() -> list[Path]:
    found = (path for path in ROOT.rglob("*.py") if not SKIPPED.intersection(path.relative_to(ROOT).parts))
    return [path for path in found if DOOR not in path.parents]


def imported(tree: ast.AST) -> set[str]:
    """Every module name that a file imports, also inside functions and through import_module("…")."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
                names.add(str(node.args[0].value))
            if called in ("open_connection", "create_connection"):
                names.add("socket")
    return names


def clients_in(text: str) -> set[str]:
    names = imported(ast.parse(text))
    return {client for client in CLIENTS if any(name == client or name.startswith(f"{client}.") for name in names)}


def test_only_the_door_imports_a_client() -> None:
    checked = sources()
    assert len(checked) > 20
    offenders = {}
    for path in checked:
        name = path.relative_to(ROOT).as_posix()
        found = clients_in(path.read_text(encoding="utf-8"))
        found.discard(EXCUSED[name][0] if name in EXCUSED else "")
        if found:
            offenders[name] = sorted(found)
    assert offenders == {}


@pytest.mark.parametrize(
    "text",
    [
        "import requests",
        "import requests.adapters as r",
        "from urllib.request import urlopen",
        "from urllib import request",
        "def f():\n    import http.client",
        "from http import client",
        "import importlib\nimportlib.import_module('httpx')",
        "import asyncio\nasyncio.open_connection('x', 1)",
        "from socket import create_connection",
    ],
)
def test_the_check_sees_through_spellings(text: str) -> None:
    assert clients_in(text)


@pytest.mark.parametrize(
    "text", ["from urllib.parse import quote", "import http", "from core import egress", "x = 'requests'"]
)
def test_the_check_leaves_others_alone(text: str) -> None:
    assert not clients_in(text)
