"""Copies of a person's data through the API."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import DataExport, User
from accounts.services.api_keys import api_key_create
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from core.api.scopes import Scope
from core.jobs.services import job_run
from core.personal_data import export_parts
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

EXPORTS = "/api/v1/users/me/exports"


class Caller:
    """A person with an access token."""

    def __init__(self, user: User | None = None) -> None:
        self.user = user or UserFactory.create()
        token = session_start(user=self.user).access_token
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return Client().get(path, headers=self.headers)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return Client().post(path, body or {}, content_type="application/json", headers=self.headers)

    def made(self) -> str:
        """The id of a copy that is ready."""
        found = self.post(EXPORTS).json()["id"]
        job_run(job_id=DataExport.objects.get(pk=found).job_id)
        return found


@pytest.fixture
def caller() -> Caller:
    return Caller()


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestJson:
    def test_everything_as_an_attachment_that_no_cache_keeps(self, caller: Caller) -> None:
        response = caller.get("/api/v1/users/me/export")
        assert response.status_code == 200
        assert response.streaming
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Disposition"].startswith('attachment; filename="hiroba-data-')
        assert response["Content-Disposition"].endswith('.json"')
        document = json.loads(body_of(response))
        assert document["parts"]["accounts/profile"][0]["email"] == caller.user.email
        assert document["exported_at"].endswith("Z")

    def test_three_an_hour_the_zip_included(self, caller: Caller) -> None:
        found = caller.made()
        first = caller.get("/api/v1/users/me/export")
        assert (first["X-RateLimit-Limit"], first["X-RateLimit-Remaining"]) == ("3", "2")
        assert caller.get(f"{EXPORTS}/{found}/download").status_code == 200
        assert Client().head("/api/v1/users/me/export", headers=caller.headers).status_code == 200
        for path in ("/api/v1/users/me/export", f"{EXPORTS}/{found}/download"):
            refused = caller.get(path)
            assert (refused.status_code, refused.json()["error"]) == (429, "rate_limited")
            assert int(refused["Retry-After"]) <= 3601
        assert Caller().get("/api/v1/users/me/export").status_code == 200

    def test_strangers_and_unknown_parameters(self, caller: Caller) -> None:
        assert Client().get("/api/v1/users/me/export").status_code == 401
        assert caller.get("/api/v1/users/me/export?user=1").json()["error"] == "unknown_filter"

    def test_one_query_a_part_however_many_rows(self, caller: Caller) -> None:
        """No committed number: every app that comes adds its parts."""
        counts = []
        for _turn in range(2):
            with CaptureQueriesContext(connection) as captured:
                body_of(caller.get("/api/v1/users/me/export"))
            counts.append(len(captured))
            for _ in range(5):
                session_start(user=caller.user)
        assert counts[0] == counts[1] == len(export_parts()) + 1


class TestZip:
    def test_asked_for_made_downloaded(self, caller: Caller) -> None:
        with assert_queries("accounts/POST users/me/exports"):
            asked = caller.post(EXPORTS)
        assert asked.status_code == 202
        assert (asked.json()["state"], asked.json()["progress"], asked.json()["bytes"]) == ("queued", 0, 0)
        found = asked.json()["id"]
        assert caller.get(f"{EXPORTS}/{found}/download").json()["error"] == "export_not_ready"

        job_run(job_id=DataExport.objects.get().job_id)
        with assert_queries("accounts/GET users/me/exports/{id}"):
            ready = caller.get(f"{EXPORTS}/{found}")
        assert (ready.json()["state"], ready.json()["progress"], ready.json()["stage"]) == ("ready", 100, "")
        assert ready["Cache-Control"] == "private, no-store"
        with assert_queries("accounts/GET users/me/exports/{id}/download"):
            response = caller.get(f"{EXPORTS}/{found}/download")
        assert response["Content-Type"] == "application/zip"
        assert response["Cache-Control"] == "no-store"
        assert int(response["Content-Length"]) == ready.json()["bytes"]
        assert response["Content-Disposition"].endswith('.zip"')
        archive = zipfile.ZipFile(io.BytesIO(body_of(response)))
        assert json.loads(archive.read("accounts/profile.json"))[0]["username"] == caller.user.username

    def test_one_at_a_time(self, caller: Caller) -> None:
        first = caller.post(EXPORTS).json()["id"]
        second = caller.post(EXPORTS)
        assert (second.status_code, second.json()["error"], second.json()["export_id"]) == (
            409,
            "export_running",
            first,
        )

    def test_the_list_is_ones_own_newest_first(self, caller: Caller) -> None:
        Caller().post(EXPORTS)
        made = caller.made()
        running = caller.post(EXPORTS).json()["id"]
        with assert_queries("accounts/GET users/me/exports"):
            rows = caller.get(EXPORTS).json()
        assert [(row["id"], row["state"]) for row in rows] == [(running, "queued"), (made, "ready")]

    def test_anothers_does_not_exist(self, caller: Caller) -> None:
        found = Caller().made()
        for path in (f"{EXPORTS}/{found}", f"{EXPORTS}/{found}/download", f"{EXPORTS}/{uuid.uuid4()}"):
            assert caller.get(path).status_code == 404

    def test_gone_after_seven_days(self, caller: Caller) -> None:
        found = caller.made()
        DataExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        gone = caller.get(f"{EXPORTS}/{found}/download")
        assert (gone.status_code, gone.json()["error"]) == (410, "export_expired")
        assert caller.get(f"{EXPORTS}/{found}").json()["state"] == "expired"

    def test_ten_an_hour(self, caller: Caller) -> None:
        statuses = [caller.post(EXPORTS).status_code for _ in range(11)]
        assert statuses == [202, *[409] * 9, 429]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/v1/users/me/export"),
        ("get", EXPORTS),
        ("post", EXPORTS),
        ("get", "/api/v1/users/me/deletion"),
        ("delete", "/api/v1/users/me/deletion"),
        ("post", "/api/v1/users/me/deletion/request"),
        ("post", "/api/v1/users/me/deletion/confirm"),
    ],
)
def test_keys_open_none_of_it(method: str, path: str) -> None:
    """Threat 30: only people who signed in themselves."""
    made = api_key_create(user=UserFactory.create(), name="all", scopes=[scope.value for scope in Scope])
    response = getattr(Client(), method)(path, headers={"X-API-Key": made.token})
    assert response.status_code == 403
