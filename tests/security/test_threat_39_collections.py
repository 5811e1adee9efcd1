"""Threat 39: ten thousand anime in one call are refused before any of them is looked at."""

import json
import time

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from lists.models import CollectionItem
from lists.tests.collections import collection_of

AT_ONCE = 0.1  # seconds


@pytest.mark.django_db
@pytest.mark.parametrize("one", [{"anime_id": 1}, {}, 5, {"anime_id": 1, "anime_title": "x" * 100}])
def test_ten_thousand_items(client: Client, one: object) -> None:
    owner = UserFactory.create()
    found = collection_of(owner)
    client.force_login(owner)
    body = json.dumps({"items": [one] * 10_000})
    best = 9.0
    for _ in range(5):  # the quickest of a few: the machine is shared
        began = time.thread_time()
        answer = client.post(f"/api/v1/collections/{found.pk}/items", body, content_type="application/json")
        best = min(best, time.thread_time() - began)
        assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert best < AT_ONCE
    assert not CollectionItem.objects.exists()
