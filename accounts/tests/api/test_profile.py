"""PATCH users/me, users/me/complete-setup, users/me/avatar, and what auth/me says."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.services.profiles import profile_update
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from core.media.images import image_files
from core.models import StoredImage
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

ME = "/api/v1/users/me"
SETUP = "/api/v1/users/me/complete-setup"
AVATAR = "/api/v1/users/me/avatar"


def picture(colour: str = "teal", kind: str = "PNG", size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def upload(name: str, data: bytes) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


class Caller:
    """A signed-in client of the API."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client(headers={"Authorization": f"Bearer {session_start(user=user).access_token}"})

    def send(self, method: str, path: str, body: dict[str, Any]) -> Any:
        return self.client.generic(method, path, _json(body), content_type="application/json")

    def form(self, method: str, path: str, fields: dict[str, Any]) -> Any:
        return self.client.generic(method, path, encode_multipart(BOUNDARY, fields), content_type=MULTIPART_CONTENT)

    def patch(self, **body: Any) -> Any:
        return self.send("PATCH", ME, body)

    def refused(self, response: Any) -> list[str]:
        assert response.status_code == 422, response.content
        return sorted(response.json()["fields"])


def _json(body: Any) -> bytes:
    import orjson

    return orjson.dumps(body)


@pytest.fixture
def me() -> Caller:
    return Caller(UserFactory.create(username="hoshino"))


class TestUpdate:
    def test_changes_what_is_sent_and_nothing_else(self, me: Caller) -> None:
        body = {
            "display_name": "  星野  アイ ",
            "bio": "Line one\r\n\r\n\r\n\r\nline two",
            "auto_next": False,
            "preferences": {"default_language": "en", "title_language": "native"},
            "privacy": {"activity_visibility": "friends"},
        }
        with assert_queries("accounts/PATCH users/me"):
            response = me.send("PATCH", ME, body)
        found = response.json()
        assert response.status_code == 200, found
        assert (found["display_name"], found["bio"]) == ("星野 アイ", "Line one\n\nline two")
        assert found["preferences"] == {
            "title_language": "native", "shows_adult": False, "auto_play": True, "auto_next": False,
            "auto_skip_opening": False, "auto_skip_ending": False, "default_language": "en", "shows_comments": True,
        }  # fmt: skip
        assert found["privacy"] == {
            "profile_visibility": "everyone", "activity_visibility": "friends", "online_status_visibility": "friends"
        }  # fmt: skip
        assert me.client.get("/api/v1/auth/me").json() == found
        assert me.patch().json() == found

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("display_name", "x" * 51),
            ("display_name", "abc\u202edef"),
            ("display_name", "\u200b\u200b"),
            ("display_name", "\u3164"),
            ("display_name", "ad\u00admin"),
            ("display_name", "z\u0300\u0301\u0302\u0303"),
            ("display_name", "Аdmin"),
            ("display_name", "M0DERATOR"),
            ("display_name", None),
            ("display_name", {"a": 1}),
            ("bio", "x" * 501),
            ("bio", "a\x00b"),
            ("username", "ab"),
            ("username", "admin"),
            ("username", "Adm1n"),
            ("username", "search"),
            ("username", "deleted_77"),
            ("username", "ünï_x"),
            ("birth_date", "1990-13-01"),
            ("birth_date", "2999-01-01"),
            ("title_language", "klingon"),
            ("default_language", "x1"),
            ("default_language", "german"),
            ("auto_play", "maybe"),
            ("profile_visibility", "all"),
            ("preferences", "none"),
        ],
    )
    def test_refuses(self, me: Caller, field: str, value: Any) -> None:
        before = User.objects.values().get()
        assert me.refused(me.patch(**{field: value, "bio": "changed"} if field != "bio" else {field: value}))[
            0
        ].startswith(field)
        assert User.objects.values().get() == before

    def test_adult_titles_need_an_age(self, me: Caller) -> None:
        assert me.refused(me.patch(shows_adult=True)) == ["birth_date"]
        assert me.patch(shows_adult=True, birth_date="1990-01-01").json()["preferences"]["shows_adult"]
        assert me.refused(me.patch(birth_date=None)) == ["birth_date"]

    def test_a_new_username_once_in_a_fortnight(self, me: Caller) -> None:
        UserFactory.create(username="taken_name")
        assert me.refused(me.patch(username="TAKEN_name")) == ["username"]
        assert me.refused(me.patch(username="taken_narne")) == ["username"]
        assert me.patch(username="Hoshino").json()["username"] == "Hoshino"
        assert me.refused(me.patch(username="another")) == ["username"]
        assert me.patch(username="Hoshino", bio="same name").status_code == 200
        found = me.client.get("/api/v1/users/search", {"q": "hoshino"}).json()
        assert found["count"] == 1

    def test_nobody_takes_the_old_name_for_a_fortnight(self, me: Caller) -> None:
        assert me.patch(username="ai_hoshino").status_code == 200
        other = Caller(UserFactory.create())
        assert other.refused(other.patch(username="hosh1no")) == ["username"]
        with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1), tick=False):
            assert profile_update(user=other.user, username="hosh1no").username == "hosh1no"

    def test_fields_of_others_change_nothing(self, me: Caller) -> None:
        before = User.objects.values().get()
        response = me.patch(role="superadmin", is_staff=True, is_verified=True, coins=10**6, email="x@example.org", id="x",
                            password="x", is_active=False, setup_completed_at="2026-01-01T00:00:00Z")  # fmt: skip
        assert response.status_code == 200
        assert User.objects.values().get() == before

    def test_strangers(self, client: Client) -> None:
        assert client.patch(ME, {}, content_type="application/json").status_code == 401
        assert client.post(SETUP, {}, content_type="application/json").status_code == 401
        assert client.put(AVATAR).status_code == 401
        assert client.delete(AVATAR).status_code == 401

    def test_a_form_with_a_picture(self, me: Caller) -> None:
        response = me.form("PATCH", ME, {"bio": "with a picture", "avatar": upload("a.png", picture())})
        assert (response.status_code, response.json()["bio"]) == (200, "with a picture")
        assert set(response.json()["avatar"]) == {"64", "128", "200"}
        refused = me.form("PATCH", ME, {"display_name": "Аdmin", "avatar": upload("a.png", picture("red"))})
        assert me.refused(refused) == ["display_name"]
        assert StoredImage.objects.count() == 1
        gone = me.patch(avatar=None)
        assert (gone.status_code, gone.json()["avatar"]) == (200, None)
        assert not StoredImage.objects.exists()


