"""Mails: written at once in the reader's language, sent by a job after the commit, tried again while the server is away.

The row comes first, so a mail is never lost with a worker, a broker or an SMTP server. What it says is sealed, because a
mail may carry a live code (threat 40), and goes from the row as soon as it was handed over.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from accounts.errors import MailUndeliverable
from accounts.links import link_base
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobRetry
from core.models import Job, JobState
from core.secrets import SecretUnreadable, secret_open, secret_seal

log = structlog.get_logger("mails")

KIND = "accounts.mail"
PURPOSE = "accounts.mail"
ATTEMPTS = 24
LONGEST_WAIT = 3600  # seconds; with ATTEMPTS a mail survives a server that is away for most of a day
KEPT = timedelta(days=7)


def mail_render(*, template: str, context: Mapping[str, Any], language: str | None = None) -> dict[str, str]:
    """`subject`, `text` and `html` of `templates/mail/<template>.txt` and `.html`; the text's first line is the subject.

    Both get `site_name`, `link_base` (the operator's address, never a Host header) and `language` besides `context`.
    """
    language = language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        values = {**context, "site_name": settings.SITE_NAME, "link_base": link_base(), "language": language}
        # Plain text is no HTML: an apostrophe stays one.
        lines = _plain(f"mail/{template}.txt", values).strip().splitlines()
        values["subject"] = " ".join(lines[0].split())
        html = get_template(f"mail/{template}.html").render(values)
    return {"subject": values["subject"], "text": "\n".join(lines[1:]).strip() + "\n", "html": html}


def _plain(name: str, values: dict[str, Any]) -> str:
    return get_template(name).template.render(Context(values, autoescape=False))  # type: ignore[attr-defined]


def mail_send(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    language: str | None = None,
    until: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Queue a mail to `to` in `language` (by default the one that is active now); it leaves after the commit.

    `until`: when it makes no sense any more (its code is over); then it is given up, and the job says so. `headers`: what
    it carries besides ours ("List-Unsubscribe").
    """
    rendered = mail_render(template=template, context=context, language=language)
    mail_queue(to=to, template=template, until=until, headers=headers, **rendered)


def mail_queue(
    *,
    to: str,
    template: str,
    subject: str,
    text: str,
    html: str = "",
    until: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """`mail_send` of a mail that is written already; `template` says in the job what it was."""
    words = {"to": to, "subject": subject, "text": text, "html": html, "headers": dict(headers or {})}
    payload: dict[str, Any] = {"template": template, "sealed": secret_seal(json.dumps(words), purpose=PURPOSE)}
    if until is not None:
        payload["until"] = until.isoformat()
    job_enqueue(kind=KIND, payload=payload, max_attempts=ATTEMPTS)


@job_kind(KIND)
def mail_deliver(context: JobContext) -> None:
    """Hand one mail to the back end. A server that is away or says "later" is asked again, ever more seldom."""
    sealed = context.payload.get("sealed")
    if not sealed:  # a second run after a lost lease: it is sent
        return
    until = context.payload.get("until")
    if until and datetime.fromisoformat(until) < timezone.now():
        _forget(context)
        raise MailUndeliverable("its code is over")
    try:
        mail = json.loads(secret_open(sealed, purpose=PURPOSE))
    except SecretUnreadable as error:
        _forget(context)
        raise MailUndeliverable("sealed with a SECRET_KEY that is gone") from error
    try:
        _message(mail, context).send()
    except Exception as error:  # whatever an operator's back end raises: the mail waits
        _refused(context, error, is_final=_is_final(error))
    _forget(context)


_NEVER = frozenset({550, 551, 552, 553, 554})
"""Answers of an SMTP server that will never take this mail. 535 and its like are the operator's mistake: it waits."""


def _is_final(error: Exception) -> bool:
    """Whether an SMTP server said no for good: to every recipient, or to the mail as a whole.

    Told by what smtplib's errors carry, not by their classes: nobody but the one door imports a client (threat 5).
    """
    recipients: dict[str, tuple[int, bytes]] | None = getattr(error, "recipients", None)
    if recipients:
        return all(code >= 500 for code, _words in recipients.values())
    return getattr(error, "smtp_code", None) in _NEVER


def _message(mail: dict[str, Any], context: JobContext) -> EmailMultiAlternatives:
    host = urlsplit(link_base()).hostname or "localhost"
    headers = {
        **mail.get("headers", {}),
        # The same at every try: a server or a reader that got it twice shows it once.
        "Message-ID": f"<{context.job_id}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(mail["subject"], mail["text"], to=[mail["to"]], headers=headers)
    if mail["html"]:
        message.attach_alternative(mail["html"], "text/html")
    return message


def _refused(context: JobContext, error: Exception, *, is_final: bool) -> None:
    """Raises: `MailUndeliverable` when the server will never take it, else `JobRetry`. Neither repeats whom it was for."""
    what = type(error).__name__
    if is_final:
        _forget(context)
        log.error("mail_refused", job_id=str(context.job_id), error=what)
        raise MailUndeliverable(what) from error
    wait = min(LONGEST_WAIT, 15 * 2 ** (context.attempt - 1))
    log.warning("mail_waits", job_id=str(context.job_id), error=what, attempt=context.attempt, seconds=wait)
    raise JobRetry(what, code="mail_server_away", delay=wait) from error


def _forget(context: JobContext) -> None:
    """The row keeps which kind of mail it was, neither its words nor its reader."""
    Job.objects.filter(id=context.job_id).update(payload={"template": context.payload.get("template", "")})


def mails_trim() -> int:
    """Delete the rows of mails, sent or given up, that were over a week ago; returns how many."""
    over = Job.objects.filter(kind__startswith=KIND, finished_at__lt=timezone.now() - KEPT)
    return over.filter(state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED]).delete()[0]
