"""The service worker shows what it is sent and opens pages of this site alone; a new key can be copied once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.tests.push_services import Browser as BrowserKeys
from tests.e2e.conftest import ARGUMENTS, Site, wait_for
from tests.e2e.test_accessibility import faults_of
from tests.services.instances import chromium_whole_binary


@pytest.fixture(scope="module")
def whole(chromium: Browser) -> Iterator[Browser]:
    """A Chromium that shows notifications: the one without windows refuses them."""
    browser = chromium.browser_type.launch(executable_path=chromium_whole_binary(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def page(whole: Browser, site: Site) -> Any:
    """A page whose browser allows notifications and the clipboard, signed in as the superadmin."""
    context = whole.new_context(permissions=["notifications", "clipboard-read", "clipboard-write"])
    found = context.new_page()
    found.goto(f"{site.url}/accounts/login/")
    found.fill("[name=login]", "admin")
    found.fill("[name=password]", site.password)
    found.click("main .button-primary")
    found.wait_for_url(f"{site.url}/**")
    yield found
    context.close()


def shown(page: Page) -> list[list[Any]]:
    return page.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
             .map((n) => [n.title, n.body, n.data.url])"""
    )


def test_push_messages_are_shown(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/settings/notifications")
    expect(page.get_by_role("button", name="Show them in this browser")).to_be_visible()
    page.evaluate(
        "async () => { await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready }"
    )
    wire = page.context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    completed: list[dict[str, Any]] = []

    def recorded(event: dict[str, Any]) -> None:
        if event["backgroundServiceEvent"]["eventName"] == "Push event completed":
            completed.append(event)

    wire.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    wire.on("BackgroundService.backgroundServiceEventReceived", recorded)
    wire.send("ServiceWorker.enable")
    wire.send("BackgroundService.startObserving", {"service": "pushMessaging"})
    wire.send("BackgroundService.setRecording", {"service": "pushMessaging", "shouldRecord": True})
    page.wait_for_timeout(300)

    def deliver(data: str) -> None:
        """Deliver and wait, without a look at what is shown.

        Chromium drops a notification that it has stored and not yet shown when a page asks for the list in between.
        """
        before = len(completed)
        where = {"origin": site.url, "registrationId": registrations[0]["registrationId"]}
        wire.send("ServiceWorker.deliverPushMessage", {**where, "data": data})
        wait_for(page, lambda: len(completed) > before, "the worker has ended")

    deliver(json.dumps({"title": "New sign-in", "body": "Привет", "url": "/settings/sessions", "data": {}}))
    assert shown(page) == [["New sign-in", "Привет", "/settings/sessions"]]
    deliver("no JSON at all")
    assert ["Hiroba", "", "/"] in shown(page)


SUBSCRIBED = """(keys) => {
  const subscription = {
    endpoint: "https://updates.push.services.mozilla.com/wpush/v2/of-this-browser",
    options: {},
    toJSON: () => ({ endpoint: subscription.endpoint, keys }),
  };
  let made = sessionStorage.getItem("made");
  PushManager.prototype.getSubscription = async () => (made ? subscription : null);
  PushManager.prototype.subscribe = async (options) => {
    if (options.applicationServerKey.length !== 65) throw new Error("not a key");
    sessionStorage.setItem("made", (made = "yes"));
    return subscription;
  };
}"""


def test_a_browser_subscribes(page: Page, site: Site) -> None:
    """The push service of Chromium is elsewhere, so `PushManager` is stood in for; all the rest is real."""
    keys = BrowserKeys()
    page.add_init_script(f"({SUBSCRIBED})({json.dumps({'p256dh': keys.p256dh, 'auth': keys.auth})})")
    page.goto(f"{site.url}/settings/notifications")
    page.get_by_role("button", name="Show them in this browser").click()
    expect(page.locator("[data-push-state]")).to_have_text("This browser shows push messages.")
    expect(page.get_by_role("button", name="Show them in this browser")).to_be_hidden()
    page.get_by_role("button", name="Remove Chrome on Linux").click()
    expect(page.locator("[data-push-state]")).to_have_text("This browser does not show push messages yet.")


def test_a_key_is_made_and_copied_once(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/settings/api-keys")
    page.get_by_label("What it is for").fill("My tracker")
    page.get_by_role("checkbox", name="Read the catalogue").check()
    page.get_by_role("button", name="Make the key").click()
    token = page.locator("#token").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token
    answer = page.request.get(f"{site.url}/api/v1/anime/{site.demo_id}", headers={"X-API-Key": token})
    assert answer.status == 200
    page.goto(f"{site.url}/settings/api-keys")
    assert token not in page.content()
    page.get_by_role("button", name="Revoke My tracker").click()
    expect(page.get_by_text("You have none.")).to_be_visible()
    assert page.request.get(f"{site.url}/api/v1/anime", headers={"X-API-Key": token}).status == 401


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_pages_have_no_serious_fault(page: Page, site: Site, theme: str) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site.url}/settings/notifications")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert faults_of(page) == []
    page.goto(f"{site.url}/settings/api-keys")
    page.get_by_label("What it is for").fill("One for axe")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#scopes-wrong")).to_be_visible()
    assert faults_of(page) == []  # with what is not right
    page.get_by_role("checkbox", name="Read the catalogue").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#token")).to_be_visible()
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Revoke One for axe").click()
