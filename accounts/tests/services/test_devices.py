"""Devices: one row an address, the caller's from the last registration on; twenty a person; sealed addresses."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from accounts.models import PushDevice, User
from accounts.push_web import subscription_check
from accounts.services.devices import DEVICES_PER_USER, PURPOSE, device_remove, expo_register, web_register
from accounts.tests.factories import UserFactory
from accounts.tests.push_services import Browser, b64
from core.errors import NotFound, ValidationFailed
from core.secrets import secret_open

pytestmark = pytest.mark.django_db
TOKEN = "ExponentPushToken[abcdefghijklmnopqrstuv]"
FCM = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def person() -> User:
    return UserFactory()


def test_the_same_token_is_refreshed(person: User) -> None:
    first = expo_register(user=person, token=TOKEN, platform="ios", name="Phone")
    PushDevice.objects.update(failures=4)
    again = expo_register(user=person, token=TOKEN, platform="ios")
    assert (first.is_new, again.is_new) == (True, False)
    row = PushDevice.objects.get()
    assert (row.pk, row.name, row.failures) == (first.device.pk, "Phone", 0)
    assert row.last_seen_at > first.device.last_seen_at


def test_anothers_token_moves_to_the_caller(person: User) -> None:
    first = expo_register(user=UserFactory(), token=TOKEN)
    assert expo_register(user=person, token=TOKEN).device.pk == first.device.pk
    assert PushDevice.objects.get().user_id == person.pk


def test_addresses_are_not_in_the_database(person: User) -> None:
    browser = Browser()
    expo_register(user=person, token=TOKEN)
    web_register(user=person, subscription=browser.subscription(FCM))
    text = str(list(PushDevice.objects.values()))
    assert not [secret for secret in (TOKEN, TOKEN[18:-1], FCM, browser.p256dh, browser.auth) if secret in text]
    assert secret_open(PushDevice.objects.get(kind="expo").address, purpose=PURPOSE) == TOKEN


def test_new_keys_of_a_known_subscription_replace_the_old(person: User) -> None:
    web_register(user=person, subscription=Browser().subscription(FCM))
    fresh = Browser()
    assert not web_register(user=person, subscription=fresh.subscription(FCM)).is_new
    assert fresh.auth in secret_open(PushDevice.objects.get().address, purpose=PURPOSE)


def test_past_twenty_the_oldest_go(person: User) -> None:
    made = [
        expo_register(user=person, token=f"ExponentPushToken[{number:022d}]").device
        for number in range(DEVICES_PER_USER + 2)
    ]
    assert set(PushDevice.objects.values_list("pk", flat=True)) == {device.pk for device in made[2:]}


@pytest.mark.parametrize(
    "wrong",
    ["", "abc", "ExponentPushToken[]", TOKEN + "x", "ExponentPushToken[a b c d e f g h]", "FcmToken[abcdefghijkl]"],
)
def test_what_is_no_token(person: User, wrong: str) -> None:
    with pytest.raises(ValidationFailed):
        expo_register(user=person, token=wrong)


def test_removing(person: User) -> None:
    device = expo_register(user=person, token=TOKEN).device
    with pytest.raises(NotFound):
        device_remove(user=UserFactory(), device_id=device.pk)
    device_remove(user=person, device_id=device.pk)
    assert not PushDevice.objects.exists()


class TestSubscriptions:
    @pytest.mark.parametrize(
        "endpoint",
        [
            FCM,
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://autopush.prod.push.services.mozilla.com/x",
            "https://wns2-par02p.notify.windows.com/w/?token=abc",
            "https://web.push.apple.com/QGu",
        ],
    )
    def test_services_of_browsers(self, endpoint: str) -> None:
        browser = Browser()
        found = subscription_check(endpoint=endpoint, p256dh=browser.p256dh, auth=browser.auth)
        assert found.endpoint == endpoint

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/x",
            "https://127.0.0.1/x",
            "https://169.254.169.254/latest/meta-data",
            "https://fcm.googleapis.com@evil.example/x",
            "https://evil.example/fcm.googleapis.com",
            "https://fcm.googleapis.com.evil.example/x",
            "https://notify.windows.com.evil.example/x",
            "https://evilfcm.googleapis.com/x",
            "file:///etc/passwd",
            "fcm.googleapis.com/x",
            "",
            "https://fcm.googleapis.com/" + "x" * 2000,
        ],
    )
    def test_others_are_refused(self, endpoint: str) -> None:
        """We send there: what is not a browser's push service would be a request of a stranger's choice (threat 1)."""
        browser = Browser()
        with pytest.raises(ValidationFailed) as caught:
            subscription_check(endpoint=endpoint, p256dh=browser.p256dh, auth=browser.auth)
        assert list(caught.value.extra["fields"]) == ["subscription.endpoint"]

    def test_the_operator_may_add_hosts(self, settings: Any) -> None:
        settings.WEB_PUSH_HOSTS = ("push.example.org",)
        browser = Browser()
        with pytest.raises(ValidationFailed):
            subscription_check(endpoint="https://push.example.net/x", p256dh=browser.p256dh, auth=browser.auth)
        subscription_check(endpoint="https://push.example.org/x", p256dh=browser.p256dh, auth=browser.auth)

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("subscription.keys.p256dh", {"p256dh": ""}),
            ("subscription.keys.p256dh", {"p256dh": b64(b"\x04" + b"\x01" * 64)}),
            ("subscription.keys.p256dh", {"p256dh": "ключ"}),
            ("subscription.keys.auth", {"auth": b64(b"short")}),
            ("subscription.keys.auth", {"auth": "!!"}),
        ],
    )
    def test_keys_that_are_none(self, field: str, change: dict[str, str]) -> None:
        browser = Browser()
        with pytest.raises(ValidationFailed) as caught:
            subscription_check(endpoint=FCM, **{"p256dh": browser.p256dh, "auth": browser.auth, **change})
        assert list(caught.value.extra["fields"]) == [field]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_row() -> None:
    people = [UserFactory() for _ in range(6)]
    barrier, outcomes = Barrier(len(people)), []

    def work(user: User) -> None:
        barrier.wait()
        try:
            outcomes.append(expo_register(user=user, token=TOKEN).is_new)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 5 + [True]
    assert PushDevice.objects.count() == 1
