"""Devices that people signed in on: a token that the client keeps, so that guesses elsewhere do not lock them out there."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.devices import device_of
from accounts.models import KnownDevice, User, UserSession
from accounts.services.notices import notice_send
from core.proxies import UNKNOWN_ADDRESS
from core.secrets import token_hash, token_make

KEPT_PER_PERSON = 20
READ_PER_REQUEST = 5  # accounts whose tokens one browser may carry
SEPARATOR = "."  # between tokens in one cookie or field; no token holds it


def device_tokens_read(text: str) -> list[str]:
    """The tokens in a cookie or a body: newest first, at most five; anything else is passed over."""
    return [token for token in text[:1_000].split(SEPARATOR) if token.startswith("hdt_")][:READ_PER_REQUEST]


def known_device(*, user: User | None, tokens: Sequence[str]) -> KnownDevice | None:
    """The device of `user` that one of these tokens names. Nobody's look-up takes as long as anybody's (threat 27)."""
    if not tokens:
        return None
    rows = KnownDevice.objects.filter(token_hash__in=[token_hash(token) for token in tokens])
    return next((row for row in rows if user is not None and row.user_id == user.pk), None)


def _was_here(user: User, device: str, address: str) -> bool:
    """Whether the same program signed in from the same address in the last weeks: no news, it only kept no token."""
    if not address or address == UNKNOWN_ADDRESS:
        return False
    return UserSession.objects.filter(user=user, device=device, address=address).exists()


def device_remember(*, user: User, tokens: Sequence[str], device: str, address: str) -> str:
    """Note that `user` signed in on the device that sent `tokens`; returns what it keeps from now on.

    A new device gets a token, and the person a notice unless it is their first, or a program that signed in from this
    address before; beyond twenty the least used one is forgotten. `device` is the client's User-Agent.
    """
    now = timezone.now()
    with transaction.atomic():
        found = known_device(user=user, tokens=tokens)
        if found is not None:
            KnownDevice.objects.filter(pk=found.pk).update(last_used_at=now)
            return SEPARATOR.join(tokens)
        mine = KnownDevice.objects.filter(user=user)
        others = list(mine.order_by("last_used_at", "id").values_list("pk", "device"))
        token = token_make("hdt_")
        name = device.replace("\x00", "")[:200]
        KnownDevice.objects.create(user=user, token_hash=token_hash(token), device=name)
        if surplus := max(0, len(others) + 1 - KEPT_PER_PERSON):
            # Those of the same program first: one that keeps no token must not push the person's real devices out.
            doomed = sorted(others, key=lambda other: other[1] != name)[:surplus]
            mine.filter(pk__in=[pk for pk, _device in doomed]).delete()
        if others and not _was_here(user, name, address):
            notice_send(user=user, kind="new_sign_in", context={"device": device_of(name).name, "address": address})
    return SEPARATOR.join([token, *tokens][:READ_PER_REQUEST])
