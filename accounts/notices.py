"""The kinds of notices that people get, and which ways each takes unless its person chose otherwise.

An app names its kinds in its own `notices.py`, imported by its `apps.py`; `accounts.services.notices.notice_send` sends
one. A kind's mail is `templates/mail/notice_<code>.txt` and `.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """One kind of notice.

    title: what it is called in the settings, and the title of a push message.
    text: one sentence for push and site; `%(name)s` takes from the context that is sent with it.
    choices: names in the context whose values are of an enum, shown by their labels in the reader's language.
    url: the path on the site where it leads.
    by_site, by_push, by_email: the ways it takes by default. is_required: its mail cannot be switched off (security).
    is_digested: its mail is the digest that gathers such notices, never one of its own; an upper app sends it.
    is_for_staff: nobody else gets it, so only staff choose its ways.
    """

    code: str
    title: Text
    text: Text
    url: str
    choices: Mapping[str, type[TextChoices]] = field(default_factory=dict)
    by_site: bool = True
    by_push: bool = False
    by_email: bool = False
    is_required: bool = False
    is_digested: bool = False
    is_for_staff: bool = False

    def words(self, context: Mapping[str, Any]) -> str:
        """The sentence for this context, in the active language. Raises KeyError when the context lacks a name."""
        named = {name: str(enum(context[name]).label) for name, enum in self.choices.items()}
        return str(self.text) % {**context, **named}


_kinds: dict[str, NoticeKind] = {}


def notice_kind(code: str, **rest: Any) -> NoticeKind:
    """Register a kind (see `NoticeKind`); raises ValueError when another one has this code."""
    kind = NoticeKind(code=code, **rest)
    if code in _kinds:
        raise ValueError(f"two kinds of notices are called {code}")
    _kinds[code] = kind
    return kind


def notice_kind_get(code: str) -> NoticeKind:
    """The kind of this code; raises LookupError: nobody may send what people cannot switch off."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"no notice is called {code}") from None


def notice_kinds() -> tuple[NoticeKind, ...]:
    """Every kind, in the order of registration."""
    return tuple(_kinds.values())


class SecurityChange(TextChoices):
    """What `security_change` tells: the value of `change` in its context."""

    PASSWORD = "password", _("The password was changed")
    EMAIL = "email", _("The e-mail address was changed")
    TWO_FACTOR_ON = "two_factor_on", _("Two-factor sign-in was switched on")
    TWO_FACTOR_OFF = "two_factor_off", _("Two-factor sign-in was switched off")
    RECOVERY_CODES = "recovery_codes", _("New recovery codes were made")
    RECOVERY_CODE_USED = "recovery_code_used", _("A recovery code was used to sign in")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
    PROVIDER_LINKED = "provider_linked", _("An account elsewhere was linked")
    PROVIDER_UNLINKED = "provider_unlinked", _("An account elsewhere was unlinked")
    API_KEY_CREATED = "api_key_created", _("An API key was made")
    DELETION_REQUESTED = "deletion_requested", _("Deletion of the account was confirmed")
    DELETION_CANCELLED = "deletion_cancelled", _("Deletion of the account was cancelled")


NEW_SIGN_IN = notice_kind(
    "new_sign_in",
    title=_("New sign-in"),
    text=_("Somebody signed in to your account: %(device)s, %(address)s."),
    url="/settings/sessions",
    by_push=True,
    by_email=True,
)
"""Context: `device` and `address`, both texts."""

SECURITY_CHANGE = notice_kind(
    "security_change",
    title=_("Security of the account"),
    text=_("%(change)s."),
    url="/settings/security",
    choices={"change": SecurityChange},
    by_push=True,
    by_email=True,
    is_required=True,
)
"""Context: `change`, a `SecurityChange`; optional `detail`, the name of the passkey, key or provider."""

EXPORT_READY = notice_kind(
    "export_ready",
    title=_("Your data is ready"),
    text=_("The export of your data can be downloaded."),
    url="/settings/export",
    by_email=True,
)
"""Context: `expires_at`, until when it can be downloaded (ISO 8601)."""
