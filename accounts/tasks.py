"""Work of accounts that nobody waits for."""

from celery import shared_task
from django.core.management import call_command

from accounts.services import challenges, email_codes, erasing, exports, lockout, mails, oauth, push, sessions


@shared_task
def sign_ins_trim() -> None:
    """Delete what no sign-in needs any more: old attempts, sessions long over, expired site sessions, codes, sent mails."""
    lockout.attempts_trim()
    challenges.challenges_trim()
    sessions.sessions_trim()
    email_codes.email_codes_trim()
    mails.mails_trim()
    oauth.grants_trim()
    push.push_trim()
    call_command("clearsessions")


@shared_task
def personal_data_due() -> None:
    """Erase those whose days of grace are over, delete copies of data that are over, free held names."""
    erasing.erasures_enqueue()
    erasing.erasures_trim()
    exports.exports_trim()


@shared_task
def push_receipts() -> None:
    """Have the receipts of push messages read (every five minutes)."""
    push.receipts_enqueue()
