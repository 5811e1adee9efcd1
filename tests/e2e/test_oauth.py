"""Signing in through another site in a real browser: there, consent, back; linking and unlinking in the settings."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.tests.oauth_provider import PROVIDERS, USER_AGENT, Provider, provider_serving
from tests.e2e.test_accessibility import faults_of
from tests.services.databases import migrated_put
from tests.services.instances import free_port
from tests.services.processes import running

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A site that offers all four providers, and the provider; its `redirect_base` is the site's address."""
    folder, port = tmp_path_factory.mktemp("oauth"), free_port()
    with provider_serving(f"http://127.0.0.1:{port}") as provider:
        values = {f"OAUTH_{name.upper()}_CLIENT_ID": provider.client_id for name in PROVIDERS}
        values |= {f"OAUTH_{name.upper()}_CLIENT_SECRET": provider.client_secret for name in PROVIDERS}
        values["OAUTH_PROVIDER_BASE"] = ",".join(f"{name}={base}" for name, base in provider.bases().items())
        values |= {"OAUTH_SHIKIMORI_USER_AGENT": USER_AGENT, "DEMO_DATA": "false"}
        values |= {"DATA_DIR": str(folder / "data"), "PORT": str(port)}
        migrated_put(folder / "data")
        with running([sys.executable, "-m", "tests.e2e.oauth_site"], folder, **values) as process:
            process.wait_for("Hiroba is at", 120)
            yield provider


@pytest.fixture
def visitor(chromium: Any, served: Provider) -> Iterator[Any]:
    """A page of a fresh visitor; scripts that break and answers of 500 fail the test."""
    context = chromium.new_context(
        base_url=served.redirect_base, locale="en-US", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert faults == []


def look(page: Any, name: str) -> None:
    """The page as it stands: nothing serious for axe in both themes, nothing wider than a small phone.

    SHOTS names a folder that gets screenshots, for a person to look at.
    """
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for _ in range(10):  # colours change by a transition
            page.wait_for_timeout(250)
            if not (faults := faults_of(page)):
                break
        assert faults == []
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-320.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def sign_in(page: Any, name: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name=f"Continue with {name}").click()
    page.get_by_role("heading", name=name.lower()).wait_for()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_load_state()


def is_signed_in(page: Any) -> bool:
    return page.locator("body[data-signed-in]").count() == 1


def test_there_and_back_linked_and_unlinked(visitor: Any, served: Provider) -> None:
    page = visitor
    page.goto("/accounts/login/")
    look(page, "login")
    sign_in(page, "Google")
    assert page.url.startswith(served.redirect_base)
    assert "code=" not in page.url
    assert is_signed_in(page)

    page.goto("/settings/linked")
    assert page.get_by_text("Your only way to sign in").is_visible()
    assert page.get_by_role("button", name="Unlink").count() == 0
    look(page, "linked-only")
    page.get_by_role("link", name="Discord").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/settings/linked")
    expect(page.get_by_text("Discord is linked.")).to_be_visible()
    expect(page.get_by_text("Nelly")).to_be_visible()
    look(page, "linked")

    page.get_by_role("button", name="Unlink Google").click()
    page.get_by_text("Google is unlinked.").wait_for()
    assert page.get_by_text("fan@gmail.com").count() == 0
    assert page.get_by_role("button", name="Unlink").count() == 0  # Discord is the last way in now

    page.goto("about:blank")  # a page that is open when its sign-in ends goes to the form by itself
    page.context.clear_cookies()
    sign_in(page, "Discord")
    page.goto("/settings/linked")
    assert page.get_by_text("Nelly").is_visible()
    assert [reason for reason in served.refusals if "favicon" not in reason] == []


def test_a_sign_up_that_asks_for_an_address(visitor: Any, served: Provider) -> None:
    page = visitor
    sign_in(page, "Shikimori")
    page.get_by_role("heading", name="One more thing").wait_for()
    assert not is_signed_in(page)
    look(page, "signup")
    page.get_by_label("E-mail address").fill("morr@example.org")
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(lambda url: "3rdparty" not in url)
    assert is_signed_in(page)


def test_saying_no_and_an_address_in_use(visitor: Any, served: Provider) -> None:
    page = visitor
    page.goto("/accounts/signup/")
    page.get_by_role("link", name="Continue with Yandex").click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_text("You chose not to sign in there").wait_for()
    look(page, "denied")
    person = {"username": "in_use", "email": "in.use@example.org", "password": "a passphrase 77", "client": "mobile"}
    assert page.context.request.post("/api/v1/auth/register", data=person).status == 201
    served.people["google"] |= {"sub": "another", "email": "in.use@example.org"}
    page.get_by_role("link", name="Back to sign in").click()
    page.get_by_role("link", name="Continue with Google").click()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("link", name="Sign in and link").wait_for()
    look(page, "in-use")
    assert not is_signed_in(page)


def test_another_sites_link_is_asked_about(visitor: Any, served: Provider) -> None:
    """The provider's own page plays the other site: it is on another port, so the same site and another origin."""
    page = visitor
    page.goto(served.url + "/nothing")
    page.evaluate(f"location.href = '{served.redirect_base}/api/v1/auth/oauth/google?next=/schedule'")
    page.get_by_role("heading", name="Sign in here?").wait_for()
    look(page, "begin")
    assert page.url.startswith(served.redirect_base)  # asked by this site, before anybody goes on to the provider
    page.get_by_role("link", name="Continue with Google").click()
    page.get_by_role("button", name="Allow").wait_for()
    assert page.url.startswith(served.url)


def test_a_linking_that_an_app_asked_for_is_confirmed(visitor: Any, served: Provider, chromium: Any) -> None:
    """The app's browser knows nothing of the app: it shows both accounts, then leads back into the app."""
    page = visitor
    api = page.context.request
    person = {"username": "linker", "email": "linker@example.org", "password": "a passphrase 77", "client": "mobile"}
    token = api.post("/api/v1/auth/register", data=person).json()["access_token"]
    asked = api.post(
        "/api/v1/auth/oauth/yandex/link",
        data={"mobile_redirect": "anilay://settings/linked"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert asked.status == 200, asked.text()
    page.goto(asked.json()["authorize_url"])
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("heading", name="Link these accounts?").wait_for()
    assert page.get_by_text("linker", exact=True).is_visible()
    look(page, "confirm")
    page.get_by_role("button", name="Link", exact=True).click()
    app = page.get_by_role("link", name="Open the app")
    app.wait_for()
    assert app.get_attribute("href") == "anilay://settings/linked?linked=yandex"
    look(page, "to-app")
    listed = api.get("/api/v1/auth/oauth/providers", headers={"Authorization": f"Bearer {token}"}).json()
    assert [row["provider"] for row in listed["linked"]] == ["yandex"]
