"""`/anime-list/imports` over HTTP."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.tests.factories import AnimeFactory, UserFactory
from core.jobs.services import job_run
from lists.models import ListEntry, ListImport
from lists.services import entry_set
from lists.tests.importing.mal_files import mal_file
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
URL = "/api/v1/anime-list/imports"


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, data: bytes, **more: str):
    return client.post(URL, {"file": SimpleUploadedFile("list.xml", data), **more})


def work(import_id: str) -> None:
    job_run(job_id=ListImport.objects.get(pk=import_id).job_id)


def previewed(client: Client, lines: int = 3) -> str:
    """The id of an import of that many known anime and one unknown title."""
    for number in range(1, lines + 1):
        AnimeFactory(mal_id=number, document=True)
    said = [{"id": n, "status": "Watching", "score": 9} for n in range(1, lines + 1)]
    found = upload(client, mal_file([*said, {"id": 999_999, "title": "Unheard of"}])).json()["id"]
    work(found)
    return found


def test_from_upload_to_undo(client: Client, user) -> None:
    anime = AnimeFactory(mal_id=1)
    entry_set(user=user, anime_id=anime.pk, status="dropped")
    answer = upload(client, mal_file([{"id": 1, "status": "Completed"}, {"id": 2, "title": "Unheard of"}]))
    assert answer.status_code == 202
    found = answer.json()
    assert (found["state"], found["format"], found["error"]) == ("reading", "", None)
    address = f"{URL}/{found['id']}"
    work(found["id"])
    found = client.get(address).json()
    assert (found["state"], found["format"], found["counts"]["total"]) == ("previewed", "mal", 2)
    rows = client.get(f"{address}/rows", {"outcome": "conflict"}).json()
    assert rows["count"] == 1
    assert rows["results"][0]["diff"]["status"] == ["dropped", "completed"]
    assert rows["results"][0]["ids"] == [["mal", "1"]]

    chosen = client.patch(f"{address}/rows/2", {"choice": "skip"}, content_type="application/json")
    assert (chosen.status_code, chosen.json()["choice"]) == (200, "skip")
    assert client.post(f"{address}/apply", {"rule": "theirs"}, content_type="application/json").status_code == 202
    refused = client.post(f"{address}/apply", {"rule": "theirs"}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]) == (409, "import_running")
    work(found["id"])
    found = client.get(address).json()
    assert (found["state"], found["counts"]["applied"]) == ("applied", {"applied": 1, "skipped": 1})
    assert ListEntry.objects.get(user=user).status == "completed"

    assert client.post(f"{address}/undo").status_code == 202
    work(found["id"])
    assert client.get(address).json()["state"] == "undone"
    assert ListEntry.objects.get(user=user).status == "dropped"
    assert client.get(URL).json()["count"] == 1
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("method", "tail"),
    [("get", ""), ("delete", ""), ("get", "/rows"), ("patch", "/rows/1"), ("post", "/apply"), ("post", "/undo")],
)
def test_others_do_not_learn_of_it(client: Client, method: str, tail: str) -> None:
    found = previewed(client)
    stranger = Client()
    stranger.force_login(UserFactory())
    body = {"rule": "mine"} if tail == "/apply" else {"choice": "skip"}
    for import_id in (found, str(uuid.uuid4())):
        address = f"{URL}/{import_id}{tail}"
        options = {"content_type": "application/json"} if method in ("patch", "post") else {}
        answer = getattr(stranger, method)(address, body if options else None, **options)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert stranger.get(URL).json()["count"] == 0


def test_a_broken_file_says_what_is_wrong(client: Client) -> None:
    found = upload(client, b"not a list").json()["id"]
    work(found)
    said = client.get(f"{URL}/{found}").json()
    assert (said["state"], said["error"]["code"]) == ("failed", "list_file_unreadable")
    refused = client.post(f"{URL}/{found}/apply", {"rule": "mine"}, content_type="application/json")
    assert (refused.status_code, refused.json()["state"]) == (409, "failed")


def test_bad_input(client: Client) -> None:
    assert client.post(URL, {}).status_code == 422
    assert client.post(URL, {"file": "x"}, content_type="application/json").status_code == 415
    address = f"{URL}/{previewed(client)}"

    def patch(row: str, body: dict) -> int:
        return client.patch(f"{address}/rows/{row}", body, content_type="application/json").status_code

    assert patch("1", {"choice": "best"}) == 422
    assert patch("1", {"anime_id": 1}) == 422
    assert patch("4", {"anime_id": "x"}) == 422
    assert patch("4", {"anime_id": 2**31 - 1}) == 404
    assert patch("77", {"choice": "skip"}) == 404
    assert patch("9" * 30, {"choice": "skip"}) == 404
    assert client.get(f"{address}/rows", {"outcome": "good"}).status_code == 422
    assert client.get(f"{address}/rows", {"sort": "x"}).json()["error"] == "unknown_filter"
    assert client.post(f"{address}/apply", {"rule": "best"}, content_type="application/json").status_code == 422
    assert client.post(f"{address}/undo").status_code == 409


def test_twenty_uploads_an_hour(client: Client) -> None:
    answers = [upload(client, b"x").status_code for _ in range(21)]
    assert answers[-1] == 429


def test_too_large_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post(URL, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(30 << 20))
    assert (answer.status_code, answer.json()["error"]) == (413, "list_file_too_large")


@pytest.mark.parametrize("lines", [3, 8])
def test_as_many_queries_whatever_the_lines(client: Client, lines: int) -> None:
    found = previewed(client, lines)
    with assert_queries("lists/GET anime-list/imports"):
        client.get(URL)
    with assert_queries("lists/GET anime-list/imports/{id}"):
        client.get(f"{URL}/{found}")
    with assert_queries("lists/GET anime-list/imports/{id}/rows"):
        assert client.get(f"{URL}/{found}/rows").json()["count"] == lines + 1
    with assert_queries("lists/page settings_import"):
        assert client.get(f"/settings/imports/{found}?outcome=new").status_code == 200
    with assert_queries("lists/POST anime-list/imports/{id}/apply"):
        client.post(f"{URL}/{found}/apply", {"rule": "mine"}, content_type="application/json")
    with assert_queries("lists/job import_apply"):
        work(found)
