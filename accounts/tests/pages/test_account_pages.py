"""Sign-up, sign-in, sign-out, settings and password on the site."""

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

NEW = {"username": "Newcomer_1", "email": "New.Comer@Example.org", "password1": "a passphrase 77"}


def test_sign_up_signs_in_and_goes_to_the_welcome_page(client: Client) -> None:
    response = client.post("/accounts/signup/?next=/browse", {**NEW, "next": "/browse"})
    assert (response.status_code, response["Location"]) == (302, "/welcome?next=%2Fbrowse")
    user = User.objects.get()
    assert (user.username, user.email, user.role) == ("Newcomer_1", "new.comer@example.org", "user")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "a b"),
        ("username", "TAKEN_1"),
        ("username", "a" * 31),
        ("email", "taken@EXAMPLE.org"),
        ("email", "nonsense"),
        ("password1", "password"),
        ("password1", "short"),
        ("password1", "x" * 257),
    ],
)
def test_sign_up_refuses_what_the_api_refuses(client: Client, field: str, value: str) -> None:
    UserFactory.create(username="taken_1", email="taken@example.org")
    response = client.post("/accounts/signup/", {**NEW, field: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    body = {"username": NEW["username"], "email": NEW["email"], "password": NEW["password1"]}
    body[field.rstrip("1")] = value
    api = client.post("/api/v1/auth/register", body, content_type="application/json")
    assert list(api.json()["fields"]) == [field.rstrip("1")]
    assert User.objects.count() == 1


def _sign_up(number: int, **fields: str) -> HttpResponse:
    new = {"username": f"newcomer_{number}", "email": f"newcomer{number}@example.org", "password1": NEW["password1"]}
    return Client().post("/accounts/signup/", {**new, **fields})


def test_refused_forms_do_not_count_as_sign_ups() -> None:
    for number in range(25):
        assert _sign_up(number, password1="short").status_code == 200
    assert _sign_up(26).status_code == 302


def test_sign_ups_are_twenty_an_hour_with_those_of_the_api(client: Client) -> None:
    UserFactory.create(email="taken@example.org")
    for number in range(18):
        assert _sign_up(number).status_code == 302
    assert _sign_up(18, email="taken@example.org").status_code == 200  # it tells who has an account: that counts
    body = {"username": "by_api", "email": "by-api@example.org", "password": NEW["password1"]}
    assert client.post("/api/v1/auth/register", body, content_type="application/json").status_code == 201
    for refused in (_sign_up(20), _sign_up(21, email="taken@example.org")):
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
    assert _sign_up(22, password1="short").status_code == 200
    assert User.objects.count() == 20


def test_refused_forms_have_a_limit_too() -> None:
    for _ in range(100):
        _sign_up(1, username="a b", password1="short")
    assert _sign_up(2).status_code == 429


@pytest.mark.parametrize("login", ["person", "PERSON", "person@example.org", "Person@Example.org"])
def test_sign_in_by_name_or_address(client: Client, login: str) -> None:
    UserFactory.create(username="person")
    with assert_queries("accounts/POST accounts/login/"):
        response = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_suspended_person_is_told_so_only_with_the_password(client: Client) -> None:
    UserFactory.create(username="person", is_active=False)
    wrong = client.post("/accounts/login/", {"login": "person", "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/accounts/login/", {"login": "person", "password": PASSWORD})
    assert (right.status_code, right["Location"]) == (302, "/accounts/inactive/")
    assert "_auth_user_id" not in client.session


def test_sign_in_changes_the_session_key_and_sign_out_ends_it(client: Client) -> None:
    UserFactory.create(username="person")
    session = client.session
    session["before"] = 1
    session.save()
    before = client.cookies["sessionid"].value
    client.post("/accounts/login/", {"login": "person", "password": PASSWORD})
    during = client.cookies["sessionid"].value
    assert during != before
    client.post("/accounts/logout/")
    assert not Session.objects.exists()
    client.cookies["sessionid"] = during
    assert client.get("/settings").status_code == 302


def test_settings_are_saved_and_refused(client: Client) -> None:
    client.force_login(UserFactory.create(username="person"))
    with assert_queries("accounts/GET settings"):
        assert client.get("/settings").status_code == 200
    form = {"display_name": " A Person ", "bio": "Hello", "title_language": "english", "shows_adult": "on"}
    refused = client.post("/settings", form)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["birth_date"]
    saved = client.post("/settings", {**form, "birth_date": "1990-05-17"}, follow=True)
    assert saved.redirect_chain == [("/settings", 302)]
    user = User.objects.get()
    assert (user.display_name, user.title_language, user.shows_adult) == ("A Person", "english", True)
    assert b"1990-05-17" in saved.content
    assert client.post("/settings", {**form, "title_language": "klingon"}).status_code == 422


def test_what_people_write_is_escaped(client: Client) -> None:
    client.force_login(
        UserFactory.create(display_name="<script>alert(1)</script>", bio='"><img src=x onerror=alert(1)>')
    )
    page = client.get("/settings").content
    assert b"<script>alert(1)" not in page
    assert b"<img src=x" not in page


def test_signing_in_leaves_no_message_over_the_page_that_comes(client: Client) -> None:
    page = client.post("/accounts/signup/", NEW, follow=True)
    assert page.redirect_chain[-1][0] == "/welcome"
    assert b'<div class="toast ' not in page.content.partition(b"<template")[0]
    assert list(page.context["messages"]) == []
