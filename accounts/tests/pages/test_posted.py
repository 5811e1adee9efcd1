"""Whoever reads an address that takes forms is led to the form."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PAGES = [
    ("settings_account_email", "settings_account"),
    ("settings_account_resend", "settings_account"),
    ("settings_two_factor_begin", "settings_security"),
    ("settings_deletion_request", "settings_deletion"),
    ("settings_deletion_confirm", "settings_deletion"),
    ("settings_deletion_cancel", "settings_deletion"),
    ("settings_push_test", "settings_notifications"),
    ("settings_sessions_revoke", "settings_sessions"),
]
ONE_OF_MANY = [
    ("settings_session_revoke", "settings_sessions"),
    ("settings_api_key_revoke", "settings_api_keys"),
    ("settings_device_remove", "settings_notifications"),
]


@pytest.mark.parametrize(
    ("address", "page"),
    [(reverse(name), page) for name, page in PAGES]
    + [(reverse(name, args=[uuid.UUID(int=0)]), page) for name, page in ONE_OF_MANY],
)
def test_reading_leads_to_the_form(client: Client, address: str, page: str) -> None:
    client.force_login(UserFactory.create())
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, reverse(page))
    assert client.get(response["Location"]).status_code == 200
    assert client.put(address).status_code == 405


def test_a_form_whose_session_is_over_comes_back_after_the_sign_in(client: Client) -> None:
    user = UserFactory.create()
    asked = client.post("/settings/account/email", {"email": "new@example.org", "password": PASSWORD})
    page = client.post(asked["Location"], {"login": user.username, "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1] == ("/settings/account", 302)
    assert page.status_code == 200
    assert User.objects.get().email == user.email
