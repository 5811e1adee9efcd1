"""`/admin/library/configuration`: read, changed in part, tried, backed up; names of backups lead nowhere else (threat 9)."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from accounts.models import Role
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from downloads.configuration.store import configuration
from downloads.tests.queue.conftest import Configured, configured
from tests.query_counts import assert_queries

__all__ = ["configured"]
pytestmark = pytest.mark.django_db
SET = "/api/v1/admin/library/configuration"
BACKUPS = f"{SET}/backups"
HOSTILE = [
    "../secret",
    "../../x",
    "..",
    "....//secret",
    "/etc/passwd",
    "~",
    "..\\secret",
    "..%5C..%5Csecret",
    "..%2Fsecret",
    "%2e%2e%2fsecret",
    "%252e%252e%252fsecret",
    "backup_2026-01-01_00-00-00/../../secret",
    "backup_2026-01-01_00-00-00%2F..%2F..%2Fsecret",
    "backup_2026-01-01_00-00-00.json",
    "backup_2026-01-01_00-00-00%00",
    "backup_2026-01-01_00-00-00%0a",
    "downloads.json",
    "secret.json",
    "damaged_2026-01-01_00-00-00",
    "CON",
    "%ff",
    "a" * 5_000,
]


def client_of(role: Role) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session_start(user=UserFactory(role=role)).access_token}")
    return client


@pytest.fixture
def api(db: None, configured: Configured) -> APIClient:
    return client_of(Role.ADMIN)


def put(api: APIClient, body: Any) -> Any:
    return api.put(SET, body, format="json")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


def test_read_and_changed_in_part(api: APIClient, tmp_path: Path) -> None:
    api.get(SET)
    with assert_queries("downloads/GET admin/library/configuration"):
        body = api.get(SET).json()
    assert (body["anime_directory"], body["max_attempts"], body["problem"]) == (str(tmp_path / "library"), 5, "")
    assert (body["allowed_hosts"], body["quiet_hours"], body["scan_on_change"]) == (["cdn.example"], [], True)
    answer = put(api, {"bandwidth": 1_000_000, "quiet_hours": ["22:00-06:30"]})
    assert (answer.status_code, answer.json()["bandwidth"], answer.json()["max_attempts"]) == (200, 1_000_000, 5)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (configuration().bandwidth, configuration().quiet_hours) == (1_000_000, ("22:00-06:30",))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"max_attempts": 99, "bandwidth": 1}, {"max_attempts", "bandwidth"}),
        ({"max_atempts": 9}, {"max_atempts"}),
        ({"anime_directory": "/etc"}, {"anime_directory"}),
        ({"anime_directory": "../x"}, {"anime_directory"}),
        ({"naming_template": "{title.__class__}/{episode}"}, {"naming_template"}),
        ({"allowed_hosts": ["http://x"]}, {"allowed_hosts"}),
        ({"allowed_hosts": "x"}, {"allowed_hosts"}),
        ([], set()),
        ("text", set()),
    ],
)
def test_what_cannot_be_is_refused_field_by_field(api: APIClient, body: Any, fields: set[str], tmp_path: Path) -> None:
    before = tree(tmp_path / "configuration")
    answer = put(api, body)
    assert (answer.status_code, answer.json()["error"]) == (422, "configuration_invalid")
    assert set(answer.json().get("fields", {})) == fields
    told = api.post(f"{SET}/validate", body, format="json")
    assert (told.status_code, told.json()["valid"], set(told.json()["fields"])) == (200, False, fields)
    assert told.json()["message"]
    assert tree(tmp_path / "configuration") == before


def test_validating_changes_nothing(api: APIClient, tmp_path: Path) -> None:
    before = tree(tmp_path / "configuration")
    (tmp_path / "other").mkdir()
    body = {"anime_directory": str(tmp_path / "other"), "max_attempts": 3}
    told = api.post(f"{SET}/validate", body, format="json").json()
    assert (told["valid"], told["fields"]) == (True, {})
    assert "valid" in told["message"]
    assert tree(tmp_path / "configuration") == before
    assert api.put(SET, b"{", content_type="application/json").status_code == 400


def test_a_preview_of_names(api: APIClient) -> None:
    body = api.get(f"{SET}/preview", {"template": "{title}/{episode:03}"}).json()
    assert body["examples"][0] == {"label": "An episode", "path": "Sousou no Frieren/003.mkv"}
    assert "absolute" in body["available"]
    assert "S01E03" in api.get(f"{SET}/preview").json()["examples"][0]["path"]
    wrong = api.get(f"{SET}/preview", {"template": "{nonsense}"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["naming_template"])


def test_backups_are_made_restored_and_deleted(api: APIClient) -> None:
    made = api.post(BACKUPS)
    assert (made.status_code, made.json()["is_automatic"]) == (201, False)
    name = made.json()["name"]
    put(api, {"max_attempts": 9})
    listed = {one["name"]: one for one in api.get(BACKUPS).json()}
    assert {"name", "created_at", "size_bytes", "is_automatic"} == set(listed[name])
    assert listed[name]["created_at"].endswith("Z")
    assert api.post(f"{BACKUPS}/{name}/restore").json()["max_attempts"] == 5
    assert configuration().max_attempts == 5
    assert api.delete(f"{BACKUPS}/{name}").status_code == 204
    again = api.delete(f"{BACKUPS}/{name}")
    assert (again.status_code, again.json()["error"]) == (404, "backup_not_found")
    put(api, {"max_attempts": 9})
    assert api.post(f"{SET}/reset").json()["max_attempts"] == 5


def test_no_name_of_a_backup_leads_out_of_its_folder(api: APIClient, tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "secret").write_bytes(b"{}")
    (tmp_path / "configuration" / "secret.json").write_bytes(b"{}")
    put(api, {"max_attempts": 4})
    before = tree(tmp_path)
    for name in HOSTILE:
        for answer in (api.delete(f"{BACKUPS}/{name}"), api.post(f"{BACKUPS}/{name}/restore")):
            assert answer.status_code in (400, 404, 405), (name[:60], answer.status_code)
    assert tree(tmp_path) == before
    assert configuration().max_attempts == 4


def test_a_damaged_file_is_told_and_got_out_of(api: APIClient, tmp_path: Path) -> None:
    put(api, {"max_attempts": 8})
    (tmp_path / "configuration" / "downloads.json").write_bytes(b"{damaged")
    body = api.get(SET).json()
    assert (bool(body["problem"]), body["max_attempts"]) == (True, 8)
    for answer in (put(api, {"max_attempts": 3}), api.post(f"{SET}/validate", {}, format="json"), api.post(BACKUPS)):
        assert (answer.status_code, answer.json()["error"]) == (500, "configuration_unreadable")
    newest = api.get(BACKUPS).json()[0]["name"]
    assert api.post(f"{BACKUPS}/{newest}/restore").status_code == 200
    assert api.get(SET).json()["problem"] == ""
    assert [path.read_bytes() for path in (tmp_path / "configuration" / "backups").glob("damaged_*")] == [b"{damaged"]
