"""Mails: written in the reader's language, sent after the commit, tried again, forgotten once sent."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import EmailCode
from accounts.services.email_codes import email_code_send
from accounts.services.mails import KIND, mail_render, mail_send, mails_trim
from accounts.tests.factories import UserFactory
from accounts.tests.mails import code_in, link_in, mails_sent
from accounts.tests.smtp import smtp_server
from core.jobs.services import job_run, jobs_sweep
from core.models import Job, JobState
from core.secrets import secret_seal
from tests.services.instances import free_port

pytestmark = pytest.mark.django_db

VERIFY = {"username": "person", "code": "K7QF3-MX9PA", "link": "https://a.example/v?code=K7QF3-MX9PA", "hours": 24}


@pytest.fixture
def smtp_port(settings: LazySettings) -> int:
    """Mails go by SMTP to this port of this machine, where nobody listens yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 5
    return settings.EMAIL_PORT


def queued(to: str = "person@example.org") -> Job:
    mail_send(to=to, template="verify", context=VERIFY)
    return Job.objects.filter(kind=KIND).latest("created_at")


@pytest.mark.parametrize("purpose", EmailCode.Purpose.values)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_code_has_a_mail_in_text_and_html(purpose: str, language: str) -> None:
    user = UserFactory.create()
    with translation.override(language):
        email_code_send(user=user, purpose=purpose)
    with translation.override("en"):
        (message,) = mails_sent()
    html = message.alternatives[0].content
    assert message.to == [user.email]
    assert user.username in message.body
    assert user.username in html
    assert f'<html lang="{language}">' in html
    assert "\n" not in message.subject
    assert "<img" not in html
    assert "<table" not in html
    assert Job.objects.get().payload == {"template": purpose}
    if purpose == EmailCode.Purpose.RESET:
        assert link_in(message) in html
    else:
        assert code_in(message) in html


def test_the_language_of_who_asked_is_kept_for_the_worker() -> None:
    """Where the translation exists: the worker that sends it speaks another language."""
    with translation.override("ru"):
        expected = mail_render(template="verify", context=VERIFY)
        mail_send(to="person@example.org", template="verify", context=VERIFY)
    with translation.override("en"):
        (message,) = mails_sent()
    assert (message.subject, message.body) == (expected["subject"], expected["text"])
    assert mail_render(template="verify", context=VERIFY, language="ru") == expected


def test_html_is_escaped_and_text_is_not() -> None:
    rendered = mail_render(template="verify", context={**VERIFY, "username": "<b>O'Hara</b>"}, language="en")
    assert "<b>O'Hara</b>" in rendered["text"]
    assert "&lt;b&gt;O&#x27;Hara" in rendered["html"]
    assert "<b>O" not in rendered["html"]


def test_a_line_break_in_a_name_adds_no_header() -> None:
    rendered = mail_render(template="verify", context={**VERIFY, "code": "A\r\nBcc: all@example.org"}, language="en")
    assert "\n" not in rendered["subject"]
    assert "\r" not in rendered["subject"]


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_transaction_that_failed_is_never_sent(celery_eager: None, mailoutbox: list[object]) -> None:
    with transaction.atomic():
        mail_send(to="person@example.org", template="verify", context=VERIFY)
        transaction.set_rollback(True)
    assert mailoutbox == []
    with transaction.atomic():
        mail_send(to="person@example.org", template="verify", context=VERIFY)
        assert mailoutbox == []
    assert len(mailoutbox) == 1


def test_the_row_tells_neither_reader_nor_words_before_nor_after() -> None:
    job = queued()
    assert "person" not in repr(job.payload)
    assert VERIFY["code"] not in repr(job.payload)
    mails_sent()
    job.refresh_from_db()
    assert (job.state, job.payload) == (JobState.DONE, {"template": "verify"})


