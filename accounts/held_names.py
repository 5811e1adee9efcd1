"""Usernames that were given up, held back for a while: nobody poses as somebody who has just left or taken another name.

Stored is a keyed hash of what the name looks like, so the table tells nobody who was here.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.lookalikes import skeleton_of
from accounts.models import HeldName

HELD = timedelta(days=90)


def _look_hash(username: str) -> str:
    return salted_hmac("accounts.held-name", skeleton_of(username), algorithm="sha256").hexdigest()


def name_hold(*, username: str, period: timedelta = HELD) -> None:
    """Keep a name, and what looks like it, from being taken for 90 days or another period."""
    HeldName.objects.update_or_create(look_hash=_look_hash(username), defaults={"until": timezone.now() + period})


def name_is_held(username: str) -> bool:
    """Whether the name belonged to somebody who gave it up not long ago. One query."""
    return HeldName.objects.filter(look_hash=_look_hash(username), until__gt=timezone.now()).exists()


def held_names_trim() -> int:
    """Forget names that are free again; returns how many."""
    return HeldName.objects.filter(until__lte=timezone.now()).delete()[0]
