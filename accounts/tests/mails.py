"""Mails in tests: what was queued is sent at once, into `django.core.mail.outbox`."""

import re

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from core.jobs.services import job_run
from core.models import Job, JobState

KINDS = ("accounts.mail_ask", "accounts.mail")  # the first makes the second


def mails_sent() -> list[EmailMultiAlternatives]:
    """Do the work of every queued mail job; returns all mails that were sent so far in this test."""
    for kind in KINDS:
        queued = Job.objects.filter(kind=kind, state=JobState.QUEUED).order_by("created_at", "id")
        for job_id in list(queued.values_list("id", flat=True)):
            job_run(job_id=job_id)
    return list(mail.outbox)


def code_in(message: EmailMultiAlternatives) -> str:
    """The code that stands in a mail."""
    found = re.search(r"^ {4}(\S+)$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def link_in(message: EmailMultiAlternatives) -> str:
    """The first address in a mail."""
    found = re.search(r"https?://\S+", message.body)
    assert found, message.body
    return found[0]
