"""What every test of the project stands on: no network, services only where they are, the reason of every skip."""

from __future__ import annotations

import gc
import ipaddress
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.services.instances import chromium_binary

REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"


class NetworkBlockedError(OSError):
    """A test tried to leave this machine."""


def _is_local(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.split("%")[0]).is_loopback or text in ("0.0.0.0", "::")  # noqa: S104
    except ValueError:
        return False


def _block_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise NetworkBlockedError(f"a test tried to connect to {address!r}")
    elif event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else str(arguments[0])
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise NetworkBlockedError(f"a test tried to resolve {host!r}") from None


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_block_network)
    # Each example within 200 ms is hypothesis' own rule; here the machine is shared, and what is `timed` runs alone.
    hypothesis.settings.register_profile("hiroba", deadline=None)
    hypothesis.settings.load_profile("hiroba")


SAME_EVERYWHERE = frozenset({"pages", "admin", "api", "api_admin"})
"""Folders whose tests look at what is shown of rows that other tests wrote and read on every database."""


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `either` what looks at pages and answers, unless it says itself where it runs."""
    placed = {"once", "browser", "timed", "postgres", "redis"}
    for item in items:
        if SAME_EVERYWHERE.intersection(item.path.parts) and not placed.intersection(
            m.name for m in item.iter_markers()
        ):
            item.add_marker("either")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run when tests that must share a worker would be spread; leave what is loaded to itself, as servers do.

    pytest 9.2 loses the groups of pytest-xdist 3.8: browser tests beside browser tests then starve each other of the
    machine (pytest-xdist issue 1386). Looking for garbage in everything that was imported took a twelfth of all time.
    """
    from core.serve.collector import collector_settle

    collector_settle()
    gc.set_threshold(50_000, 20, 50)
    if session.config.getoption("loadgroup", False):
        for item in session.items:
            if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
                raise pytest.UsageError(f"pytest-xdist keeps no groups with this pytest: {item.nodeid}")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes and long texts are named by their argument and place: xdist needs the same names in every worker."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 40) else None


def _missing(item: pytest.Item) -> str | None:
    """Why this machine cannot run the test, or None."""
    from django.conf import settings

    marks = {mark.name for mark in item.iter_markers()}
    if "postgres" in marks and "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        return "needs PostgreSQL: `make test` starts a private one when its binaries are installed"
    if "redis" in marks and not settings.REDIS_URL:
        return "needs Redis: `make test` starts a private one when its binary is installed"
    if "browser" in marks and chromium_binary() is None:
        return "needs Chromium: install it or name it in CHROMIUM"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if reason := _missing(item):
        if REQUIRE_SERVICES:
            pytest.fail(f"REQUIRE_SERVICES=1: {reason}", pytrace=False)
        pytest.skip(reason)
    if item.get_closest_marker("data") and not os.environ.get("HIROBA_DATA"):
        pytest.skip("needs real catalogue data: set HIROBA_DATA to the folder that holds it")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave the counts and the reasons of skips where scripts/test.py asked for them."""
    target = os.environ.get("HIROBA_TEST_REPORT")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not target or reporter is None or hasattr(session.config, "workerinput"):
        return
    counts = {name: len(reporter.stats.get(name, [])) for name in ("passed", "failed", "error", "skipped", "xfailed")}
    reasons: Counter[str] = Counter()
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")] += 1
    Path(target).write_text(json.dumps({"counts": counts, "skipped": reasons}), encoding="utf-8")


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> bool:
    """On SQLite the test's database begins as a copy of one that was migrated once, so Django is told to keep what is there.

    Migrating takes ten seconds of every process of tests; on PostgreSQL a template does the same (tests/settings.py).
    """
    from django.conf import settings

    chosen = request.config.getvalue
    default = settings.DATABASES["default"]
    if chosen("reuse_db") or chosen("create_db") or chosen("nomigrations") or "sqlite3" not in default["ENGINE"]:
        return bool(chosen("reuse_db"))
    from tests.services.databases import tables_put

    tables_put(Path(default["TEST"]["NAME"]))
    return True


@pytest.fixture(scope="session", autouse=True)
def _rows_flushed() -> Iterator[None]:
    """After a test with transactions of its own the tables that have rows are emptied, not all hundred."""
    from tests.services.flushing import rows_flush

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.commands.flush.sql_flush", rows_flush)
        yield


@pytest.fixture
def celery_eager(settings: Any) -> Iterator[None]:
    """Tasks run at once, in the caller, and their errors are raised."""
    from config.celery import app

    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """No test sees what another left in the cache (rate limits, cached counts, response cache)."""
    yield
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _static_files_listed_once() -> Iterator[None]:
    """WhiteNoise lists every static file for each new `Client`, 0.1 s each time; here it remembers the first list."""
    from django.conf import settings
    from whitenoise.middleware import WhiteNoiseMiddleware

    listed: dict[str, dict[str, Any]] = {}
    list_files = WhiteNoiseMiddleware.add_files_from_finders

    def add_listed(middleware: WhiteNoiseMiddleware) -> None:
        key = f"{middleware.static_prefix} {settings.STATICFILES_DIRS} {settings.STATICFILES_FINDERS}"
        if key not in listed:
            before = set(middleware.files)
            list_files(middleware)
            listed[key] = {url: file for url, file in middleware.files.items() if url not in before}
        middleware.files.update(listed[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_listed)
        yield
