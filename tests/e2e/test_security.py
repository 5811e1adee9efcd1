"""Threat 34 in a real browser: texts of imports, staff and users are shown as texts on every page."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, wait_until
from tests.services.instances import free_port
from tests.services.processes import ROOT, environment, up

SPY = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (e) => window.__violations.push(e.violatedDirective + ' ' + e.blockedURI));
"""
INJECTED = """[...document.querySelectorAll('*')].filter((e) =>
  [...e.attributes].some((a) => /^on/i.test(a.name) || /^\\s*(javascript|data:text)/i.test(a.value.replace(/\\s/g, ''))
    && ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name))
  || (e.localName === 'img' && e.getAttribute('src') === 'x')).map((e) => e.outerHTML.slice(0, 200))"""


@dataclass
class Hostile:
    """A site of its own with the rows of hostile_rows.py: `site`, the id of the first anime, what a visitor's page did."""

    site: Site
    anime: int


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Its own process, so that no other test meets these rows."""
    data, port = tmp_path_factory.mktemp("hostile") / "data", free_port()
    with up(data, port, DEMO_DATA="false") as process:
        process.wait_for("Hiroba is at", 120)
        password = re.search(r"password: (\S+)", process.text())
        assert password
        values = {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.hostile_rows"],
            cwd=ROOT, env=environment(**values), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-400:]
        anime = int(done.stdout.split()[-1])
        yield Hostile(Site(f"http://127.0.0.1:{port}", password[1], anime), anime)
        process.stop()


class Victim:
    """A visitor whose page is asked, on every page, whether anything of the rows became code."""

    def __init__(self, chromium, hostile: Hostile) -> None:
        self.context = chromium.new_context(
            base_url=hostile.site.url, viewport={"width": 1440, "height": 900}, locale="en-US"
        )
        self.context.add_init_script(SPY)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((hostile.site.url, "data:", "blob:"))
                else self.faults.append(f"left the host: {r.url}")
            ),
        )
        self.page.on("response", lambda r: self.faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def goto(self, path: str) -> None:
        """Open the page and look at it."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status < 400, f"{response.status} {path}"
        self.look(path)

    def look(self, what: str) -> None:
        """Nothing ran, nothing was about to run, nothing was stopped by the policy alone."""
        self.page.wait_for_timeout(150)
        assert self.page.evaluate("window.__pwned === undefined"), what
        assert self.page.evaluate(INJECTED) == [], what
        assert self.page.evaluate("window.__violations") == [], what
        assert self.faults == [], what

    def sign_in(self, password: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.fill('input[name="login"]', "admin")
        self.page.fill('input[name="password"]', password)
        self.page.click('main button[type="submit"]')
        expect(self.page.locator("body[data-signed-in]")).to_be_visible()


@pytest.fixture
def victim(chromium, hostile: Hostile) -> Iterator[Victim]:
    found = Victim(chromium, hostile)
    yield found
    found.context.close()


@pytest.mark.parametrize("language", ["romaji", "english", "native"])
def test_pages_show_hostile_texts_as_texts(victim: Victim, hostile: Hostile, language: str) -> None:
    victim.goto("/")
    victim.page.context.add_cookies([{"name": "titles", "value": language, "url": hostile.site.url}])
    for path in (
        "/",
        "/browse",
        "/browse?genre=genre-x&studio=studio-x",
        "/browse?tag=tag-x&view=list",
        "/search?q=Zugzwang",
        "/schedule",
        f"/anime/{hostile.anime}-zugzwang-0",
        f"/watch/{hostile.anime}/2",
    ):
        victim.goto(path)
        if "anime" in path or path == "/":
            expect(victim.page.locator("main")).to_contain_text("onerror=")  # it is there, as a text


def test_what_a_visitor_types_comes_back_as_text(victim: Victim) -> None:
    payload = "%22%27%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.__pwned%3D1%3E%3Cscript%3Ewindow.__pwned%3D1%3C/script%3E"
    for path in (
        f"/search?q={payload}",
        f"/browse?q={payload}&studio_name={payload}",
        f"/browse?genre={payload}&studio={payload}&sort={payload}",
        f"/browse?view={payload}&year_min={payload}",
        f"/schedule?day={payload}&date={payload}&tz={payload}",
        f"/accounts/login/?next={payload}",
        f"/accounts/signup/?next={payload}",
    ):
        victim.page.goto(path)
        victim.look(path)
    answer = victim.page.goto(f"/{payload}")
    assert answer is not None
    assert answer.status == 404
    victim.look("404")


def test_suggestions_show_hostile_titles_as_text(victim: Victim) -> None:
    victim.goto("/")
    victim.page.fill("input[role=combobox]", "zugzwang")
    expect(victim.page.locator("#search-list [role=option]").first).to_contain_text("onerror=")
    victim.look("suggestions")
    victim.page.fill("input[role=combobox]", "<img src=x onerror=window.__pwned=1>")
    victim.page.wait_for_timeout(600)
    victim.look("suggestions of nothing")


def test_the_player_shows_hostile_labels_as_text(victim: Victim, hostile: Hostile) -> None:
    victim.goto(f"/watch/{hostile.anime}/1")
    victim.page.wait_for_selector("[data-watch][data-ready]")
    for menu in ("captions", "settings"):
        victim.page.click(f'[data-player="{menu}-button"]')
        expect(victim.page.locator(f'[data-player="{menu}"]')).to_contain_text("onerror=")
        victim.look(menu)
        victim.page.click(f'[data-player="{menu}-button"]')
    victim.page.evaluate("document.querySelector('video').currentTime = 60")
    wait_until(victim.page, "document.querySelector('video').currentTime > 50")
    victim.look("the next-episode card")


def test_links_and_sources_of_scripts_are_not_offered(victim: Victim, hostile: Hostile) -> None:
    victim.goto(f"/anime/{hostile.anime}-zugzwang-0")
    assert (
        victim.page.locator('.links a, a[rel~="external"]').evaluate_all(
            "links => links.map((a) => a.protocol).filter((p) => p !== 'http:' && p !== 'https:')"
        )
        == []
    )
    for number in range(2, 8):
        victim.goto(f"/watch/{hostile.anime}/{number}")
        assert victim.page.locator("iframe").count() == 0, number
        assert victim.page.evaluate("document.querySelector('video')?.src ?? ''") == "", number


def test_storage_of_the_browser_is_no_code(victim: Victim, hostile: Hostile) -> None:
    victim.goto("/")
    victim.page.evaluate(
        """(id) => { const bad = '"><img src=x onerror=window.__pwned=1>';
        for (const key of Object.keys(localStorage)) localStorage[key] = bad;
        localStorage['hiroba.progress'] = JSON.stringify([{anime_id: id, episode_num: 1, timecode: 5, duration: 80,
          updated_at: bad, title: bad}, {anime_id: bad, episode_num: bad, timecode: bad, duration: bad, updated_at: bad}]); }""",
        hostile.anime,
    )
    victim.goto("/")
    assert "onerror=" in victim.page.evaluate(
        "localStorage['hiroba.progress'] ?? ''"
    )  # what was planted is read, not lost
    victim.goto(f"/anime/{hostile.anime}-zugzwang-0")


def test_signed_in_pages_and_the_admin_show_hostile_texts_as_text(victim: Victim, hostile: Hostile) -> None:
    victim.sign_in(hostile.site.password)
    for path in ("/", "/settings", f"/anime/{hostile.anime}-zugzwang-0", f"/watch/{hostile.anime}/1"):
        victim.goto(path)
    victim.goto("/admin/")
    lists = victim.page.locator('a[href^="/admin/"]').evaluate_all(
        r"links => [...new Set(links.map((a) => a.pathname))].filter((p) => /^\/admin\/[a-z_]+\/[a-z]+\/$/.test(p))"
    )
    assert len(lists) >= 8
    for path in [*lists, f"/admin/catalog/anime/{hostile.anime}/change/", "/admin/catalog/anime/?q=zugzwang"]:
        victim.goto(path)
