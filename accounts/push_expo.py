"""Expo's push service: messages to the app, and the receipts that say later what became of them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from core import egress

BATCH = 100
RECEIPTS_BATCH = 300
TOKEN = re.compile(r"Expo(?:nent)?PushToken\[[A-Za-z0-9_-]{10,200}\]")
GONE = "DeviceNotRegistered"
LATER = "MessageRateExceeded"
_MIXED = "PUSH_TOO_MANY_EXPERIENCE_IDS"


class ExpoRefused(Exception):
    """The service read the request and refused the whole of it; asking again would not help."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: a `ticket` when it was taken, else an `error` (Expo's word)."""

    token: str
    ticket: str = ""
    error: str = ""


def push_policy() -> egress.Policy:
    """The address in the settings alone."""
    where = urlsplit(settings.EXPO_PUSH_URL)
    return egress.Policy(
        hosts=(where.hostname or "",),
        schemes=(where.scheme,),
        ports=(where.port or (443 if where.scheme == "https" else 80),),
        max_redirects=0,
        rates=(egress.Rate(6, 1.0),),  # 600 messages a second are allowed, 100 go in one request
    )


def messages_send(tokens: Sequence[str], message: Mapping[str, Any]) -> list[Outcome]:
    """Send one message to at most `BATCH` tokens. Raises `ExpoRefused`, or `core.egress.EgressError` when later may help.

    Tokens of different apps may not share a request; Expo then says which belong together, and they go one by one.
    """
    answer = _post("send", [{"to": token, **message} for token in tokens])
    if "data" in answer:
        return [_outcome(token, row) for token, row in zip(tokens, answer["data"], strict=True)]
    groups = _groups(answer, tokens)
    return [outcome for group in groups for outcome in messages_send(group, message)]


def receipts_read(tickets: Sequence[str]) -> dict[str, str]:
    """Ticket → error ("" when it was delivered) for those of at most `RECEIPTS_BATCH` whose receipt is there."""
    answer = _post("getReceipts", {"ids": list(tickets)})
    found = answer.get("data")
    if not isinstance(found, dict):
        raise ExpoRefused("no receipts")
    return {ticket: _outcome(ticket, row).error for ticket, row in found.items() if ticket in set(tickets)}


def _outcome(token: str, row: Any) -> Outcome:
    if not isinstance(row, dict):
        return Outcome(token, error="unreadable")
    if row.get("status") == "ok":
        return Outcome(token, ticket=str(row.get("id") or "")[:64])
    details = row.get("details")
    error = details.get("error") if isinstance(details, dict) else None
    return Outcome(token, error=str(error or "refused")[:60])


def _groups(answer: Mapping[str, Any], tokens: Sequence[str]) -> list[list[str]]:
    """The tokens as Expo sorted them by app; raises `ExpoRefused` unless that is what it complains about."""
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    details = first.get("details")
    if first.get("code") != _MIXED or not isinstance(details, dict) or len(tokens) < 2:
        raise ExpoRefused(str(first.get("code") or "unreadable")[:60])
    known = set(tokens)
    groups = [[t for t in group if t in known] for group in details.values() if isinstance(group, list)]
    if len([group for group in groups if group]) < 2:
        raise ExpoRefused(_MIXED)
    return [group for group in groups if group]


def _post(what: str, body: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.EXPO_ACCESS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.EXPO_ACCESS_TOKEN}"
    answer = egress.fetch(
        f"{settings.EXPO_PUSH_URL}/{what}",
        policy=push_policy(),
        method="POST",
        headers=headers,
        body=json.dumps(body).encode(),
    )
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ExpoRefused(f"status {answer.status}")
    return found
