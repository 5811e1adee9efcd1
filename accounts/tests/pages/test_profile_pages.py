"""Profile, onboarding and the settings of profile, player and privacy."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.templatetags.people import initials
from accounts.tests.factories import UserFactory
from core.models import StoredImage
from core.site import slots
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

CIRCLES = {"profile_visibility": "nobody", "activity_visibility": "friends", "online_status_visibility": "everyone"}


def picture(name: str = "me.png", size: int = 80) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (size, size), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def signed_in(client: Client, **fields: Any) -> User:
    user = UserFactory.create(**{"username": "hoshino", **fields})
    client.force_login(user)
    return user


class TestProfilePage:
    def test_everybody_sees_what_is_public(self, client: Client) -> None:
        UserFactory.create(
            username="Hoshino", display_name="星野 アイ", bio="Line\n\nTwo", role="moderator", is_verified=True
        )
        with assert_queries("accounts/GET profile page"):
            page = client.get("/users/Hoshino")
        text = page.content.decode()
        for words in ("星野 アイ", "@Hoshino", "Moderator", "<p>Two</p>", "E-mail address confirmed", "Here since"):
            assert words in text
        assert "Edit profile" not in text
        assert client.get("/users/hOSHINO")["Location"] == "/users/Hoshino"

    def test_oneself_may_edit(self, client: Client) -> None:
        user = signed_in(client)
        assert b"Edit profile" in client.get(f"/users/{user.username}").content

    def test_private_shows_a_card(self, client: Client) -> None:
        UserFactory.create(username="recluse", bio="secret", profile_visibility="nobody", last_seen_at=timezone.now())
        page = client.get("/users/recluse")
        assert page.status_code == 200
        assert b"This profile is private" in page.content
        assert b"secret" not in page.content
        assert b"Here since" not in page.content
        assert b"Online" not in page.content

    @pytest.mark.parametrize(
        ("ago", "circle", "words"),
        [(1, "everyone", b"Online"), (60, "everyone", b"Last here"), (1, "friends", None), (1, "nobody", None)],
    )
    def test_online_status(self, client: Client, ago: int, circle: str, words: bytes | None) -> None:
        seen = timezone.now() - timedelta(minutes=ago)
        UserFactory.create(username="somebody_x", online_status_visibility=circle, last_seen_at=seen)
        page = client.get("/users/somebody_x").content
        assert (b"profile-online" in page or b"Last here" in page) is (words is not None)
        assert words is None or words in page

    @pytest.mark.parametrize(
        "fields", [{"is_active": False}, {"deletion_due_at": timezone.now()}, {"erased_at": timezone.now()}]
    )
    def test_hidden(self, client: Client, fields: dict[str, Any]) -> None:
        UserFactory.create(username="hidden_one", **fields)
        assert client.get("/users/hidden_one").status_code == 404
        assert client.get("/users/no_such_person").status_code == 404

    def test_staff_see_that_somebody_is_suspended(self, client: Client) -> None:
        UserFactory.create(username="hidden_one", is_active=False)
        signed_in(client, role="moderator")
        with assert_queries("accounts/GET profile page signed in"):
            page = client.get("/users/hidden_one")
        assert b"Suspended" in page.content

    def test_upper_apps_fill_it(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        got: list[dict[str, Any]] = []
        monkeypatch.setitem(
            slots._slots, "profile.main", {"test": lambda request, values: got.append(values) or "FILLED"}
        )
        user = UserFactory.create(username="somebody_x", activity_visibility="everyone")
        assert b"FILLED" in client.get("/users/somebody_x").content
        assert got == [{"person_id": user.pk, "username": "somebody_x", "shows_activity": True}]

    def test_what_people_write_is_escaped(self, client: Client) -> None:
        UserFactory.create(
            username="evil_x", display_name="<script>alert(1)</script>", bio='<img src=x onerror="alert(1)">'
        )
        page = client.get("/users/evil_x").content
        assert b"<script>alert" not in page
        assert b"<img src=x" not in page

    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("Ai Hoshino", "AH"),
            ("hoshino", "H"),
            ("ai_hoshino", "AH"),
            ("星野アイ", "星"),
            ("Анна", "А"),
            ("...", "."),
            ("★ Nova", "N"),
        ],
    )
    def test_initials(self, name: str, letters: str) -> None:
        assert initials(name) == letters


class TestSettings:
    def form(self, **more: Any) -> dict[str, Any]:
        return {"display_name": "Ai", "bio": "", "title_language": "romaji", "birth_date": "", **more}

    def test_a_picture_comes_and_goes(self, client: Client) -> None:
        user = signed_in(client)
        assert client.post("/settings", self.form(avatar=picture())).status_code == 302
        user.refresh_from_db()
        assert user.avatar_id
        page = client.get("/settings").content
        assert b'class="avatar" src="/media/images/avatar/' in page
        assert client.post("/settings", {**self.form(), "remove_avatar": "1"}).status_code == 302
        assert not StoredImage.objects.exists()

    @pytest.mark.parametrize("data", [b"<svg/>", b"x" * (5 * 1024 * 1024 + 1)], ids=["svg", "too large"])
    def test_a_bad_picture_is_told_at_its_field(self, client: Client, data: bytes) -> None:
        signed_in(client)
        response = client.post("/settings", self.form(avatar=SimpleUploadedFile("a.png", data)))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["avatar"]
        assert User.objects.get().display_name == ""

    def test_the_saved_language_of_titles_holds_in_this_browser(self, client: Client) -> None:
        signed_in(client)
        client.cookies["titles"] = "english"
        done = client.post("/settings", self.form(title_language="native"))
        assert done.cookies["titles"].value == "native"
        assert "titles" not in client.post("/settings", self.form(title_language="native")).cookies

    def test_a_username_is_changed_once(self, client: Client) -> None:
        signed_in(client)
        UserFactory.create(username="taken_x")
        taken = client.post("/settings", self.form(username="taken_X"))
        assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["username"])
        assert client.post("/settings", self.form(username="ai_hoshino")).status_code == 302
        assert User.objects.get(username="ai_hoshino").search_name == "\nai_hoshino\nai\n"
        again = client.post("/settings", self.form(username="third_name"))
        assert (again.status_code, list(again.context["form"].errors)) == (422, ["username"])

    def test_display_names_like_others(self, client: Client) -> None:
        signed_in(client)
        UserFactory.create(username="aqua")
        refused = client.post("/settings", self.form(display_name="Аquа"))
        assert list(refused.context["form"].errors) == ["display_name"]

    def test_player(self, client: Client) -> None:
        user = signed_in(client)
        with assert_queries("accounts/GET settings/player"):
            assert client.get("/settings/player").status_code == 200
        assert client.post("/settings/player", {"auto_skip_ending": "on", "default_language": "ru"}).status_code == 302
        user.refresh_from_db()
        assert (user.auto_play, user.auto_next, user.auto_skip_opening, user.auto_skip_ending) == (
            False,
            False,
            False,
            True,
        )
        assert (user.default_language, user.shows_comments) == ("ru", False)
        assert client.post("/settings/player", {"default_language": "klingon"}).status_code == 422

    def test_privacy(self, client: Client) -> None:
        user = signed_in(client)
        with assert_queries("accounts/GET settings/privacy"):
            assert client.get("/settings/privacy").status_code == 200
        assert client.post("/settings/privacy", CIRCLES).status_code == 302
        user.refresh_from_db()
        assert {name: getattr(user, name) for name in CIRCLES} == CIRCLES
        assert client.post("/settings/privacy", {**CIRCLES, "profile_visibility": "all"}).status_code == 422

    @pytest.mark.parametrize("path", ["/settings", "/settings/player", "/settings/privacy", "/welcome"])
    def test_strangers_sign_in_first(self, client: Client, path: str) -> None:
        assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


class TestOnboarding:
    FORM = {**CIRCLES, "display_name": "アイ", "title_language": "native", "default_language": "en", "theme": "light"}

    def test_all_in_one_page_once(self, client: Client) -> None:
        user = signed_in(client)
        with assert_queries("accounts/GET welcome"):
            assert client.get("/welcome?next=/browse").status_code == 200
        done = client.post("/welcome", {**self.FORM, "avatar": picture(), "username": "ai_hoshino", "next": "/browse"})
        assert (done.status_code, done["Location"]) == (302, "/browse")
        assert done.cookies["theme"].value == "light"
        user.refresh_from_db()
        assert (user.username, user.display_name, user.title_language, user.default_language) == (
            "ai_hoshino",
            "アイ",
            "native",
            "en",
        )
        assert user.avatar_id
        assert user.setup_completed_at
        assert client.get("/welcome").status_code == 302
        assert client.post("/welcome", self.FORM).status_code == 302

    def test_skipping_changes_nothing_else(self, client: Client) -> None:
        user = signed_in(client)
        done = client.post("/welcome", {"skip": "1", "next": "//evil.example"})
        assert (done.status_code, done["Location"]) == (302, "/")
        before = {**user.__dict__}
        user.refresh_from_db()
        assert user.setup_completed_at
        assert user.display_name == before["display_name"]
        assert client.get("/welcome", {"next": "no-such-page"})["Location"] == "/"

    def test_what_is_wrong_is_shown(self, client: Client) -> None:
        user = signed_in(client)
        refused = client.post("/welcome", {**self.FORM, "username": "admin", "profile_visibility": "x"})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["profile_visibility"])
        refused = client.post("/welcome", {**self.FORM, "username": "admin"})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["username"])
        user.refresh_from_db()
        assert user.setup_completed_at is None
