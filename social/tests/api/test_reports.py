"""The API of reports: shapes, limits, codes, one's own, the queue."""

import uuid
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from core.throttles import throttle_hit
from social.limits import REPORT_ATTEMPTS
from social.models import Report, ReportNote, ReportTarget
from social.tests.reported import named_of, reason_of, report_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
V = "/api/v1"


class Caller:
    """A signed-in client of the API."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.headers = {"Authorization": f"Bearer {session_start(user=user).access_token}"}

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        data = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
        return Client().generic(method, f"{V}{path}", data, content_type="application/json", headers=self.headers)


def caller(role: str = "user", **fields: Any) -> Caller:
    return Caller(UserFactory.create(role=role, **fields))


@pytest.fixture
def owner() -> User:
    return UserFactory.create(username="owner")


def path_of(target: str, owner: User) -> str:
    named = named_of(target, owner)
    if target == "episode":
        return f"/anime/{named.anime_id}/episodes/{named.number}/report"
    plural = {"user": "users", "post": "posts", "comment": "comments", "collection": "collections"}[target]
    return f"/{plural}/{named.id}/report"


@pytest.mark.parametrize("target", ReportTarget.values)
def test_filing(owner: User, target: str) -> None:
    path, call = path_of(target, owner), caller()
    with assert_queries(f"social/POST {target} report"):
        answer = call("POST", path, {"reason": reason_of(target), "message": "  why  "})
    assert answer.status_code == 201
    found = answer.json()
    assert (found["target"], found["state"], found["message"], found["outcome"]) == (target, "open", "  why  ", "")
    assert answer["X-RateLimit-Limit"] == {"user": "5", "episode": "20"}.get(target, "10")
    again = call("POST", path, {"reason": "other"})
    assert (again.status_code, again.json()["error"]) == (409, "already_reported")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": "dead_source"},
        {"reason": "spam", "message": "x" * 2_001},
        {"reason": ["spam"]},
        {"reason": "spam", "message": "a\x00b"},
        {"reason": "spam", "message": None},
    ],
)
def test_bad_input(owner: User, body: dict[str, Any]) -> None:
    answer = caller()("POST", path_of("user", owner), body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert not Report.objects.exists()


def test_a_lone_surrogate_is_refused(owner: User) -> None:
    answer = caller()("POST", path_of("user", owner), b'{"reason": "spam", "message": "\\ud800"}')
    assert answer.status_code in (400, 422)
    assert not Report.objects.exists()


def test_oneself_and_nobody() -> None:
    call = caller()
    answer = call("POST", f"/users/{call.user.pk}/report", {"reason": "spam"})
    assert (answer.status_code, answer.json()["error"]) == (400, "with_oneself")
    assert call("POST", f"/users/{uuid.uuid4()}/report", {"reason": "spam"}).status_code == 404


def test_five_people_an_hour() -> None:
    cache.clear()
    call = caller()
    codes = [call("POST", f"/users/{UserFactory.create().pk}/report", {"reason": "spam"}).status_code for _ in range(6)]
    assert codes == [201] * 5 + [429]


def test_an_episode_with_what_played(owner: User) -> None:
    named = named_of("episode", owner)
    body = {"reason": "out_of_sync", "source_id": named.source_id, "second": 12.5}
    assert caller()("POST", f"/anime/{named.anime_id}/episodes/3/report", body).status_code == 201
    report = Report.objects.get()
    assert (report.source_id, report.position_seconds) == (named.source_id, 12.5)
    wrong = {"reason": "out_of_sync", "source_id": 0, "second": -1}
    answer = caller()("POST", f"/anime/{named.anime_id}/episodes/3/report", wrong)
    assert set(answer.json()["fields"]) == {"source_id", "second"}
    assert caller()("POST", f"/anime/{named.anime_id}/episodes/999/report", body).status_code == 422


def test_ones_own_reports_and_nobody_elses(owner: User) -> None:
    call = caller()
    for size in (2, 7):
        while Report.objects.filter(reporter=call.user).count() < size:
            report_of(call.user, named_of("comment", owner))
        report_of(UserFactory.create(), named_of("user", owner))
        with assert_queries("social/GET reports"):
            found = call("GET", "/reports").json()
        assert found["count"] == len(found["results"]) == size
    assert set(found["results"][0]) == {
        "id", "target", "about", "reason", "message", "state", "outcome", "created_at", "closed_at",
    }  # fmt: skip
    assert call("GET", "/reports?state=open").status_code == 400


def test_the_queue_is_in_order_and_flat(owner: User) -> None:
    staff = caller("moderator")
    named = named_of("user", owner)
    first = [report_of(UserFactory.create(), named) for _ in range(2)]
    with assert_queries("social/GET admin/reports"):
        staff("GET", "/admin/reports")
    urgent = report_of(UserFactory.create(), named, reason="self_harm")
    late = [report_of(UserFactory.create(), named_of("post", owner)) for _ in range(4)]
    with assert_queries("social/GET admin/reports"):
        found = staff("GET", "/admin/reports").json()
    assert [row["id"] for row in found["results"]] == [str(one.pk) for one in (urgent, *first, *late)]
    assert [row["same_count"] for row in found["results"]] == [3, 3, 3, 1, 1, 1, 1]
    assert found["results"][0]["user"] == "owner"


def test_filters_of_the_queue(owner: User) -> None:
    staff = caller("moderator")
    mine, closed, post = (report_of(UserFactory.create(), named_of(t, owner)) for t in ("user", "comment", "post"))
    assert staff("PATCH", f"/admin/reports/{mine.pk}", {"assignee_id": str(staff.user.pk)}).status_code == 200
    staff("PATCH", f"/admin/reports/{closed.pk}", {"state": "dismissed"})
    for query, expected in {
        "": {mine, post},
        "?state=closed": {closed},
        "?state=assigned": {mine},
        "?target=post": {post},
        "?reason=spam": {mine, post},
        "?reason=nsfw": set(),
        "?assignee=me": {mine},
        "?assignee=nobody": {post},
        f"?assignee={staff.user.pk}": {mine},
    }.items():
        rows = staff("GET", f"/admin/reports{query}").json()["results"]
        assert {row["id"] for row in rows} == {str(one.pk) for one in expected}, query
    for query in ("?state=x", "?target=x", "?reason=x", "?assignee=x"):
        assert staff("GET", f"/admin/reports{query}").status_code == 422
    assert staff("GET", "/admin/reports?user__password__startswith=a").status_code == 400


@pytest.mark.parametrize("target", ReportTarget.values)
def test_one_report_with_all_that_helps(owner: User, target: str) -> None:
    staff, named = caller("moderator"), named_of(target, owner)
    report = report_of(UserFactory.create(username="reporter"), named)
    for _ in range(2):
        with assert_queries(f"social/GET admin/reports/{target}"):
            found = staff("GET", f"/admin/reports/{report.pk}").json()
        ReportNote.objects.create(report=report, author=staff.user, body="hm")
        report_of(UserFactory.create(), named)
    assert found["reporter"] == "reporter"
    assert [note["body"] for note in found["notes"]] == ["hm"]
    assert len(found["same"]) == 1
    assert found["now"] is not None
    same = {name for name in found["snapshot"] if found["now"].get(name) == found["snapshot"][name]}
    assert same
    assert found["path"]


def test_closing_a_race_and_opening(owner: User) -> None:
    report = report_of(UserFactory.create(), named_of("comment", owner))
    one, other = caller("moderator"), caller("admin")
    path = f"/admin/reports/{report.pk}"
    with assert_queries("social/PATCH admin/reports"):
        answer = one("PATCH", path, {"state": "resolved", "outcome": "Thanks."})
    assert (answer.json()["state"], answer.json()["closed_by"]) == ("resolved", one.user.username)
    late = other("PATCH", path, {"state": "dismissed"})
    assert (late.status_code, late.json()["error"]) == (409, "report_closed")
    assert other("PATCH", path, {"state": "open"}).json()["assignee"] == other.user.username
    taken = one("PATCH", path, {"assignee_id": str(one.user.pk)})
    assert (taken.status_code, taken.json()["error"]) == (409, "report_taken")
    assert one("PATCH", path, {"assignee_id": str(one.user.pk), "is_takeover": True}).status_code == 200
    for body in ({}, {"state": "open", "assignee_id": None}, {"state": "assigned"}, {"assignee_id": "x"}):
        assert one("PATCH", path, body).status_code == 422
    assert one("POST", f"{path}/notes", {"body": "  "}).status_code == 422


def test_reports_about_oneself_are_not_there() -> None:
    staff = caller("moderator")
    report = report_of(UserFactory.create(), named_of("user", staff.user))
    assert staff("GET", f"/admin/reports/{report.pk}").status_code == 404
    assert staff("GET", "/admin/reports").json()["count"] == 0
    assert caller("admin")("GET", "/admin/reports").json()["count"] == 1


def test_what_is_refused_takes_no_report_away(owner: User) -> None:
    cache.clear()
    call, path = caller(), path_of("user", owner)
    assert call("POST", path, {"reason": "no such reason"}).status_code == 422
    assert call("POST", f"/users/{uuid.uuid4()}/report", {"reason": "spam"}).status_code == 404
    assert call("POST", path, {"reason": "spam"})["X-RateLimit-Remaining"] == "4"
    again = call("POST", path, {"reason": "spam"})
    assert (again.status_code, again["X-RateLimit-Remaining"]) == (409, "4")
    throttle_hit(REPORT_ATTEMPTS, f"u{call.user.pk}", times=REPORT_ATTEMPTS.times)
    assert call("POST", path, {"reason": "spam"}).status_code == 429
