"""The settings pages of API keys and of notices, and the service worker."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiKey, NoticeSetting, PushDevice, Role, User
from accounts.selectors.api_keys import api_key_by_token
from accounts.selectors.notices import Channels, notice_settings_of
from accounts.services.api_keys import api_key_create
from accounts.services.devices import expo_register
from accounts.services.notices import notice_settings_save
from accounts.tests.factories import UserFactory
from core.models import Job
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

KEYS = "/settings/api-keys"
NOTICES = "/settings/notifications"
TOKEN = "ExponentPushToken[abcdefghijklmnopqrstuv]"


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def mine(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


class TestKeys:
    def test_shown_once(self, mine: Client, person: User) -> None:
        form = {"name": "<b>Tracker</b>", "scopes": ["lists:read", "lists:write"], "days": "30"}
        page = mine.post(KEYS, form).content.decode()
        token = re.search(r"hk_[A-Za-z0-9_-]{43}", page)
        assert token
        key = api_key_by_token(token[0])
        assert (key.user, key.scopes) == (person, ["lists:read", "lists:write"])
        assert key.expires_at is not None
        assert 29 <= (key.expires_at - key.created_at).days <= 30
        assert "&lt;b&gt;Tracker" in page
        assert "<b>Tracker" not in page
        again = mine.get(KEYS).content.decode()
        assert token[0] not in again
        assert key.prefix in again

    def test_no_expiry(self, mine: Client) -> None:
        mine.post(KEYS, {"name": "x", "scopes": ["lists:read"], "days": ""})
        assert ApiKey.objects.get().expires_at is None

    @pytest.mark.parametrize(
        "change", [{"name": ""}, {"name": "x" * 51}, {"scopes": []}, {"scopes": ["root"]}, {"days": "9999"}]
    )
    def test_what_is_not_right(self, mine: Client, change: dict[str, Any]) -> None:
        answer = mine.post(KEYS, {"name": "x", "scopes": ["lists:read"], "days": "30", **change})
        assert answer.status_code == 422
        assert 'class="errorlist' in answer.content.decode()
        assert not ApiKey.objects.exists()

    def test_twenty_are_the_limit(self, mine: Client, person: User) -> None:
        ApiKey.objects.bulk_create([ApiKey(user=person, name=str(n), key_hash=str(n)) for n in range(20)])
        answer = mine.post(KEYS, {"name": "x", "scopes": ["lists:read"]})
        assert answer.status_code == 422
        assert "20 is the limit" in answer.content.decode()

    def test_the_limit_is_that_of_the_api(self, mine: Client) -> None:
        for _turn in range(30):
            assert mine.post(KEYS, {}).status_code == 422
        assert mine.post(KEYS, {"name": "x", "scopes": ["lists:read"]}).status_code == 429
        assert not ApiKey.objects.exists()

    def test_revoking(self, mine: Client, person: User) -> None:
        theirs = api_key_create(user=UserFactory(), name="x", scopes=["lists:read"]).key
        ours = api_key_create(user=person, name="x", scopes=["lists:read"]).key
        assert mine.post(f"{KEYS}/{theirs.pk}/revoke").status_code == 404
        assert mine.post(f"{KEYS}/{ours.pk}/revoke").status_code == 302
        assert ApiKey.objects.get() == theirs

    def test_query_count(self, mine: Client, person: User) -> None:
        for number in range(5):
            api_key_create(user=person, name=str(number), scopes=["lists:read"])
        with assert_queries("accounts/GET settings/api-keys"):
            mine.get(KEYS)

    def test_the_admin_shows_no_hash_and_revokes_below(self, client: Client, person: User) -> None:
        boss = UserFactory(role=Role.ADMIN)
        keys = [
            api_key_create(user=user, name="x", scopes=["lists:read"]).key
            for user in (person, UserFactory(role=Role.ADMIN))
        ]
        client.force_login(boss)
        assert keys[0].key_hash not in client.get(f"/admin/accounts/apikey/{keys[0].pk}/change/").content.decode()
        form = {"action": "revoke", "_selected_action": [str(key.pk) for key in keys]}
        client.post("/admin/accounts/apikey/", form)
        assert ApiKey.objects.get() == keys[1]


class TestNotices:
    def test_the_table_is_kept(self, mine: Client, person: User) -> None:
        assert (
            mine.post(NOTICES, {"on": ["new_sign_in:push", "security_change:site", "nonsense:site"]}).status_code == 302
        )
        found = {kind.code: ways for kind, ways in notice_settings_of(person.pk)}
        assert found["new_sign_in"] == Channels(False, True, False)
        assert found["security_change"] == Channels(True, False, True)  # required: its mail stays on
        assert found["export_ready"] == Channels(False, False, False)

    def test_what_is_chosen_is_ticked(self, mine: Client, person: User) -> None:
        notice_settings_save(user=person, chosen={"new_sign_in": Channels(False, True, False)})
        page = mine.get(NOTICES).content.decode()
        boxes = dict(re.findall(r'value="(\w+:\w+)"([^>]*)>', page))
        assert "checked" in boxes["new_sign_in:push"]
        assert "checked" not in boxes["new_sign_in:email"]
        assert "checked" in boxes["security_change:email"]
        assert "disabled" in boxes["security_change:email"]

    def test_what_only_staff_get_is_for_staff(self, mine: Client, client: Client, person: User) -> None:
        assert "report_filed:" not in mine.get(NOTICES).content.decode()
        mine.post(NOTICES, {"on": []})
        found = {kind.code: ways for kind, ways in notice_settings_of(person.pk)}
        assert found["report_filed"].by_site  # as it is, for the day they moderate
        client.force_login(UserFactory(role=Role.MODERATOR))
        assert "report_filed:site" in client.get(NOTICES).content.decode()

    def test_devices_are_removed_by_their_person(self, mine: Client, person: User) -> None:
        theirs = expo_register(user=UserFactory(), token="ExponentPushToken[0000000000]").device
        ours = expo_register(user=person, token=TOKEN, name="<i>Phone").device
        page = mine.get(NOTICES).content.decode()
        assert "&lt;i&gt;Phone" in page
        assert TOKEN not in page
        assert mine.post(f"{NOTICES}/devices/{theirs.pk}/remove").status_code == 404
        assert mine.post(f"{NOTICES}/devices/{ours.pk}/remove").status_code == 302
        assert PushDevice.objects.get() == theirs

    def test_a_message_to_try_five_times_a_minute(self, mine: Client, person: User) -> None:
        expo_register(user=person, token=TOKEN)
        for _turn in range(7):
            mine.post(f"{NOTICES}/test")
        assert Job.objects.filter(kind="accounts.push").count() == 5

    def test_query_count(self, mine: Client, person: User) -> None:
        for number in range(5):
            expo_register(user=person, token=f"ExponentPushToken[{number:022d}]")
        with assert_queries("accounts/GET settings/notifications"):
            mine.get(NOTICES)
        with assert_queries("accounts/POST settings/notifications"):
            mine.post(NOTICES, {"on": ["new_sign_in:push"]})
        assert NoticeSetting.objects.filter(user=person).exists()


class TestServiceWorker:
    def test_served_at_the_root(self, client: Client) -> None:
        answer = client.get("/sw.js")
        assert answer["Content-Type"].startswith("text/javascript")
        assert answer["Service-Worker-Allowed"] == "/"
        assert answer["Cache-Control"] == "no-cache"
        text = answer.content.decode()
        assert '"push"' in text
        assert '"fetch"' not in text  # it answers no requests

    def test_nothing_is_widened(self, client: Client) -> None:
        policy = client.get("/sw.js")["Content-Security-Policy"]
        assert "connect-src 'self'" in policy
        assert client.post("/sw.js").status_code == 405
