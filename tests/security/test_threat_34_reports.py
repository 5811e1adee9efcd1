"""Threat 34: what people write into reports, and staff into notes and outcomes, is kept to the letter and acts on no page."""

import json
import os
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

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


def walked(strings: list[str]) -> None:
    """Each string as a note on one report, and as message and outcome of one of its own; pages as with plain words."""
    staff, reporter, person = UserFactory.create(role="moderator"), UserFactory.create(), UserFactory.create()
    desk, mine = Client(), Client()
    desk.force_login(staff)
    mine.force_login(reporter)
    shapes: list[list[Counter[str]]] = []
    for texts in (["plain"] * len(strings), strings):
        Report.objects.all().delete()
        named = Named(ReportTarget.USER, id=person.pk)
        report = report_file(actor=UserFactory.create(), named=named, draft=ReportDraft("other", "plain"))
        for text in texts:
            report_note(actor=staff, report_id=report.pk, body=text)
        pages = [tags_of(desk, f"/admin/social/report/{report.pk}/change/")]
        rows = [
            Report(
                reporter=reporter,
                target="user",
                user=person,
                reason="other",
                message=text,
                outcome=text,
                snapshot={"bio": text},
            )
            for text in texts
        ]
        Report.objects.bulk_create(rows)
        pages += [tags_of(mine, f"/settings/reports?page={number}") for number in range(1, 3)]
        pages.append(tags_of(desk, f"/admin/social/report/{rows[0].pk}/change/"))
        shapes.append(pages)
        if texts is strings:
            assert (
                list(ReportNote.objects.filter(report=report).order_by("id").values_list("body", flat=True)) == strings
            )
    assert shapes[0] == shapes[1]


def test_our_own_list() -> None:
    walked(OWN)


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
    walked(found)


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
