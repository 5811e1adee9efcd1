"""Push messages: queued with what caused them, sent by a job after the commit."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from core.jobs import job_enqueue

KIND = "accounts.push"


def push_send(
    *, user_ids: Iterable[uuid.UUID], title: str, body: str, url: str, data: Mapping[str, Any] | None = None
) -> None:
    """Queue a push message to all devices of these people; it leaves after the commit. `url` is a path on the site."""
    people = sorted({str(user_id) for user_id in user_ids})
    if people:
        message = {"title": title, "body": body, "url": url, "data": dict(data or {})}
        job_enqueue(kind=KIND, payload={"user_ids": people, "message": message})
