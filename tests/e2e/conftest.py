"""One running site and one Chromium for all browser tests of a worker."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.services.databases import migrated_put
from tests.services.instances import chromium_binary

ROOT = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the browser, and all of them share one site: they run on one worker."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


_addresses = count(1)


def from_elsewhere(page: Any) -> dict[str, str]:
    """Let this page come from an address of its own, as through a proxy: twenty sign-ups an hour are all that one gets.

    The header that says so, for requests beside the page.
    """
    number = next(_addresses)
    headers = {"X-Forwarded-For": f"10.77.{number // 250}.{number % 250 + 1}"}
    page.set_extra_http_headers(headers)
    return headers


@dataclass(frozen=True)
class Site:
    """A site that `manage.py up` serves: address, the superadmin's password, the id of the demo series, its DATA_DIR."""

    url: str
    password: str
    demo_id: int
    folder: Path = Path()

    def shell(self, code: str) -> str:
        """What `code` prints in a `manage.py shell` on the site's data."""
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        env |= {"DATA_DIR": str(self.folder)}
        return subprocess.run(command, cwd=ROOT, env=env, check=True, timeout=60, capture_output=True, text=True).stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`manage.py up` with the demo's anime, as a newcomer starts it."""
    folder, port = tmp_path_factory.mktemp("site"), _free_port()
    migrated_put(folder)
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    env |= {"DATA_DIR": str(folder), "PORT": str(port), "TRUSTED_PROXIES": "127.0.0.1"}
    log = (folder / "up.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.site_process"], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "up.log").read_text()
                time.sleep(0.25)
        said = (folder / "up.log").read_text()
        password = re.search(r"password: (\S+)", said)
        assert password, said
        page = urllib.request.urlopen(f"{url}/api/v1/anime/search?q=Hiroba+no+Akari", timeout=10).read().decode()
        found = re.search(r'"id":(\d+)', page)
        assert found, page[:500]
        yield Site(url, password[1], int(found[1]), folder)
    finally:
        process.terminate()
        process.wait(60)
        log.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """One headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_binary(), args=ARGUMENTS)
        yield browser
        browser.close()


class Watcher:
    """What a page did that it should not: errors of scripts, requests to other hosts, answers of 500."""

    def __init__(self, page, site: Site) -> None:
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", lambda request: self._request(request.url, site))
        page.on("response", lambda r: self.faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def _request(self, url: str, site: Site) -> None:
        if not url.startswith((site.url, "data:", "blob:")):
            self.faults.append(f"left the host: {url}")


def wait_until(page, expression: str, *, timeout: float = 15) -> None:
    """Until `expression` is true in the page, for `timeout` seconds. Playwright's own wait evaluates text, which our CSP forbids."""
    wait_for(page, lambda: page.evaluate(f"Boolean({expression})"), expression, timeout=timeout, pause=100)


def wait_for(page, is_so: Callable[[], object], what: str, *, timeout: float = 15, pause: float = 50) -> None:
    """Until `is_so()`, asked every `pause` milliseconds while the page goes on, for `timeout` seconds."""
    end = time.monotonic() + timeout
    while not is_so():
        assert time.monotonic() < end, f"not true within {timeout} s: {what}"
        page.wait_for_timeout(pause)


@pytest.fixture
def page(chromium, site: Site) -> Iterator:
    """A fresh page of a fresh visitor at 1440 × 900; fails the test when a script breaks or a request leaves the host."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=site.url, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(15_000)
    watcher = Watcher(page, site)
    yield page
    context.close()
    assert watcher.faults == []