class TestMe:
    def test_says_everything_in_one_query(self, me: Caller) -> None:
        with assert_queries("accounts/GET auth/me"):
            body = me.client.get("/api/v1/auth/me").json()
        assert (body["has_password"], body["two_factor_enabled"], body["setup_completed"]) == (True, False, False)
        assert body["deletion_due_at"] is None

    def test_two_factor_counts_once_confirmed(self, me: Caller) -> None:
        from accounts.models import TotpDevice

        device = TotpDevice.objects.create(user=me.user, secret="sealed")
        assert me.client.get("/api/v1/auth/me").json()["two_factor_enabled"] is False
        device.confirmed_at = timezone.now()
        device.save(update_fields=["confirmed_at"])
        with assert_queries("accounts/GET auth/me"):
            assert me.client.get("/api/v1/auth/me").json()["two_factor_enabled"] is True


class TestSetup:
    def test_once(self, me: Caller) -> None:
        body = {"username": "ai_hoshino", "display_name": "アイ", "title_language": "english", "auto_play": False}
        response = me.send("POST", SETUP, body)
        assert (response.status_code, response.json()["setup_completed"]) == (200, True)
        again = me.send("POST", SETUP, {"username": "somebody_else"})
        assert (again.status_code, again.json()["error"]) == (409, "setup_completed")
        assert me.patch(username="ai_hoshino_2").status_code == 200, "the pick does not count as a change"

    def test_a_refusal_leaves_it_open(self, me: Caller) -> None:
        assert me.refused(me.send("POST", SETUP, {"username": "admin"})) == ["username"]
        assert me.send("POST", SETUP, {}).status_code == 200


