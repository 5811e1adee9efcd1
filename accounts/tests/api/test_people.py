"""GET users/search, users/batch, users/{username}."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import relations
from accounts.models import User
from accounts.services.profiles import profile_update
from accounts.services.sessions import session_start
from accounts.services.users import user_register
from accounts.tests.factories import UserFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

SEEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HIDDEN: list[dict[str, Any]] = [
    {"is_active": False},
    {"deletion_due_at": timezone.now() + timedelta(days=7)},
    {"erased_at": timezone.now()},
]


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {session_start(user=user).access_token}"}


def names(client: Client, q: str, **more: Any) -> list[str]:
    response = client.get("/api/v1/users/search", {"q": q, **more})
    assert response.status_code == 200, response.content
    return [found["username"] for found in response.json()["results"]]


@pytest.fixture
def friends(monkeypatch: pytest.MonkeyPatch) -> set[frozenset[uuid.UUID]]:
    """Pairs of friends, as the social app will know them."""
    pairs: set[frozenset[uuid.UUID]] = set()
    monkeypatch.setattr(
        relations, "_friends_among", [lambda viewer, ids: [i for i in ids if frozenset({viewer, i}) in pairs]]
    )
    return pairs


class TestSearch:
    def test_whole_names_then_beginnings_then_the_rest(self, client: Client) -> None:
        profile_update(user=UserFactory.create(username="zz_last"), display_name="Mori")
        for name in ("the_mori", "morinaga", "mori", "komorii"):
            UserFactory.create(username=name)
        assert names(client, "MORI") == ["mori", "zz_last", "morinaga", "komorii", "the_mori"]
        assert names(client, "mori", page_size=2, page=2) == ["morinaga", "komorii"]

    def test_whoever_registers_is_found(self, client: Client) -> None:
        user_register(username="Newcomer_1", email="new@example.org", password="a passphrase 77")
        assert names(client, "newcomer_1") == ["Newcomer_1"]

    def test_display_names_of_any_script_in_any_case(self, client: Client) -> None:
        for name, shown in (("one_x", "Алёна Ёлкина"), ("two_x", "星野アイ"), ("three_x", "Ｆｕｌｌ　Ｗｉｄｔｈ")):
            profile_update(user=UserFactory.create(username=name), display_name=shown)
        assert names(client, "алена ёлк") == ["one_x"]
        assert names(client, "野ア") == ["two_x"]
        assert names(client, "full width") == ["three_x"]

    @pytest.mark.parametrize("q", ["%", "_%", "\\", "o_e", "' OR 1=1 --", "\n"])
    def test_signs_of_the_database_mean_themselves(self, client: Client, q: str) -> None:
        UserFactory.create(username="onex")
        assert client.get("/api/v1/users/search", {"q": q}).status_code in (200, 422)
        assert "onex" not in client.get("/api/v1/users/search", {"q": q}).content.decode()

    @pytest.mark.parametrize("fields", HIDDEN, ids=["suspended", "leaving", "erased"])
    def test_hidden_people_are_not_found(self, client: Client, fields: dict[str, Any]) -> None:
        UserFactory.create(username="hidden_one", **fields)
        response = client.get("/api/v1/users/search", {"q": "hidden_one"})
        assert (response.json()["count"], response.json()["results"]) == (0, [])

    def test_who_shows_it_to_nobody_is_found_by_the_whole_name_alone(self, client: Client) -> None:
        UserFactory.create(username="recluse", profile_visibility="nobody", bio="secret")
        assert names(client, "reclus") == []
        assert names(client, "recluse") == ["recluse"]
        assert b"secret" not in client.get("/api/v1/users/search", {"q": "recluse"}).content

    def test_blocks_hide(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        me, other = UserFactory.create(username="me_x"), UserFactory.create(username="other_x")
        monkeypatch.setattr(relations, "_without_hidden", [lambda viewer, people: people.exclude(pk=other.pk)])
        found = client.get("/api/v1/users/search", {"q": "_x"}, headers=bearer(me)).json()["results"]
        assert [person["username"] for person in found] == ["me_x"]
        assert client.get("/api/v1/users/other_x", headers=bearer(me)).status_code == 404
        assert names(client, "_x") == ["me_x", "other_x"]

    @pytest.mark.parametrize(
        "params", [{}, {"q": ""}, {"q": "  "}, {"q": "x" * 51}, {"q": "a", "page": "101"}, {"q": "a", "page": "0"},
                   {"q": "a\x00"}, {"q": "a", "page_size": "101"}]
    )  # fmt: skip
    def test_bad_input(self, client: Client, params: dict[str, str]) -> None:
        response = client.get("/api/v1/users/search", params)
        assert (response.status_code, response.json()["error"]) == (422, "validation_failed")

    def test_an_unknown_filter(self, client: Client) -> None:
        response = client.get("/api/v1/users/search", {"q": "a", "password__startswith": "a"})
        assert (response.status_code, response.json()["error"]) == (400, "unknown_filter")

    @pytest.mark.parametrize("more", [0, 5])
    def test_constant_queries(self, client: Client, more: int) -> None:
        for n in range(20 + more):
            UserFactory.create(username=f"many_{n}")
        with assert_queries("accounts/GET users/search"):
            assert len(names(client, "many")) == 20

    def test_is_limited(self, client: Client) -> None:
        for _ in range(60):
            client.get("/api/v1/users/search", {"q": "a"})
        assert client.get("/api/v1/users/search", {"q": "a"}).status_code == 429


class TestBatch:
    @pytest.mark.parametrize("more", [0, 5])
    def test_two_queries_with_the_one_that_signs_in(self, client: Client, more: int) -> None:
        people = [UserFactory.create() for _ in range(5 + more)]
        headers = bearer(people[0])
        with assert_queries("accounts/GET users/batch"):
            response = client.get("/api/v1/users/batch", {"ids": ",".join(str(p.pk) for p in people)}, headers=headers)
        assert [found["id"] for found in response.json()["results"]] == [str(p.pk) for p in people]

    def test_invalid_and_unknown_are_dropped(self, client: Client) -> None:
        one, two = UserFactory.create(), UserFactory.create()
        gone = UserFactory.create(is_active=False)
        ids = f"{one.pk},nonsense,,{uuid.uuid4()},{gone.pk},{one.pk}"
        response = client.get(f"/api/v1/users/batch?ids={ids}&ids={two.pk}&ids=%00")
        assert [found["id"] for found in response.json()["results"]] == [str(one.pk), str(two.pk)]
        assert client.get("/api/v1/users/batch").json() == {"results": []}

    def test_at_most_200(self, client: Client) -> None:
        ids = [str(uuid.uuid4()) for _ in range(201)]
        assert client.get("/api/v1/users/batch", {"ids": ",".join(ids[:200])}).status_code == 200
        response = client.get("/api/v1/users/batch", {"ids": ids})
        assert (response.status_code, response.json()["error"]) == (422, "too_many_ids")

    def test_last_seen_is_for_everyone_or_for_oneself(self, client: Client, friends: set[frozenset[uuid.UUID]]) -> None:
        """Reference: "included only when … "everyone" (or when the caller is asking about themselves)"."""
        me = UserFactory.create(last_seen_at=SEEN, online_status_visibility="nobody")
        people = {
            circle: UserFactory.create(last_seen_at=SEEN, online_status_visibility=circle)
            for circle in ("everyone", "friends", "nobody")
        }
        friends.add(frozenset({me.pk, people["friends"].pk}))
        ids = ",".join(str(p.pk) for p in (me, *people.values()))
        found = client.get("/api/v1/users/batch", {"ids": ids}, headers=bearer(me)).json()["results"]
        assert ["last_seen_at" in person for person in found] == [True, True, False, False]
        assert found[1]["last_seen_at"] == "2026-01-02T03:04:05Z"
        staff = UserFactory.create(role="admin")
        found = client.get("/api/v1/users/batch", {"ids": ids}, headers=bearer(staff)).json()["results"]
        assert ["last_seen_at" in person for person in found] == [False, True, False, False]


class TestProfile:
    @pytest.mark.parametrize("asked", ["Hoshino", "hoshino", "HOSHINO"])
    def test_any_case(self, client: Client, asked: str) -> None:
        UserFactory.create(username="Hoshino", bio="Hello", last_seen_at=SEEN)
        with assert_queries("accounts/GET users/{username}"):
            response = client.get(f"/api/v1/users/{asked}")
        body = response.json()
        assert (body["username"], body["bio"], body["is_private"]) == ("Hoshino", "Hello", False)
        assert set(body) == {
            "id", "username", "display_name", "avatar", "role", "is_verified", "is_private", "bio", "created_at"
        }  # fmt: skip

    @pytest.mark.parametrize("asked", ["nobody_here", "a b", "x" * 300, "%00", "ünï", "..%2f"])
    def test_unknown(self, client: Client, asked: str) -> None:
        assert client.get(f"/api/v1/users/{asked}").status_code == 404

    @pytest.mark.parametrize("fields", HIDDEN, ids=["suspended", "leaving", "erased"])
    def test_hidden_people_are_404_but_for_staff_and_themselves(self, client: Client, fields: dict[str, Any]) -> None:
        hidden = UserFactory.create(username="hidden_one", **fields)
        assert client.get("/api/v1/users/hidden_one").status_code == 404
        assert client.get("/api/v1/users/hidden_one", headers=bearer(UserFactory.create())).status_code == 404
        assert (
            client.get("/api/v1/users/hidden_one", headers=bearer(UserFactory.create(role="moderator"))).status_code
            == 200
        )
        if hidden.deletion_due_at:
            assert client.get("/api/v1/users/hidden_one", headers=bearer(hidden)).status_code == 200

    @pytest.mark.parametrize(
        ("circle", "viewer", "is_private"),
        [
            ("everyone", "stranger", False),
            ("friends", "nobody", True),
            ("friends", "stranger", True),
            ("friends", "friend", False),
            ("nobody", "friend", True),
            ("nobody", "staff", False),
            ("nobody", "owner", False),
        ],
    )
    def test_circles(
        self, client: Client, friends: set[frozenset[uuid.UUID]], circle: str, viewer: str, is_private: bool
    ) -> None:
        owner = UserFactory.create(
            username="owner_x",
            bio="secret",
            profile_visibility=circle,
            online_status_visibility=circle,
            last_seen_at=SEEN,
        )
        actors = {
            "stranger": UserFactory.create(),
            "friend": UserFactory.create(),
            "staff": UserFactory.create(role="moderator"),
            "owner": owner,
        }
        friends.add(frozenset({owner.pk, actors["friend"].pk}))
        headers = bearer(actors[viewer]) if viewer in actors else {}
        response = client.get("/api/v1/users/owner_x", headers=headers)
        body = response.json()
        assert (response.status_code, body["is_private"]) == (200, is_private)
        assert (b"secret" in response.content) is not is_private
        assert ("last_seen_at" in body) is not is_private
        assert (body["created_at"] is None) is is_private
