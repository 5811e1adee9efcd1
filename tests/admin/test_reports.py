"""The desk of reports in the admin: the queue and its filters, what can be done, races said in words, nothing unescaped."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.tests.factories import UserFactory
from social.models import Comment, Report, ReportNote
from social.services.report_desk import report_close
from social.services.report_reasons import reason_label
from social.tests.reported import named_of, report_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/social/report/"
PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"


class Desk:
    """Somebody of the staff at their desk."""

    def __init__(self, role: str = "moderator", name: str = "mod_mari") -> None:
        self.user = UserFactory.create(role=role, username=name)
        self.client = Client()
        self.client.force_login(self.user)

    def queue(self, **query: str) -> str:
        answer = self.client.get(QUEUE, query)
        assert answer.status_code == 200
        return answer.content.decode()

    def open(self, report: Report) -> str:
        return self.client.get(reverse("admin:social_report_change", args=[report.pk]), follow=True).content.decode()

    def act(self, report: Report, act: str, **fields: str) -> str:
        url = reverse("admin:social_report_act", args=[report.pk])
        return self.client.post(url, {"act": act, **fields}, follow=True).content.decode()


@pytest.fixture
def owner() -> User:
    return UserFactory.create(username="owner")


@pytest.fixture
def report(owner: User) -> Report:
    return report_of(UserFactory.create(username="reporter"), named_of("comment", owner), message="he is rude")


def test_the_queue_filters(owner: User, report: Report) -> None:
    desk, urgent = Desk(), report_of(UserFactory.create(), named_of("user", owner), reason="self_harm")
    closed = report_of(UserFactory.create(), named_of("post", owner))
    report_close(actor=desk.user, report_id=closed.pk, is_upheld=True)
    Report.objects.filter(pk=report.pk).update(created_at=timezone.now() - timedelta(days=3))

    def links(html: str) -> list[str]:
        pages = [(html.find(f"/{one.pk}/change/"), name) for name, one in known.items()]
        return [name for place, name in sorted(pages) if place >= 0]

    known = {"report": report, "urgent": urgent, "closed": closed}
    html = desk.queue()
    assert links(html) == ["urgent", "report"]
    assert "Cannot wait" in html
    assert 'class="report-old"' in html
    assert links(desk.queue(state="all")) == ["urgent", "report", "closed"]
    assert links(desk.queue(state="closed")) == ["closed"]
    assert links(desk.queue(reason="self_harm")) == ["urgent"]
    assert links(desk.queue(target__exact="comment")) == ["report"]
    assert links(desk.queue(q="reporter")) == ["report"]
    desk.act(report, "take")
    assert links(desk.queue(assignee="me")) == ["report"]
    assert links(desk.queue(assignee="nobody")) == ["urgent"]
    assert links(desk.queue(assignee=str(desk.user.pk))) == ["report"]
    assert desk.client.get(QUEUE, {"assignee": "x"}).status_code == 302


def test_the_queue_takes_the_same_queries(owner: User) -> None:
    desk, counts = Desk(), []
    for _ in range(2):
        for target in ("user", "post", "comment", "collection", "episode"):
            report_of(UserFactory.create(), named_of(target, owner))
        with CaptureQueriesContext(connection) as asked:
            desk.queue()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_report_from_taking_to_the_outcome(report: Report, owner: User) -> None:
    desk = Desk()
    html = desk.open(report)
    written = date_format(report.comment.created_at, "DATETIME_FORMAT")
    reason = str(reason_label(report.reason))
    for words in ("he is rude", "rude words", "reporter", "owner", reason, written, "Take it", "Delete the comment"):
        assert words in html, words
    assert "You look at it now." in desk.act(report, "take")
    assert "Noted." in desk.act(report, "note", body="second time")
    assert "second time" in desk.open(report)
    Comment.objects.update(body="all nice")
    assert 'class="is-changed"' in desk.open(report)
    assert "It is gone." in desk.act(report, "remove")
    assert "others do not see it" in desk.open(report)
    assert "cannot write for now" in desk.act(report, "mute", duration="week")
    owner.refresh_from_db()
    assert owner.muted_until is not None
    assert "Say whether something was done" in desk.act(report, "close", outcome="x")
    assert "1 report is closed" in desk.act(report, "close", is_upheld="1", outcome="Done.")
    report.refresh_from_db()
    assert (report.state, report.outcome, report.closed_by) == ("resolved", "Done.", desk.user)
    assert "Open it again" in desk.open(report)
    assert "It is open again" in desk.act(report, "reopen")
    history = desk.client.get(reverse("admin:social_report_history", args=[report.pk])).content.decode()
    assert history.count("mod_mari") >= 6


def test_of_two_who_close_the_second_is_told(report: Report) -> None:
    one, other = Desk(), Desk("admin", "adm_ada")
    one.act(report, "take")
    assert "Somebody else looks at this report" in other.act(report, "take")
    assert "You look at it now." in other.act(report, "take", is_takeover="1")
    one.act(report, "close", is_upheld="0")
    assert "This report is closed" in other.act(report, "close", is_upheld="1", outcome="late")
    report.refresh_from_db()
    assert (report.state, report.outcome) == ("dismissed", "")


def test_all_about_the_same_close_together(owner: User) -> None:
    desk, named = Desk(), named_of("user", owner)
    same = [report_of(UserFactory.create(), named) for _ in range(3)]
    assert "and 2 other open reports about it" in desk.open(same[0])
    assert "3 reports are closed" in desk.act(same[0], "close", is_upheld="1", with_same="1")


WRONG: list[dict[str, str]] = [
    {"act": "x"},
    {},
    {"act": "assign", "assignee": "x"},
    {"act": "mute", "duration": "x"},
    {"act": "note"},
]


@pytest.mark.parametrize("fields", WRONG)
def test_what_is_no_action_is_refused(report: Report, fields: dict[str, str]) -> None:
    desk = Desk()
    answer = desk.client.post(reverse("admin:social_report_act", args=[report.pk]), fields)
    assert answer.status_code == 302
    report.refresh_from_db()
    assert (report.state, ReportNote.objects.count()) == ("open", 0)


@pytest.mark.parametrize("role", ["user", "tester"])
def test_nobody_else_gets_in(report: Report, role: str) -> None:
    desk = Desk(role, "some_one")
    for path in (QUEUE, f"{QUEUE}{report.pk}/change/"):
        assert desk.client.get(path).status_code in (302, 403, 404)
    answer = desk.client.post(reverse("admin:social_report_act", args=[report.pk]), {"act": "take"})
    assert answer.status_code in (302, 403, 404)
    report.refresh_from_db()
    assert report.state == "open"


def test_reports_about_oneself_are_not_on_the_desk() -> None:
    desk = Desk()
    about = report_of(UserFactory.create(), named_of("user", desk.user), message="abuse of power")
    assert "abuse of power" not in desk.open(about)
    assert str(about.pk) not in desk.queue()
    desk.act(about, "close", is_upheld="0")
    about.refresh_from_db()
    assert about.state == "open"
    assert "abuse of power" in Desk("admin", "adm_ada").open(about)


def test_only_admins_delete_collections_and_nobody_adds_or_deletes(owner: User) -> None:
    about = report_of(UserFactory.create(), named_of("collection", owner))
    assert "Delete the collection" not in Desk().open(about)
    admin = Desk("superadmin", "sup_suse")
    assert "Delete the collection" in admin.open(about)
    assert admin.client.get(f"{QUEUE}add/").status_code == 403
    assert admin.client.post(f"{QUEUE}{about.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Report.objects.filter(pk=about.pk).exists()


def test_get_changes_nothing(report: Report) -> None:
    desk = Desk()
    assert desk.client.get(reverse("admin:social_report_act", args=[report.pk]), {"act": "take"}).status_code == 405


def test_what_strangers_wrote_is_escaped() -> None:
    author = UserFactory.create(username="author", display_name="<b>x</b>", bio=PAYLOAD)
    desk: Any = Desk()
    about = report_of(UserFactory.create(), named_of("user", author), message=PAYLOAD)
    desk.act(about, "note", body=PAYLOAD)
    desk.act(about, "close", is_upheld="0", outcome=PAYLOAD)
    for html in (desk.open(about), desk.queue(state="all")):
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        assert "<b>x</b>" not in html
    assert desk.open(about).count("onerror") >= 4


def test_the_dashboard_counts_what_waits(owner: User, report: Report) -> None:
    report_of(UserFactory.create(), named_of("user", owner), reason="self_harm")
    context = Desk().client.get("/admin/").context
    figures = {str(figure.title): (figure.value, figure.is_bad) for figure in context["figures"]}
    assert figures["Reports that wait"] == (2, False)
    assert figures["Reports that cannot wait"] == (1, True)
