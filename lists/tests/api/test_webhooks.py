"""`/webhooks/{server}/{token}`: what counts, what does not, who may, and what the page shows of it."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import ListEntry, ScrobbleEndpoint, ScrobbleReceipt, WatchedEpisode
from lists.scrobbling.addresses import address_of
from lists.services.activities import activity_undo
from lists.services.preferences import preferences_set
from lists.services.scrobbles import RECEIPTS_KEPT, endpoint_renew, endpoint_set
from lists.tests.scrobbling.payloads import EPISODE_SECONDS, TICKS, emby, jellyfin, plex
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"


@pytest.fixture
def anime():
    return AnimeFactory(title="Hoshi no Niwa", episode_count=12, document=True)


@pytest.fixture
def user():
    return UserFactory()


def post(endpoint: ScrobbleEndpoint, payload: dict, **how: Any):
    how = {"content_type": "application/json", **how}
    return Client().post(address_of(endpoint), json.dumps(payload), **how)


def post_plex(endpoint: ScrobbleEndpoint, payload: dict):
    thumb = SimpleUploadedFile("thumb.jpg", b"\xff\xd8\xff" + b"0" * 20_000, content_type="image/jpeg")
    return Client().post(address_of(endpoint), {"payload": json.dumps(payload), "thumb": thumb})


def test_plex_counts_once_and_says_so(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="plex")
    first = post_plex(endpoint, plex())
    assert first.status_code == 200
    assert first.json() == {"outcome": "counted", "anime_id": anime.pk, "episode_num": 3, "reason": "by_title"}
    assert post_plex(endpoint, plex()).json()["outcome"] == "already"
    entry = ListEntry.objects.get(user=user)
    assert (entry.status, entry.episodes_watched) == ("watching", 3)
    assert WatchedEpisode.objects.get().source == "scrobble"
    for event in ("media.play", "media.pause", "media.stop", "library.new"):
        assert post_plex(endpoint, plex(event, index=4)).json()["outcome"] == "ignored"
    assert ScrobbleReceipt.objects.count() == 2  # what is no end is answered and not kept


@pytest.mark.parametrize("media_type", ["application/json", "text/plain; charset=utf-8", "application/octet-stream"])
def test_jellyfin_by_any_name_of_its_content(user, anime, media_type: str) -> None:
    endpoint = endpoint_set(user=user, server="jellyfin")
    assert post(endpoint, jellyfin(), content_type=media_type).json()["outcome"] == "counted"


def test_jellyfin_stops_and_ticks_make_one(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="jellyfin")
    early = jellyfin(PlayedToCompletion=False, PlaybackPositionTicks=EPISODE_SECONDS * TICKS * 7 // 10)
    answer = post(endpoint, early).json()
    assert (answer["outcome"], answer["reason"]) == ("ignored", "not_over")
    preferences_set(user=user, watched_percent=70)
    assert post(endpoint, early).json()["outcome"] == "counted"
    ticked = jellyfin("UserDataSaved", SaveReason="TogglePlayed", Played=True)
    assert post(endpoint, ticked).json()["outcome"] == "already"


def test_emby_as_a_body_and_as_a_form(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="emby")
    assert post(endpoint, emby()).json()["outcome"] == "counted"
    form = Client().post(address_of(endpoint), {"data": json.dumps(emby("item.markplayed", IndexNumber=4))})
    assert (form.json()["outcome"], form.json()["episode_num"]) == ("counted", 4)
    test = post(endpoint, {"Title": "Test", "Event": "system.webhooktest"})
    assert (test.status_code, test.json()["outcome"]) == (200, "ignored")


def test_others_of_a_shared_server_stay_out_and_unseen(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="plex", account_name="Mika")
    assert post_plex(endpoint, plex(account="somebody")).json()["outcome"] == "not_mine"
    receipt = ScrobbleReceipt.objects.get()
    assert (receipt.title, receipt.detail) == ("", {"account": "somebody"})
    assert not ListEntry.objects.exists()
    assert post_plex(endpoint, plex(account="MIKA")).json()["outcome"] == "counted"


def test_what_was_undone_is_not_counted_by_a_replay(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="plex")
    post_plex(endpoint, plex())
    activity_undo(user=user, activity_id=WatchedEpisode.objects.get().activity_id)
    assert post_plex(endpoint, plex()).json()["outcome"] == "already"
    assert not ListEntry.objects.exists()


def test_a_switched_off_list_an_unknown_title_and_a_hidden_anime(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="plex")
    unknown = post_plex(endpoint, plex(grandparentTitle="Nobody Knows This")).json()
    assert (unknown["outcome"], unknown["reason"]) == ("unmatched", "unknown_title")
    assert post_plex(endpoint, plex(index=13)).json()["reason"] == "beyond"
    preferences_set(user=user, tracks_watching=False)
    assert post_plex(endpoint, plex()).json()["reason"] == "switched_off"
    assert not ListEntry.objects.exists()


def test_addresses_that_open_nothing(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="plex")
    old = address_of(endpoint)
    assert old == address_of(ScrobbleEndpoint.objects.get())
    endpoint = endpoint_renew(user=user, endpoint_id=endpoint.pk)
    wrong = [
        old,
        address_of(endpoint).replace("/plex/", "/emby/"),
        address_of(endpoint)[:-1],
        "/api/v1/webhooks/plex/x",
        f"/api/v1/webhooks/plex/{endpoint.pk.hex}.",
        f"/api/v1/webhooks/plex/{'0' * 32}.{'x' * 43}",
    ]
    for address in wrong:
        answer = Client().post(address, {"payload": json.dumps(plex())})
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), address
    user.deletion_due_at = timezone.now()
    user.save()
    assert post_plex(endpoint, plex()).status_code == 404
    user.deletion_due_at, user.is_active = None, False
    user.save()
    assert post_plex(endpoint, plex()).status_code == 404
    assert not ScrobbleReceipt.objects.exists()


def test_bad_bodies(user) -> None:
    endpoint = endpoint_set(user=user, server="jellyfin")
    deep = "[" * 5_000 + "]" * 5_000
    for body in ("", "no json", "[]", "{}", '{"Event": "playback.stop"}', deep, '{"NotificationType": ' + deep + "}"):
        answer = Client().post(address_of(endpoint), body, content_type="text/plain")
        assert (answer.status_code, answer.json()["error"]) == (400, "webhook_unreadable"), body[:40]
    answer = Client().post(address_of(endpoint), b" " * 1_100_000, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")
    assert Client().get(address_of(endpoint)).status_code == 405


def test_too_many_messages_are_told_to_wait(user, monkeypatch) -> None:
    from core.throttles import Limit
    from lists.api.views import webhooks

    monkeypatch.setattr(webhooks, "PER_ENDPOINT", Limit("webhook-few", 2, 60))
    endpoint = endpoint_set(user=user, server="plex")
    statuses = [post_plex(endpoint, plex("media.play")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_the_latest_fifty_receipts_are_kept(user) -> None:
    endpoint = endpoint_set(user=user, server="plex")
    rows = [ScrobbleReceipt(endpoint=endpoint, outcome="ignored", title=str(n)) for n in range(RECEIPTS_KEPT)]
    ScrobbleReceipt.objects.bulk_create(rows)
    post_plex(endpoint, plex(grandparentTitle="The newest"))
    assert ScrobbleReceipt.objects.count() == RECEIPTS_KEPT
    assert ScrobbleReceipt.objects.filter(title="The newest").exists()


def test_queries_of_a_message(user, anime) -> None:
    endpoint = endpoint_set(user=user, server="plex")
    post_plex(endpoint, plex(index=1))
    with assert_queries("lists/POST webhooks/plex"):
        post_plex(endpoint, plex(index=2))
    with assert_queries("lists/POST webhooks/plex of no end"):
        post_plex(endpoint, plex("media.pause"))


def test_no_log_line_holds_the_address(user, anime, caplog, monkeypatch) -> None:
    endpoint = endpoint_set(user=user, server="jellyfin")
    secret = address_of(endpoint).rpartition("/")[2]
    caplog.set_level(logging.DEBUG)
    post(endpoint, jellyfin())
    post(endpoint, {})
    monkeypatch.setattr("lists.api.views.webhooks.scrobble_receive", lambda **_: 1 / 0)
    with_fault = Client(raise_request_exception=False)
    assert with_fault.post(address_of(endpoint), json.dumps(jellyfin()), content_type="text/plain").status_code == 500
    assert secret not in caplog.text
    assert any("webhooks" in record.getMessage() for record in caplog.records)


class TestPage:
    @pytest.fixture
    def client(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_an_address_is_made_renewed_and_removed(self, client: Client, user) -> None:
        page = "/settings/scrobbling"
        assert client.get(page).status_code == 200
        assert client.post(page, {"server": "plex", "account_name": " Mika "}).status_code == 302
        endpoint = ScrobbleEndpoint.objects.get(user=user)
        assert endpoint.account_name == "Mika"
        assert address_of(endpoint) in client.get(page).content.decode()
        assert client.post(f"{page}/{endpoint.pk}/renew").status_code == 302
        assert address_of(endpoint) not in client.get(page).content.decode()
        assert client.post(page, {"server": "kodi"}).status_code == 422
        assert client.post(f"{page}/{endpoint.pk}/remove").status_code == 302
        assert not ScrobbleEndpoint.objects.exists()

    def test_the_receipts_tell_why(self, client: Client, user, anime) -> None:
        endpoint = endpoint_set(user=user, server="plex", account_name="mika")
        for payload in (plex(), plex(grandparentTitle="<b>Unknown</b>"), plex(account="guest")):
            post_plex(endpoint, payload)
        with assert_queries("lists/GET settings/scrobbling"):
            page = client.get("/settings/scrobbling").content.decode()
        assert f'href="/anime/{anime.pk}' in page
        assert "&lt;b&gt;Unknown&lt;/b&gt;" in page
        assert "guest" in page

    def test_others_addresses_are_not_there(self, client: Client) -> None:
        endpoint = endpoint_set(user=UserFactory(), server="plex")
        for act in ("renew", "remove"):
            assert client.post(f"/settings/scrobbling/{endpoint.pk}/{act}").status_code == 404
        assert ScrobbleEndpoint.objects.filter(pk=endpoint.pk, revision=endpoint.revision).exists()
