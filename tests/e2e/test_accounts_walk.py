"""One person's way through everything an account is, in a real browser: from sign-up to a deletion that is called off."""

import base64
import email
import email.policy
import hmac
import json
import re
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import Site, Watcher, wait_until
from tests.services.instances import free_port
from tests.services.processes import up

NAME, ADDRESS, PASSWORD = "Wandering_1", "wanderer@example.org", "a passphrase 77 long"


@dataclass
class Mailed:
    """A site of its own whose mails are written to a folder."""

    site: Site
    mails: Path

    def code(self, subject: str) -> str:
        """The code in the newest mail with these words in its subject; waits until it is there."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for file in sorted(self.mails.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True):
                message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                part = message.get_body(("plain",))
                found = part and re.search(r"^ {4}(\S+)$", part.get_content(), re.MULTILINE)
                if found and re.search(subject, str(message["Subject"])):
                    assert message["To"] == ADDRESS
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no mail about {subject}: {[file.read_text() for file in self.mails.glob('*.log')]}")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailed]:
    folder, port = tmp_path_factory.mktemp("walk"), free_port()
    (folder / "mails").mkdir()
    values = {"DEMO_DATA": "false", "EMAIL_FILE_PATH": str(folder / "mails")}
    with up(folder / "data", port, **values) as process:
        process.wait_for("Hiroba is at", 120)
        yield Mailed(Site(f"http://127.0.0.1:{port}", "", 0), folder / "mails")
        process.stop()


@pytest.fixture
def visitor(chromium: Browser, mailed: Mailed) -> Iterator[Callable[[], Page]]:
    """Makes a page of another browser each time; what a page did that it should not fails the test."""
    opened: list[tuple[BrowserContext, Watcher]] = []

    def visit() -> Page:
        context = chromium.new_context(base_url=mailed.site.url, locale="en-US", accept_downloads=True)
        page = context.new_page()
        page.set_default_timeout(15_000)
        opened.append((context, Watcher(page, mailed.site)))
        return page

    yield visit
    for context, watcher in opened:
        context.close()
        assert watcher.faults == []


def app_code(secret: str, ahead: int = 0) -> str:
    """What an authenticator app shows, worked out by RFC 6238 and not by our own code."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).click()


def enter(page: Page) -> None:
    """Name and password; the second factor comes next."""
    page.goto("/accounts/login/")
    page.fill('input[name="login"]', NAME)
    page.fill('input[name="password"]', PASSWORD)
    page.click('main form[action="/accounts/login/"] button[type="submit"]')
    expect(page.get_by_role("heading", name="Two-factor sign-in")).to_be_visible()


def answer(page: Page, code: str) -> None:
    page.fill('input[name="code"]', code)
    page.click('main form[action="/accounts/2fa/authenticate/"] button[type="submit"]')
    expect(page.locator("body[data-signed-in]")).to_be_visible()


@pytest.mark.timed
def test_from_sign_up_to_a_deletion_called_off(visitor: Callable[[], Page], mailed: Mailed) -> None:
    page = visitor()
    _sign_up_and_onboarding(page)
    secret, codes = _two_factor(page)
    _out_and_in_with_a_recovery_code(page, codes[0])
    _another_session_ends(page, visitor(), secret)
    _the_copy_of_ones_data(page)
    _deletion_and_back(page, mailed)
    page.goto(f"/users/{NAME}")
    assert page.locator("main h1").inner_text().startswith("Странник 旅人")  # nobody was deleted