class TestAvatar:
    @pytest.fixture(autouse=True)
    def _tidy(self) -> Iterator[None]:
        yield
        for image in StoredImage.objects.all():
            for name in image_files(image):
                default_storage.delete(name)

    def put(self, me: Caller, data: bytes, name: str = "a.png") -> Any:
        return me.form("PUT", AVATAR, {"avatar": upload(name, data)})

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
    def test_rasters_by_content(self, me: Caller, kind: str) -> None:
        response = self.put(me, picture(kind=kind), name="whatever.exe")
        assert response.status_code == 200
        assert response.json()["avatar"]["64"].endswith(".webp")

    @pytest.mark.parametrize(
        ("data", "status", "code"),
        [
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 400, "image_unreadable"),
            (b"GIF89a garbage", 400, "image_unreadable"),
            (picture()[:100], 400, "image_unreadable"),
            (b"\x89PNG\r\n\x1a\n" + b"x" * (5 * 1024 * 1024), 413, "payload_too_large"),
            (b"\x89PNG\r\n\x1a\n" + b"x" * (6 * 1024 * 1024), 413, "payload_too_large"),
            (b"", 422, "validation_failed"),
        ],
        ids=["svg", "garbage", "cut", "over 5 MB", "over 6 MB", "empty"],
    )
    def test_refuses(self, me: Caller, data: bytes, status: int, code: str) -> None:
        response = self.put(me, data)
        assert (response.status_code, response.json()["error"]) == (status, code)
        assert not StoredImage.objects.exists()

    def test_needs_a_picture(self, me: Caller) -> None:
        assert me.refused(me.send("PUT", AVATAR, {})) == ["avatar"]
        assert me.refused(me.send("PUT", AVATAR, {"avatar": "text"})) == ["avatar"]

    @pytest.mark.django_db(transaction=True)
    def test_the_old_picture_goes_when_nobody_uses_it(self, me: Caller) -> None:
        other = Caller(UserFactory.create())
        for each in (me, other):
            self.put(each, picture("teal"))
        shared = StoredImage.objects.get()
        names = image_files(shared)
        self.put(me, picture("navy"))
        assert StoredImage.objects.filter(pk=shared.pk).exists(), "the other one still shows it"
        assert other.client.delete(AVATAR).status_code == 204
        assert not StoredImage.objects.filter(pk=shared.pk).exists()
        assert not any(default_storage.exists(name) for name in names)
        assert me.client.get("/api/v1/auth/me").json()["avatar"]
        assert other.client.delete(AVATAR).status_code == 204

    def test_is_limited(self, me: Caller) -> None:
        statuses = [self.put(me, picture()).status_code for _ in range(21)]
        assert statuses == [200] * 20 + [429]


class TestRaces:
    """On SQLite and on PostgreSQL (`make test` runs both)."""

    @pytest.mark.django_db(transaction=True)
    def test_lookalikes_at_once(self) -> None:
        names = ["wanted_one", "wanted_0ne", "WANTED_ONE", "vvanted_one", "wanted_One", "wanted_OnE"]
        ends = self.together([Caller(UserFactory.create()) for _ in names], lambda me, n: me.patch(username=names[n]))
        assert sorted(ends) == [200] + [422] * 5

    @pytest.mark.django_db(transaction=True)
    def test_setup_at_once(self) -> None:
        user = UserFactory.create()
        ends = self.together([Caller(user) for _ in range(6)], lambda me, n: me.send("POST", SETUP, {"bio": str(n)}))
        assert sorted(ends) == [200] + [409] * 5

    @pytest.mark.django_db(transaction=True)
    def test_renames_at_once(self) -> None:
        user = UserFactory.create()
        ends = self.together([Caller(user) for _ in range(6)], lambda me, n: me.patch(username=f"another_{n}_name"))
        assert sorted(ends) == [200] + [422] * 5

    @pytest.mark.django_db(transaction=True)
    def test_one_picture_given_and_taken_at_once(self) -> None:
        """Whoever shows the picture in the end has its row and its files."""
        callers = [Caller(UserFactory.create()) for _ in range(6)]

        def act(me: Caller, n: int) -> Any:
            for turn in range(3):
                response = me.form("PUT", AVATAR, {"avatar": upload("a.png", picture(size=(70, 70)))})
                if turn + n % 2 < 3:
                    me.client.delete(AVATAR)
            return response

        assert set(self.together(callers, act)) == {200}
        users = User.objects.select_related("avatar").exclude(avatar=None)
        assert len(users) == 3
        for user in users:
            assert user.avatar is not None
            assert all(default_storage.exists(name) for name in image_files(user.avatar))

    def together(self, callers: list[Caller], act: Any) -> list[int]:
        barrier, ends = threading.Barrier(len(callers)), []

        def run(n: int) -> None:
            try:
                barrier.wait()
                ends.append(act(callers[n], n).status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(n,)) for n in range(len(callers))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return ends
