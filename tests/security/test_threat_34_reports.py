"""Threat 34: what people write into reports, and staff into notes and outcomes, is kept to the letter and acts on no page."""

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.errors import ValidationFailed
from social.access_reports import Named
from social.models import Report, ReportNote, ReportTarget
from social.services.report_desk import report_close, report_note
from social.services.reports import ReportDraft, report_file
from social.services.texts import text_check
from social.tests.reported import named_of

pytestmark = pytest.mark.django_db
OWN = [
    "<script>window.__pwned=1</script>",
    "\"'><img src=x onerror=window.__pwned=1>",
    "</textarea></title></style></script><script>window.__pwned=1</script>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'></iframe>",
    "[press](javascript:alert(1))",
    "{{ 7|add:7 }}{% debug %}",
    "%(who)s {who} %s",
    "\u202etxet desrever\u202c \u200bzero\u200b",
    "Z\u0351\u0348\u0349A\u0310\u0311\u0312\u0313L\u0314\u0315\u0316G\u031a\u031bO" * 20,
    "line\r\none\u2028two\x0bthree",
    "\x01\x02\x1b[31mred\x1b[0m",
]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs if name.startswith("on") or name == "srcdoc"]
        self.found.update([tag, *(f"{tag} {name}" for name in names)] if tag != "br" else [])


def tags_of(client: Client, path: str) -> Counter[str]:
    """What a page is built of, but for line breaks."""
    answer = client.get(path)
    assert answer.status_code == 200
    reader = _Tags()
    reader.feed(answer.content.decode())
    return reader.found


@dataclass(frozen=True)
class Desk:
    """One report and who works on it, who reports much, and about whom."""

    staff: User = field(default_factory=lambda: UserFactory.create(role="moderator"))
    reporter: User = field(default_factory=UserFactory.create)
    person: User = field(default_factory=UserFactory.create)

    def pages(self, texts: list[str]) -> tuple[list[str], list[Counter[str]]]:
        """Each text as a note on one report, and as message and outcome of one of its own: the notes as they are kept, and
        what the pages that show all this are built of.
        """
        desk, mine = Client(), Client()
        desk.force_login(self.staff)
        mine.force_login(self.reporter)
        Report.objects.all().delete()
        named = Named(ReportTarget.USER, id=self.person.pk)
        report = report_file(actor=UserFactory.create(), named=named, draft=ReportDraft("other", "plain"))
        for text in texts:
            report_note(actor=self.staff, report_id=report.pk, body=text)
        built = [tags_of(desk, f"/admin/social/report/{report.pk}/change/")]
        common = {"reporter": self.reporter, "target": "user", "user": self.person, "reason": "other"}
        rows = [Report(**common, message=text, outcome=text, snapshot={"bio": text}) for text in texts]
        Report.objects.bulk_create(rows)
        built += [tags_of(mine, f"/settings/reports?page={number}") for number in range(1, 3)]
        built.append(tags_of(desk, f"/admin/social/report/{rows[0].pk}/change/"))
        return list(ReportNote.objects.filter(report=report).order_by("id").values_list("body", flat=True)), built


def test_our_own_list() -> None:
    desk = Desk()
    _, plain = desk.pages(["plain"] * len(OWN))
    assert desk.pages(OWN) == (OWN, plain)


def is_taken(text: str) -> bool:
    try:
        return bool(text_check(body=text, limit=500))
    except ValidationFailed:
        return False


@pytest.mark.data
def test_the_big_list_of_naughty_strings() -> None:
    collected = json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text())
    found = [text for text in collected if is_taken(text)]
    assert len(collected) - len(found) < 20, "of the list only what shows nothing, or is too long, is refused"
    desk = Desk()
    _, plain = desk.pages(["plain"] * len(found))
    assert desk.pages(found) == (found, plain)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\udfff lone"])
def test_what_no_database_keeps_is_refused(text: str) -> None:
    staff, owner = UserFactory.create(role="moderator"), UserFactory.create()
    named = named_of("user", owner)
    with pytest.raises(ValidationFailed):
        report_file(actor=UserFactory.create(), named=named, draft=ReportDraft("other", text))
    report = report_file(actor=UserFactory.create(), named=named, draft=ReportDraft("other"))
    with pytest.raises(ValidationFailed):
        report_note(actor=staff, report_id=report.pk, body=text)
    with pytest.raises(ValidationFailed):
        report_close(actor=staff, report_id=report.pk, is_upheld=True, outcome=text)
    client = Client()
    client.force_login(UserFactory.create())
    form = {"target": "user", "id": str(owner.pk), "reason": "other", "message": text.encode("utf-8", "surrogatepass")}
    assert client.post("/reports/new", form).status_code in (302, 400, 422)
