"""`/admin/downloads`: for admins, nobody else; bad input changes nothing."""

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from downloads.models import Download, DownloadAttempt, DownloadState
from downloads.tests.queue.conftest import HOST, admin, anime, configured  # noqa: F401 — fixtures
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
PATH = "/api/v1/admin/downloads"


def client_of(role: Role) -> APIClient:
    client = APIClient()
    token = session_start(user=UserFactory(role=role)).access_token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def api(anime: Anime) -> APIClient:  # noqa: F811
    return client_of(Role.ADMIN)


@pytest.fixture
def made(api: APIClient, anime: Anime) -> list[dict[str, Any]]:  # noqa: F811
    """Episodes 1 to 3, queued."""
    return [api.post(PATH, {"anime_id": anime.pk, "episode": number}, format="json").json() for number in (1, 2, 3)]


def test_an_episode_is_queued_and_shown(api: APIClient, anime: Anime) -> None:  # noqa: F811
    body = {"anime_id": anime.pk, "episode": 1, "variant_kind": "dub", "language": "de", "priority": "high"}
    answer = api.post(PATH, body, format="json")
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["state"], shown["priority"], shown["episode_code"]) == ("queued", "high", "S01E01")
    assert (shown["anime_title"], shown["error"], shown["file"], shown["progress"]) == ("Hoshi no Niwa", None, None, 0)
    assert api.get(f"{PATH}/{shown['id']}").json() == {**shown, "url": "", "attempts": []}
    again = api.post(PATH, body, format="json")
    assert (again.status_code, again.json()["error"]) == (409, "download_exists")
    assert again.json()["download_id"] == shown["id"]


def test_an_address_of_the_reference_needs_an_allowed_host(api: APIClient, anime: Anime) -> None:  # noqa: F811
    body = {"anime_id": anime.pk, "episode": 1, "source": "kodik", "url": f"https://{HOST}/1.m3u8"}
    assert (
        api.post(PATH, {**body, "url": "http://169.254.169.254/x"}, format="json").json()["error"] == "host_not_allowed"
    )
    assert not Download.objects.exists()
    shown = api.post(PATH, body, format="json").json()
    assert (shown["source"], shown["host"]) == ("kodik", HOST)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"anime_id": 10**9}, 404, "not_found"),
        ({"episode": 99}, 404, "not_found"),
        ({"episode": "one"}, 422, "validation_failed"),
        ({"episode": -1}, 422, "validation_failed"),
        ({"quality": 100_000}, 422, "validation_failed"),
        ({"language": "German; DROP"}, 422, "validation_failed"),
        ({"url": "file:///etc/passwd"}, 422, "validation_failed"),
        ({"source": "-i /etc/passwd"}, 422, "validation_failed"),
        ({"state": "done"}, 422, "validation_failed"),
        ({"path": "library:../../etc/passwd"}, 422, "validation_failed"),
    ],
)
def test_bad_input_queues_nothing(api: APIClient, anime: Anime, change: dict, status: int, error: str) -> None:  # noqa: F811
    answer = api.post(PATH, {"anime_id": anime.pk, "episode": 1, **change}, format="json")
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert not Download.objects.exists()


def test_the_list_has_the_newest_first_up_to_limit(api: APIClient, made: list) -> None:
    assert [row["episode"] for row in api.get(PATH).json()] == [3, 2, 1]
    assert [row["episode"] for row in api.get(PATH, {"limit": 2}).json()] == [3, 2]
    for wrong in ("0", "201", "x"):
        assert api.get(PATH, {"limit": wrong}).status_code == 422
    assert api.get(PATH, {"state": "done"}).json()["error"] == "unknown_filter"


def test_the_reasons_of_attempts_are_shown(api: APIClient, made: list) -> None:
    download = Download.objects.get(pk=made[0]["id"])
    DownloadAttempt.objects.create(
        download=download, number=1, stage="fetch", error_code="egress_timeout", bytes_done=7
    )
    attempts = api.get(f"{PATH}/{download.pk}").json()["attempts"]
    assert [(row["attempt"], row["stage"], row["error"], row["bytes"]) for row in attempts] == [
        (1, "fetch", "egress_timeout", 7)
    ]


def test_one_is_paused_resumed_cancelled_and_tried_again(api: APIClient, made: list) -> None:
    path = f"{PATH}/{made[0]['id']}"
    for action, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued")):
        answer = api.post(f"{path}/{action}")
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    Download.objects.filter(pk=made[0]["id"]).update(state=DownloadState.DONE)
    answer = api.post(f"{path}/pause")
    assert (answer.status_code, answer.json()["error"], answer.json()["state"]) == (409, "download_state_wrong", "done")
    assert api.post(f"{path}/explode").status_code == 404


def test_the_order_is_changed(api: APIClient, made: list) -> None:
    first, second, third = (row["id"] for row in made)

    def order() -> list[str]:
        return [row["id"] for row in api.get(f"{PATH}/queue").json()["items"]]

    assert api.post(f"{PATH}/{third}/move", {"before": first}, format="json").status_code == 200
    assert order() == [third, first, second]
    assert api.post(f"{PATH}/{third}/move", {"before": None}, format="json").status_code == 200
    assert api.patch(f"{PATH}/{second}", {"priority": "high"}, format="json").json()["priority"] == "high"
    assert order() == [second, first, third]
    assert api.post(f"{PATH}/{third}/move", {"before": str(uuid.uuid4())}, format="json").status_code == 404
    assert api.post(f"{PATH}/{third}/move", {}, format="json").status_code == 422


def test_the_queue_is_halted_and_set_going(api: APIClient, made: list) -> None:
    for act, mode in (("pause", "paused"), ("stop", "stopped"), ("start", "running")):
        status = api.post(f"{PATH}/queue/{act}").json()["status"]
        assert (status["mode"], status["pending"], status["total_items"]) == (mode, 3, 3)
    assert api.post(f"{PATH}/queue/explode").status_code == 404


def test_deleting_removes_it(api: APIClient, made: list) -> None:
    path = f"{PATH}/{made[0]['id']}"
    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert api.get(path).status_code == 404
    assert len(api.get(PATH).json()) == 2


@pytest.mark.parametrize("role", [Role.USER, Role.TESTER, Role.MODERATOR])
def test_others_are_refused(made: list, role: Role) -> None:
    client, path = client_of(role), f"{PATH}/{made[0]['id']}"
    before = list(Download.objects.values())
    answers = [client.get(PATH), client.get(path), client.delete(path), client.post(f"{path}/cancel")]
    answers += [client.post(f"{PATH}/queue/stop"), client.get(f"{PATH}/queue"), client.post(PATH, {}, format="json")]
    assert {answer.status_code for answer in answers} == {403}
    assert list(Download.objects.values()) == before


def test_the_number_of_queries_stays(api: APIClient, made: list, anime: Anime) -> None:  # noqa: F811
    with assert_queries("downloads/GET admin/downloads"):
        api.get(PATH)
    with assert_queries("downloads/GET admin/downloads/queue"):
        api.get(f"{PATH}/queue")
    for number in range(4, 9):
        api.post(PATH, {"anime_id": anime.pk, "episode": number}, format="json")
    with assert_queries("downloads/GET admin/downloads"):
        api.get(PATH)
    with assert_queries("downloads/GET admin/downloads/queue"):
        api.get(f"{PATH}/queue")
