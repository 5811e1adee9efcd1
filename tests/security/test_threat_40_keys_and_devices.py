"""Threat 40, of keys and devices: a dump of the database neither calls the API nor sends to anybody's phone."""

import pytest
from django.db import connection

from accounts.services.api_keys import api_key_create
from accounts.services.devices import expo_register, web_register
from accounts.services.push import push_send
from accounts.tests.factories import UserFactory
from accounts.tests.push_services import Browser
from tests.permissions.snapshots import table_contents


@pytest.mark.django_db
def test_a_dump_holds_no_key_and_no_address() -> None:
    user, browser = UserFactory(), Browser()
    key = api_key_create(user=user, name="of the dump", scopes=["lists:write"]).token
    expo_register(user=user, token="ExponentPushToken[abcdefghijklmnopqrstuv]", name="of the dump")
    web_register(user=user, subscription=browser.subscription("https://fcm.googleapis.com/fcm/send/unguessable"))
    push_send(user_ids=[user.pk], title="only for you", body="a private word", url="/")
    secrets = {
        "key": key,
        "rest of the key": key[11:],
        "token": "abcdefghijklmnopqrstuv",
        "endpoint": "unguessable",
        "secret": browser.auth,
        "message": "a private word",
    }
    text = repr(table_contents(sorted(connection.introspection.table_names())))
    assert "of the dump" in text
    assert [name for name, secret in secrets.items() if secret in text] == []
