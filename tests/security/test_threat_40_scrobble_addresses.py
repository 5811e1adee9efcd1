"""Threat 40: a dump of the database holds nothing that a scrobble address could be made of without the server's key."""

import json

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from lists.models import ScrobbleEndpoint
from lists.scrobbling.addresses import address_of
from lists.services.scrobbles import endpoint_set
from tests.security.test_threat_40_walk import dump

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_dump_holds_no_living_token(settings) -> None:
    endpoint = endpoint_set(user=UserFactory.create(), server="jellyfin")
    address = address_of(endpoint)
    message = json.dumps({"NotificationType": "PlaybackStop", "ItemType": "Episode", "PlayedToCompletion": "True"})
    assert Client().post(address, message, content_type="text/plain").status_code == 200
    token = address.rpartition("/")[2]
    stolen = dump()
    assert token.encode() not in stolen
    assert token.partition(".")[2].encode() not in stolen
    # Who has the rows but not the key makes addresses that open nothing.
    settings.SECRET_KEY = "a thief's own key, long enough to sign with"
    forged = address_of(ScrobbleEndpoint.objects.get())
    settings.SECRET_KEY = "another one, of the server, long enough too"
    assert Client().post(forged, message, content_type="text/plain").status_code == 404
