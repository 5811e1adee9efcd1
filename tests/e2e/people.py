"""Who the browser tests are: accounts made and signed in as the forms would, most often without drawing them."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import from_elsewhere

PASSWORD = "a passphrase 77 long"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def sign_up(page: Page, name: str) -> None:
    """Make somebody new, signed in in the page's browser; the page stays where it is."""
    headers = from_elsewhere(page)
    _send(page, "/accounts/signup/", {"email": address_of(name), "username": name, "password1": PASSWORD}, headers)


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Sign in in the page's browser; the page stays where it is."""
    _send(page, "/accounts/login/", {"login": name, "password": password}, {})


def sign_up_by_form(page: Page, name: str) -> None:
    """As a person does it; leaves the browser where sign-up leads."""
    from_elsewhere(page)
    page.goto("/accounts/signup/")
    page.fill('input[name="email"]', address_of(name))
    page.fill('input[name="username"]', name)
    page.fill('input[name="password1"]', PASSWORD)
    page.click('main button[type="submit"]')
    expect(page.locator("body[data-signed-in]")).to_be_visible()


def sign_in_by_form(page: Page, name: str, password: str = PASSWORD) -> None:
    """As a person does it; leaves the browser where signing in leads."""
    page.goto("/accounts/login/")
    page.fill('input[name="login"]', name)
    page.fill('input[name="password"]', password)
    page.click('main button[type="submit"]')
    expect(page.locator("body[data-signed-in]")).to_be_visible()


def address_of(name: str) -> str:
    """The e-mail address of somebody who was signed up here."""
    return f"{name}@example.org"


def _send(page: Page, path: str, fields: dict[str, str], headers: dict[str, str]) -> None:
    """Send a form of allauth from the page's browser, whose cookies it shares; the answer leads on."""
    found = _TOKEN.search(page.request.get(path, headers=headers).text())
    assert found, path
    form = {**fields, "csrfmiddlewaretoken": found[1]}
    answer = page.request.post(path, form=form, headers=headers, max_redirects=0)
    assert answer.status == 302, answer.text()[:2_000]
