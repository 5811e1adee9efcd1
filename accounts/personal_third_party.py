"""What Django and allauth keep about a person: site sessions, the admin's log, addresses, linked accounts, passkeys."""

import json
import re
from collections.abc import Iterator
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.anonymous import anonymous_name
from accounts.models import User, UserSession
from accounts.services import mails
from core.models import Job
from core.personal_data import CHUNK, EARLY, FIRST, Row, erase_part, exempt, export_part, rows_of
from core.secrets import SecretUnreadable, secret_open

exempt("account.EmailConfirmation", of="export", reason="A key that proves an address: a secret of days.")
exempt("account.EmailConfirmation", of="erasure", reason="Dies with its EmailAddress by cascade.")
exempt("socialaccount.SocialToken", of="export", reason="A token of the provider: a secret.")
exempt("socialaccount.SocialToken", of="erasure", reason="Dies with its SocialAccount by cascade.")
exempt("sessions.Session", of="export", reason="What it says is in accounts/sessions; the rest is the cookie's secret.")


@erase_part("accounts/site-sessions", models=["sessions.Session"], order=EARLY)
def site_sessions_erase(user: User) -> Iterator[None]:
    """They name the person inside of signed data only, so all are read, in chunks. Before the rows that they name go."""
    names = {str(user.pk), *map(str, UserSession.objects.filter(user=user).values_list("pk", flat=True))}
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    last = ""
    while page := list(Session.objects.filter(session_key__gt=last).order_by("session_key")[:CHUNK]):
        found = [row.pk for row in page if _mentions(store.decode(row.session_data), names)]
        Session.objects.filter(pk__in=found).delete()
        last = page[-1].session_key
        yield


def _mentions(data: dict, names: set[str]) -> bool:
    text = json.dumps(data, default=str)
    return any(name in text for name in names)


@erase_part("accounts/queued", models=["core.Job"], order=FIRST)
def queued_erase(user: User) -> None:
    """Work that nobody owns, but that is about this person: push messages, notices, and mails that wait to be sent."""
    words = Q(said__contains=str(user.pk)) | Q(said__icontains=user.email) | Q(error_detail__icontains=user.email)
    others = Job.objects.exclude(kind__startswith="accounts.erase").annotate(said=Cast("payload", TextField()))
    others.filter(words).delete()
    waiting = Job.objects.filter(kind__startswith=mails.KIND).exclude(payload__sealed=None)
    mine = [row["id"] for row in rows_of(waiting, "id", "payload") if _is_mail_to(row["payload"], user.email)]
    Job.objects.filter(pk__in=mine).delete()


def _is_mail_to(payload: dict, address: str) -> bool:
    try:
        return json.loads(secret_open(payload["sealed"], purpose=mails.PURPOSE))["to"].lower() == address.lower()
    except (SecretUnreadable, KeyError, ValueError, AttributeError):
        return False


@export_part("accounts/admin-log", label=_("What you did in the admin"), models=["admin.LogEntry"])
def admin_log(user: User) -> Iterator[Row]:
    found = LogEntry.objects.filter(user=user)
    fields = ("action_time", "action_flag", "object_id", "object_repr", "change_message")
    return rows_of(found, *fields, model=F("content_type__model"))


@erase_part("accounts/admin-log", models=["admin.LogEntry"], order=EARLY)
def admin_log_forget(user: User) -> None:
    """The log stays; texts that name the person, whoever wrote them, name the anonymous account."""
    own = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    own |= Q(
        object_repr__startswith=str(user.pk)
    )  # rows of a person are called by its id first, then a device or an address
    LogEntry.objects.filter(own).update(object_repr=anonymous_name(user), change_message="")
    words = [word for word in (user.username, user.email) if word]
    named = Q()
    for word in words:
        named |= Q(object_repr__icontains=word) | Q(change_message__icontains=word)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    for row in LogEntry.objects.filter(named).order_by("pk").iterator(CHUNK) if words else ():
        row.object_repr = pattern.sub(anonymous_name(user), row.object_repr)[:200]
        row.change_message = pattern.sub(anonymous_name(user), row.change_message)
        row.save(update_fields=["object_repr", "change_message"])


@export_part("accounts/addresses", label=_("Your e-mail addresses"), models=["account.EmailAddress"])
def addresses(user: User) -> Iterator[Row]:
    return rows_of(EmailAddress.objects.filter(user=user), "email", "verified", "primary")


@erase_part("accounts/addresses", models=["account.EmailAddress"])
def addresses_erase(user: User) -> None:
    EmailAddress.objects.filter(user=user).delete()


@export_part("accounts/linked", label=_("Accounts elsewhere that you linked"), models=["socialaccount.SocialAccount"])
def linked(user: User) -> Iterator[Row]:
    """With what the provider said of you."""
    return rows_of(
        SocialAccount.objects.filter(user=user), "provider", "uid", "extra_data", "last_login", "date_joined"
    )


@erase_part("accounts/linked", models=["socialaccount.SocialAccount"])
def linked_erase(user: User) -> None:
    SocialAccount.objects.filter(user=user).delete()


@export_part("accounts/passkeys", label=_("Your passkeys, without the keys themselves"), models=["mfa.Authenticator"])
def passkeys(user: User) -> Iterator[Row]:
    found = Authenticator.objects.filter(user=user)
    return rows_of(found, "type", "created_at", "last_used_at", name=F("data__name"))


@erase_part("accounts/passkeys", models=["mfa.Authenticator"], order=FIRST)
def passkeys_erase(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