def test_a_server_that_is_away_is_asked_again_until_the_mail_arrives(smtp_port: int) -> None:
    job = queued()
    waits = []
    now = timezone.now()
    for _ in range(4):
        with time_machine.travel(now, tick=False):
            job_run(job_id=job.id)
        job.refresh_from_db()
        assert (job.state, job.error_code) == (JobState.QUEUED, "mail_server_away")
        assert job.run_after is not None
        waits.append((job.run_after - now).total_seconds())
        with time_machine.travel(now + timedelta(seconds=waits[-1] - 1), tick=False):
            assert job_run(job_id=job.id) is None  # not yet
        now = job.run_after + timedelta(seconds=1)
    assert waits == [15, 30, 60, 120]
    with smtp_server(smtp_port) as server, time_machine.travel(now):
        assert jobs_sweep() == 1  # what the sweeper sends again
        job_run(job_id=job.id)
    (message,) = server.messages
    assert message["To"] == "person@example.org"
    assert message["Subject"] == "K7QF3-MX9PA is your code for Hiroba"
    assert message["Auto-Submitted"] == "auto-generated"
    assert str(job.id) in message["Message-ID"]
    body, alternative = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert alternative is not None
    assert VERIFY["code"] in body.get_content()
    assert VERIFY["code"] in alternative.get_content()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.payload) == (JobState.DONE, 5, {"template": "verify"})


def test_the_waits_end_at_an_hour_and_the_mail_survives_most_of_a_day(smtp_port: int) -> None:
    job, now, waits = queued(), timezone.now(), []
    while True:
        with time_machine.travel(now, tick=False):
            job_run(job_id=job.id)
        job.refresh_from_db()
        if job.state != JobState.QUEUED:
            break
        assert job.run_after is not None
        waits.append((job.run_after - now).total_seconds())
        now = job.run_after
    assert max(waits) == 3600
    assert sum(waits) > 15 * 3600
    assert (job.state, job.error_code) == (JobState.FAILED, "mail_server_away")  # it says so, it is not lost silently


@pytest.mark.parametrize(
    ("verb", "reply", "state"),
    [
        ("RCPT", "550 no such person", JobState.FAILED),
        ("RCPT", "451 greylisted, come back", JobState.QUEUED),
        ("MAIL", "535 sign in first", JobState.QUEUED),
        ("DATA", "554 looks like spam", JobState.FAILED),
        ("DATA", "452 disk full", JobState.QUEUED),
    ],
)
def test_what_the_server_says_decides(smtp_port: int, verb: str, reply: str, state: JobState) -> None:
    job = queued()
    with smtp_server(smtp_port) as server:
        server.replies[verb] = reply
        job_run(job_id=job.id)
    job.refresh_from_db()
    assert job.state == state
    assert ("sealed" in job.payload) == (state == JobState.QUEUED)
    assert "person@example.org" not in f"{job.error_detail} {job.result}"


def test_a_mail_whose_code_is_over_is_given_up(smtp_port: int) -> None:
    email_code_send(user=UserFactory.create(), purpose=EmailCode.Purpose.RESET)
    job = Job.objects.get()
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)), smtp_server(smtp_port) as server:
        job_run(job_id=job.id)
    job.refresh_from_db()
    assert (job.state, job.error_code, job.payload) == (JobState.FAILED, "mail_undeliverable", {"template": "reset"})
    assert server.messages == []


def test_a_mail_sealed_under_a_key_that_is_gone_fails_and_one_under_the_old_key_goes(settings: LazySettings) -> None:
    kept, lost = queued(), queued()
    Job.objects.filter(id=lost.id).update(payload={"template": "verify", "sealed": secret_seal("x", purpose="other")})
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key of the operator's"
    job_run(job_id=kept.id)
    job_run(job_id=lost.id)
    states = [Job.objects.get(id=job.id).state for job in (kept, lost)]
    assert states == [JobState.DONE, JobState.FAILED]


def test_rows_of_mails_go_after_a_week() -> None:
    queued()
    mails_sent()
    waiting = queued()
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert mails_trim() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert mails_trim() == 1
    assert Job.objects.get().id == waiting.id
