"""Two-factor sign-in and passkeys in a browser with a virtual authenticator: set up, sign out, sign in each way."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts import totp
from tests.e2e.conftest import Site, Watcher, wait_until
from tests.e2e.people import PASSWORD, sign_up
from tests.e2e.test_accessibility import faults_of


@pytest.fixture
def page(chromium: Any, site: Site) -> Iterator[Any]:
    """A page at `localhost`, where browsers allow passkeys without https, with an authenticator that knows its person."""
    local = Site(site.url.replace("127.0.0.1", "localhost"), site.password, site.demo_id)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=local.url, locale="en-US")
    page = context.new_page()
    watcher = Watcher(page, local)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.console = []
    page.on("console", lambda message: page.console.append(message.text))
    yield page
    context.close()
    assert watcher.faults == []
    assert [text for text in page.console if "Content Security Policy" in text] == []


def look(page: Any) -> None:
    """No serious fault for axe in either theme, and nothing wider than a small phone."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(250)  # colours fade
        assert faults_of(page) == [], f"{page.url} {scheme}"
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def sign_out(page: Any) -> None:
    page.goto("/accounts/logout/")
    page.click("main form button")
    page.wait_for_url(lambda url: "/logout" not in url)


def password_step(page: Any, name: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


def is_signed_in(page: Any) -> bool:
    page.goto("/settings/security")
    return page.url.endswith("/settings/security")


def switch_two_factor_on(page: Any) -> tuple[str, list[str]]:
    """Through the pages: the key that is typed by hand, and the recovery codes."""
    page.goto("/settings/security")
    look(page)
    page.click("text=Set up")
    look(page)
    assert page.locator(".qr svg").bounding_box()["width"] > 150
    secret = re.sub(r"\s", "", page.inner_text(".secret"))
    page.fill("[name=code]", totp.code_at(secret, int(time.time() // 30)))
    page.click("text=Switch on")
    expect(page.locator("#codes code")).to_have_count(10)
    codes = page.locator("#codes code").all_inner_texts()
    assert len(set(codes)) == 10
    look(page)
    return secret, codes


def test_two_factor_with_app_and_recovery_code(page: Any) -> None:
    sign_up(page, "factor_two")
    secret, codes = switch_two_factor_on(page)
    with page.expect_download() as kept:
        page.click("text=Download")
    text = kept.value.path().read_text()
    assert all(code in text for code in codes)
    page.click("text=I have kept them")

    sign_out(page)
    password_step(page, "factor_two")
    assert "/2fa/authenticate/" in page.url
    look(page)
    page.fill("[name=code]", "000000")
    page.click("main button[type=submit]")
    expect(page.locator(".errorlist")).to_have_text("The code is not right")
    page.fill("[name=code]", totp.code_at(secret, int(time.time() // 30) + 1))
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/2fa/" not in url)
    assert is_signed_in(page)

    sign_out(page)
    password_step(page, "factor_two")
    page.fill("[name=code]", codes[0].lower())
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/2fa/" not in url)
    assert is_signed_in(page)
    assert page.locator(".facts dd").inner_text() == "9"
    look(page)

    page.click("text=Switch off")
    look(page)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Switch off')")
    page.wait_for_url(lambda url: url.endswith("/settings/security"))
    expect(page.locator("text=Set up")).to_be_visible()


def test_a_passkey_is_made_signs_in_and_answers_the_question(page: Any) -> None:
    sign_up(page, "pass_keeper")
    page.goto("/settings/security")
    page.click("text=Add a passkey")
    assert "/reauthenticate/" in page.url
    look(page)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Confirm')")
    page.wait_for_url(lambda url: "/webauthn/add/" in url and "/reauthenticate/" not in url)
    look(page)
    assert not page.locator("[data-passkey-unsupported]").count()
    page.fill("[name=name]", "Phone")
    page.click("text=Make a passkey")
    page.wait_for_url(lambda url: url.endswith("/settings/security"))
    assert "Phone" in page.inner_text(".keys")

    sign_out(page)
    page.goto("/accounts/login/?next=/schedule")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(lambda url: "/login/" not in url)
    assert page.url.endswith("/schedule")
    assert is_signed_in(page)

    switch_two_factor_on(page)
    sign_out(page)
    password_step(page, "pass_keeper")
    page.click("text=Use a passkey instead")
    page.wait_for_url(lambda url: "/2fa/" not in url)
    assert is_signed_in(page)

    page.click(".keys >> text=Remove")
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click("main button:has-text('Confirm')")
    page.click("main button:has-text('Remove')")
    page.wait_for_url(lambda url: url.endswith("/settings/security"))
    expect(page.locator(".keys")).to_have_count(0)


def test_an_address_without_a_name_says_why_passkeys_fail(chromium: Any, site: Site) -> None:
    context = chromium.new_context(base_url=site.url, locale="en-US")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.click("text=Sign in with a passkey")
    assert "Passkeys need the site's name" in page.inner_text("[data-passkey-by-number]")
    assert not page.locator("[data-passkey-failed]").is_visible()
    page.click("text=Open this page as localhost")
    page.wait_for_url(lambda url: "//localhost:" in url and url.endswith("/accounts/login/"))
    context.close()


def test_the_set_up_of_two_factor_begins_at_its_heading(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_up(page, "factor_phone")
    page.goto("/settings/security")
    page.click("text=Set up")
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0
    page.fill("[name=code]", "000000")
    page.click("text=Switch on")
    page.wait_for_selector("[name=code][aria-invalid=true]")
    wait_until(page, "scrollY > 0")  # the refused code is in sight
    assert page.evaluate("document.querySelector('#first-code h2').getBoundingClientRect().top") > 60