def _sign_up_and_onboarding(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.fill('input[name="email"]', ADDRESS)
    page.fill('input[name="username"]', NAME)
    page.fill('input[name="password1"]', PASSWORD)
    page.click('main button[type="submit"]')
    page.wait_for_url("**/welcome")
    page.fill('input[name="display_name"]', "Странник 旅人")
    page.locator('label:has(input[name="theme"][value="light"])').click()
    page.locator('label:has(input[name="profile_visibility"][value="everyone"])').click()
    press(page, "Done")
    page.wait_for_url(lambda url: not url.endswith("/welcome"))
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.goto(f"/users/{NAME}")
    expect(page.locator("main h1")).to_contain_text("Странник 旅人")
    page.goto("/welcome")  # only once
    assert not page.url.endswith("/welcome")


def _two_factor(page: Page) -> tuple[str, list[str]]:
    page.goto("/settings/security")
    press(page, "Set up")
    expect(page.locator(".qr svg")).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "").replace("\n", "")
    wrong = f"{(int(app_code(secret)) + 1) % 1_000_000:06d}"
    page.fill('input[name="code"]', wrong)
    press(page, "Switch on")
    expect(page.locator("main")).to_contain_text(re.compile("not right", re.IGNORECASE))
    page.fill('input[name="code"]', app_code(secret))
    press(page, "Switch on")
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.goto("/settings/security")
    expect(page.locator("main")).not_to_contain_text(codes[0])  # shown once
    expect(page.locator(".facts dd")).to_have_text("10")
    return secret, codes


def _out_and_in_with_a_recovery_code(page: Page, code: str) -> None:
    page.goto("/accounts/logout/")
    page.click('main form[action*="/accounts/logout/"] button[type="submit"]')
    expect(page.locator("body[data-signed-in]")).to_have_count(0)
    page.goto("/settings")
    assert "/accounts/login/" in page.url
    enter(page)
    answer(page, code.lower().replace("-", " "))
    page.goto("/settings/security")
    expect(page.locator(".facts dd")).to_have_text("9")


def _another_session_ends(page: Page, other: Page, secret: str) -> None:
    enter(other)
    answer(other, app_code(secret, 1))
    other.add_init_script("document.addEventListener('live', () => (window.seenLive = true))")
    other.goto("/settings/privacy")
    wait_until(other, "window.seenLive")  # its socket is open
    page.goto("/settings/sessions")
    rows = page.locator(".session")
    expect(rows).to_have_count(2)
    mine = page.locator(".session-current")
    expect(mine).to_contain_text("This one")
    button = page.locator(".session:not(.session-current) button")
    button.click(no_wait_after=True)
    pressed = time.monotonic()
    other.wait_for_url("**/accounts/login/**", wait_until="commit", timeout=10_000)
    took = time.monotonic() - pressed
    print(f"the other page was signed out after {took:.2f} s")  # noqa: T201
    assert took < 2
    expect(other.locator("body[data-signed-in]")).to_have_count(0)
    expect(rows).to_have_count(1)
    other.goto("/settings")
    assert "/accounts/login/" in other.url
    page.reload()
    expect(page.locator("body[data-signed-in]")).to_be_visible()


def _the_copy_of_ones_data(page: Page) -> None:
    page.goto("/settings/export")
    press(page, "Make a copy")
    download = page.locator("#export-status a[download]")
    expect(download).to_be_visible(timeout=30_000)
    with page.expect_download() as loaded:
        download.click()
    with zipfile.ZipFile(loaded.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        texts = {name: archive.read(name).decode() for name in names if name.endswith(".json")}
    profile = next(text for name, text in texts.items() if "accounts/profile" in name)
    assert json.loads(profile)[0]["email"] == ADDRESS
    assert "Странник 旅人" in profile
    assert any("session" in name for name in names)
    assert PASSWORD not in "".join(texts.values())


def _deletion_and_back(page: Page, mailed: Mailed) -> None:
    page.goto("/settings/deletion")
    press(page, "Send me the code")
    page.fill('input[name="code"]', mailed.code("(?i)delet"))
    press(page, "Delete my account in 7 days")
    expect(page.locator("#deletion-due")).to_be_visible()
    stranger = page.context.browser.new_page(base_url=mailed.site.url)
    assert stranger.goto(f"/users/{NAME}").status == 404
    page.goto("/settings/deletion")
    page.locator("section", has=page.locator("#deletion-due")).get_by_role("button", name="Keep my account").click()
    expect(page.locator("#deletion-due")).to_have_count(0)
    assert stranger.goto(f"/users/{NAME}").status == 200
    stranger.close()
    page.goto("/settings")
    expect(page.locator("body[data-signed-in]")).to_be_visible()
