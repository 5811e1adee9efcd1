"""Working on reports: one moderator decides, the reporter hears it, what was done stays in the history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from core import events
from core.errors import DomainError
from lists.models import Collection
from social.events import ReportClosed
from social.models import Comment, Notification, Post, Report, ReportNote
from social.services.report_actions import report_mute, report_remove
from social.services.report_desk import (
    report_assign,
    report_close,
    report_note,
    report_reopen,
    report_take,
)
from social.tests.reported import named_of, report_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create(username="owner", display_name="Rude name", bio="rude bio")


@pytest.fixture
def moderator() -> User:
    return UserFactory.create(username="moderator", role="moderator")


@pytest.fixture
def report(owner: User) -> Report:
    return report_of(UserFactory.create(username="reporter"), named_of("comment", owner))


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.code == code


def test_taking_giving_and_putting_back(report: Report, moderator: User) -> None:
    other = UserFactory.create(role="admin")
    taken = report_take(actor=moderator, report_id=report.pk)
    assert (taken.state, taken.assignee) == ("assigned", moderator)
    report_take(actor=moderator, report_id=report.pk)
    refused("report_taken", lambda: report_take(actor=other, report_id=report.pk))
    assert report_take(actor=other, report_id=report.pk, is_takeover=True).assignee == other
    assert report_assign(actor=other, report_id=report.pk, assignee_id=moderator.pk).assignee == moderator
    back = report_assign(actor=other, report_id=report.pk, assignee_id=None)
    assert (back.state, back.assignee) == ("open", None)


def test_only_who_works_on_reports_gets_one(report: Report, moderator: User, owner: User) -> None:
    tester = UserFactory.create(role="tester")
    for who in (tester, owner):
        refused(
            "validation_failed", lambda who=who: report_assign(actor=moderator, report_id=report.pk, assignee_id=who.pk)
        )
        refused("permission_denied", lambda who=who: report_take(actor=who, report_id=report.pk))
        refused("permission_denied", lambda who=who: report_note(actor=who, report_id=report.pk, body="x"))
        refused("permission_denied", lambda who=who: report_close(actor=who, report_id=report.pk, is_upheld=True))
        refused("permission_denied", lambda who=who: report_remove(actor=who, report_id=report.pk))
    assert not ReportNote.objects.exists()


def test_nobody_works_on_a_report_about_themselves(moderator: User) -> None:
    about = report_of(UserFactory.create(), named_of("user", moderator))
    admin = UserFactory.create(role="admin")
    refused("not_found", lambda: report_take(actor=moderator, report_id=about.pk))
    refused("not_found", lambda: report_close(actor=moderator, report_id=about.pk, is_upheld=False))
    refused("validation_failed", lambda: report_assign(actor=admin, report_id=about.pk, assignee_id=moderator.pk))
    assert report_take(actor=admin, report_id=about.pk).assignee == admin


@pytest.mark.parametrize(("is_upheld", "state"), [(True, "resolved"), (False, "dismissed")])
def test_closing_tells_the_reporter(report: Report, moderator: User, is_upheld: bool, state: str) -> None:
    heard: list[ReportClosed] = []
    events.subscribe(ReportClosed)(heard.append)
    try:
        report_close(actor=moderator, report_id=report.pk, is_upheld=is_upheld, outcome="We looked at it.")
    finally:
        events._subscribers[ReportClosed].remove(heard.append)
    report.refresh_from_db()
    assert (report.state, report.outcome, report.closed_by) == (state, "We looked at it.", moderator)
    assert report.closed_at is not None
    assert heard == [ReportClosed(report_id=report.pk, is_upheld=is_upheld)]
    told = Notification.objects.get(kind="report_outcome")
    assert (told.user, told.url) == (report.reporter, f"/settings/reports#report-{report.pk}")
    assert told.context["excerpt"] == "We looked at it."
    assert "moderator" not in str(told.context)


def test_closed_is_closed_until_it_is_opened_again(report: Report, moderator: User) -> None:
    report_close(actor=moderator, report_id=report.pk, is_upheld=True)
    other = UserFactory.create(role="admin")
    refused("report_closed", lambda: report_close(actor=other, report_id=report.pk, is_upheld=False))
    refused("report_closed", lambda: report_take(actor=other, report_id=report.pk))
    refused("report_closed", lambda: report_assign(actor=other, report_id=report.pk, assignee_id=None))
    report_note(actor=other, report_id=report.pk, body="For the files.")
    again = report_reopen(actor=other, report_id=report.pk)
    assert (again.state, again.assignee, again.outcome, again.closed_by) == ("assigned", other, "", None)
    refused("conflict", lambda: report_reopen(actor=other, report_id=report.pk))
    report_close(actor=other, report_id=report.pk, is_upheld=False, outcome="On a second look.")
    assert Notification.objects.get(kind="report_outcome").count == 2


def test_all_about_the_same_close_together(report: Report, moderator: User, owner: User) -> None:
    named = named_of("comment", owner)
    same = [report_of(UserFactory.create(), named) for _ in range(3)]
    about_me = report_of(UserFactory.create(), named_of("user", owner))
    closed = report_close(actor=moderator, report_id=same[0].pk, is_upheld=True, outcome="Gone.", with_same=True)
    assert {one.pk for one in closed} == {one.pk for one in same}
    assert set(Report.objects.filter(state="open").values_list("pk", flat=True)) == {report.pk, about_me.pk}
    told = Notification.objects.filter(kind="report_outcome").values_list("user_id", flat=True)
    assert set(told) == {one.reporter_id for one in same}


@pytest.mark.parametrize("outcome", ["x" * 501, "a\x00b", "\udfff"])
def test_an_outcome_that_cannot_be_kept(report: Report, moderator: User, outcome: str) -> None:
    refused(
        "validation_failed", lambda: report_close(actor=moderator, report_id=report.pk, is_upheld=True, outcome=outcome)
    )
    report.refresh_from_db()
    assert report.state == "open"


@pytest.mark.parametrize("body", ["", " \n\t", "x" * 2_001, "\x00"])
def test_a_note_says_something(report: Report, moderator: User, body: str) -> None:
    refused("validation_failed", lambda: report_note(actor=moderator, report_id=report.pk, body=body))
    assert not ReportNote.objects.exists()
    assert not LogEntry.objects.exists()


def test_who_did_what_stays_in_the_history(report: Report, moderator: User) -> None:
    report_take(actor=moderator, report_id=report.pk)
    report_note(actor=moderator, report_id=report.pk, body="hm")
    report_remove(actor=moderator, report_id=report.pk)
    report_mute(actor=moderator, report_id=report.pk, duration=timedelta(hours=1))
    report_close(actor=moderator, report_id=report.pk, is_upheld=True)
    report_reopen(actor=moderator, report_id=report.pk)
    rows = LogEntry.objects.filter(object_id=str(report.pk)).order_by("pk")
    assert [row.user_id for row in rows] == [moderator.pk] * 6
    assert all("Changed" in row.get_change_message() or "Added" in row.get_change_message() for row in rows)
    assert "hm" not in "".join(row.change_message for row in rows)


def test_what_was_reported_is_taken_away(moderator: User, owner: User) -> None:
    admin, reporter = UserFactory.create(role="admin"), UserFactory.create()
    made = {
        target: report_of(reporter, named_of(target, owner))
        for target in ("user", "post", "comment", "collection", "episode")
    }
    for target in ("user", "post", "comment"):
        assert report_remove(actor=moderator, report_id=made[target].pk).state == "open"
    owner.refresh_from_db()
    assert (owner.bio, owner.display_name) == ("", "")
    assert Post.objects.get().deleted_by == moderator
    assert Comment.objects.get().deleted_by == moderator
    refused("not_found", lambda: report_remove(actor=moderator, report_id=made["collection"].pk))
    report_remove(actor=admin, report_id=made["collection"].pk)
    assert not Collection.objects.exists()
    refused("not_found", lambda: report_remove(actor=admin, report_id=made["collection"].pk))
    refused("comment_deleted", lambda: report_remove(actor=moderator, report_id=made["comment"].pk))
    refused("not_found", lambda: report_remove(actor=moderator, report_id=made["episode"].pk))
    assert Report.objects.get(pk=made["collection"].pk).snapshot["title"] == "A rude shelf"


def test_the_author_is_muted_by_those_above_them(report: Report, moderator: User, owner: User) -> None:
    report_mute(actor=moderator, report_id=report.pk, duration=timedelta(days=1))
    owner.refresh_from_db()
    assert owner.muted_until is not None
    assert timedelta(hours=23) < owner.muted_until - timezone.now() <= timedelta(days=1)
    admin = UserFactory.create(role="admin")
    above = report_of(UserFactory.create(), named_of("user", admin))
    refused("permission_denied", lambda: report_mute(actor=moderator, report_id=above.pk, duration=timedelta(days=1)))
    nobody = report_of(UserFactory.create(), named_of("episode", owner))
    refused("not_found", lambda: report_mute(actor=moderator, report_id=nobody.pk, duration=timedelta(days=1)))
    assert not LogEntry.objects.filter(object_id__in=[str(above.pk), str(nobody.pk)]).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_one_decides() -> None:
    report = report_of(UserFactory.create(), named_of("user", UserFactory.create()))
    staff = [UserFactory.create(role="moderator") for _ in range(6)]
    calls = [
        lambda who=who, n=n: report_close(actor=who, report_id=report.pk, is_upheld=bool(n % 2), outcome=f"{n}")
        for n, who in enumerate(staff)
    ]
    assert at_once(calls) == {"done": 1, "report_closed": 5}
    report.refresh_from_db()
    assert Notification.objects.get(kind="report_outcome").context["excerpt"] == report.outcome
    assert report.closed_by == staff[int(report.outcome)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_one_has_it() -> None:
    report = report_of(UserFactory.create(), named_of("user", UserFactory.create()))
    staff = [UserFactory.create(role="moderator") for _ in range(4)]
    ends = at_once([lambda who=who: report_take(actor=who, report_id=report.pk) for who in staff])
    assert ends == {"done": 1, "report_taken": 3}


@pytest.mark.django_db(transaction=True)
def test_closing_all_of_the_same_crosswise() -> None:
    """Each closes everything about it, beginning at another report: nobody waits for ever, each reporter hears once."""
    named = named_of("user", UserFactory.create())
    reports = [report_of(UserFactory.create(), named) for _ in range(4)]
    staff = [UserFactory.create(role="moderator") for _ in reports]
    ends = at_once(
        [
            lambda who=who, one=one: report_close(actor=who, report_id=one.pk, is_upheld=True, with_same=True)
            for who, one in zip(staff, reports, strict=True)
        ]
    )
    assert ends == {"done": 1, "report_closed": 3}
    assert list(Notification.objects.filter(kind="report_outcome").values_list("count", flat=True)) == [1] * 4
