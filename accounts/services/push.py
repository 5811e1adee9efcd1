"""Push messages: queued with what caused them, sent by a job after the commit; dead devices go.

A job notes which devices are done, so that one that is run again (a killed worker, a service that was away) sends to the
rest alone. What a message says is sealed while it waits.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import push_expo, push_web
from accounts.models import PushDevice, PushTicket
from accounts.push_expo import ExpoRefused
from accounts.selectors.push import has_push_devices
from accounts.services.devices import PURPOSE
from core.egress import EgressError, EgressRefused
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists, JobRetry
from core.models import Job, JobState
from core.secrets import SecretUnreadable, secret_open, secret_seal

log = structlog.get_logger("push")

KIND = "accounts.push"
RECEIPTS = "accounts.push_receipts"
MESSAGE = "accounts.push.message"
ATTEMPTS = 8
PEOPLE_PER_JOB = 500
FAILURES_ALLOWED = 10  # in a row, then the device is taken for dead
TITLE_LENGTH, BODY_LENGTH = 100, 400  # with the rest well below the 4,096 bytes that services take
RECEIPT_AFTER = timedelta(minutes=15)
RECEIPT_KEPT = timedelta(hours=24)  # by Expo
KEPT = timedelta(days=7)


def push_send(
    *, user_ids: Iterable[uuid.UUID], title: str, body: str, url: str, data: Mapping[str, Any] | None = None
) -> None:
    """Queue a push message to all devices of these people; it leaves after the commit. `url` is a path on the site.

    Nobody has a device: nothing is queued.
    """
    people = sorted(set(user_ids))
    if not people or not has_push_devices(people):
        return
    message = {
        "title": _cut(title, TITLE_LENGTH),
        "body": _cut(body, BODY_LENGTH),
        "url": url,
        "data": dict(data or {}),
    }
    sealed = secret_seal(json.dumps(message), purpose=MESSAGE)
    for start in range(0, len(people), PEOPLE_PER_JOB):
        some = [str(user_id) for user_id in people[start : start + PEOPLE_PER_JOB]]
        job_enqueue(kind=KIND, payload={"user_ids": some, "sealed": sealed}, max_attempts=ATTEMPTS)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


@job_kind(KIND)
def push_deliver(context: JobContext) -> dict[str, Any]:
    """Send one message to every device that has not got it yet; raises `JobRetry` while some of them have to wait."""
    sealed = context.payload.get("sealed")
    if not sealed:
        return {}
    try:
        message = json.loads(secret_open(sealed, purpose=MESSAGE))
    except SecretUnreadable:
        return _finished(context, [])
    done: list[str] = list(context.payload.get("done", []))
    devices = PushDevice.objects.filter(user_id__in=context.payload["user_ids"]).exclude(pk__in=done).order_by("pk")
    apps: list[tuple[PushDevice, str]] = []
    later: list[EgressError | ExpoRefused] = []
    for device in devices:
        context.report()
        address = _address(device)
        if address is None:
            continue
        if device.kind == PushDevice.Kind.EXPO:
            apps.append((device, address))
            continue
        try:
            _web_send(device, address, message)
        except EgressRefused as error:  # our own rules, no fault of the device: not sent, not tried again
            log.warning("push_not_allowed", device=str(device.pk), why=str(error))
            _noted(context, done, [device])
        except EgressError as error:
            later.append(error)
        else:
            _noted(context, done, [device])
    for start in range(0, len(apps), push_expo.BATCH):
        batch = apps[start : start + push_expo.BATCH]
        context.report()
        try:
            waiting = _expo_send(batch, message)
        except EgressRefused as error:
            log.warning("push_not_allowed", why=str(error))
        except EgressError as error:
            later.append(error)
        else:
            _noted(context, done, [device for device, _token in batch if device not in waiting])
            later += [EgressError(retry_after=60.0)] if waiting else []
    if later and context.attempt < ATTEMPTS:
        wait = max(getattr(error, "retry_after", None) or 15.0 * 2**context.attempt for error in later)
        raise JobRetry(type(later[0]).__name__, code="push_service_away", delay=wait)
    return _finished(context, done)


def _address(device: PushDevice) -> str | None:
    """The device's address; one that was sealed with a key that is gone will register anew, and goes."""
    try:
        return secret_open(device.address, purpose=PURPOSE)
    except SecretUnreadable:
        _forget(device)
        return None


def _web_send(device: PushDevice, address: str, message: Mapping[str, Any]) -> None:
    status = push_web.message_send(push_web.Subscription.of(address), message)
    if status in (404, 410):
        _forget(device)
    elif 200 <= status < 300:
        _succeeded([device])
    else:
        _failed(device, f"status {status}")


def _expo_send(batch: Sequence[tuple[PushDevice, str]], message: Mapping[str, Any]) -> set[PushDevice]:
    """Send to one batch, keep the tickets. Returns the devices that have to wait."""
    by_token = {token: device for device, token in batch}
    body = {
        "title": message["title"],
        "body": message["body"],
        "sound": "default",
        "data": {**message["data"], "url": message["url"]},
    }
    try:
        outcomes = push_expo.messages_send(list(by_token), body)
    except ExpoRefused as error:
        for device in by_token.values():
            _failed(device, str(error))
        return set()
    tickets = [PushTicket(device=by_token[o.token], ticket=o.ticket) for o in outcomes if o.ticket]
    PushTicket.objects.bulk_create(tickets, ignore_conflicts=True)
    _succeeded([by_token[outcome.token] for outcome in outcomes if not outcome.error])
    for outcome in outcomes:
        if outcome.error and outcome.error != push_expo.LATER:
            _refused(by_token[outcome.token], outcome.error)
    return {by_token[outcome.token] for outcome in outcomes if outcome.error == push_expo.LATER}


def _refused(device: PushDevice, error: str) -> None:
    if error == push_expo.GONE:
        _forget(device)
    else:
        _failed(device, error)


def _forget(device: PushDevice) -> None:
    PushDevice.objects.filter(pk=device.pk).delete()
    log.info("push_device_gone", device=str(device.pk), kind=device.kind)


def _succeeded(devices: Sequence[PushDevice]) -> None:
    failing = [device.pk for device in devices if device.failures]
    if failing:
        PushDevice.objects.filter(pk__in=failing).update(failures=0)


def _failed(device: PushDevice, why: str) -> None:
    """Count; a device that failed ten times in a row is taken for dead."""
    log.warning("push_refused", device=str(device.pk), kind=device.kind, why=why)
    PushDevice.objects.filter(pk=device.pk).update(failures=F("failures") + 1)
    PushDevice.objects.filter(pk=device.pk, failures__gte=FAILURES_ALLOWED).delete()


def _noted(context: JobContext, done: list[str], devices: Sequence[PushDevice]) -> None:
    """These got it: a run after this one leaves them out."""
    done += [str(device.pk) for device in devices]
    context.payload["done"] = done
    Job.objects.filter(id=context.job_id).update(payload=context.payload)


def _finished(context: JobContext, done: Sequence[str]) -> dict[str, Any]:
    """The row keeps how many got it, neither words nor people."""
    Job.objects.filter(id=context.job_id).update(payload={})
    return {"devices": len(done)}


def receipts_enqueue() -> None:
    """Have receipts read when there are tickets old enough (every five minutes)."""
    if not PushTicket.objects.filter(created_at__lte=timezone.now() - RECEIPT_AFTER).exists():
        return
    try:
        job_enqueue(kind=RECEIPTS, unique_key="receipts")
    except JobExists:
        log.debug("push_receipts_under_way")


@job_kind(RECEIPTS)
def receipts_read(context: JobContext) -> dict[str, Any]:
    """Ask what became of messages a quarter of an hour ago: devices that are gone go, other errors are counted.

    A ticket without a receipt is asked for again until Expo forgets it, after a day.
    """
    PushTicket.objects.filter(created_at__lt=timezone.now() - RECEIPT_KEPT).delete()
    due = PushTicket.objects.filter(created_at__lte=timezone.now() - RECEIPT_AFTER).order_by("pk")
    last, read = 0, 0
    while rows := list(due.filter(pk__gt=last).select_related("device")[: push_expo.RECEIPTS_BATCH]):
        last = rows[-1].pk
        context.report()
        try:
            found = push_expo.receipts_read([row.ticket for row in rows])
        except EgressError as error:
            raise JobRetry(type(error).__name__, code="push_service_away", delay=error.retry_after or 60.0) from error
        except ExpoRefused as error:
            log.warning("push_receipts_refused", why=str(error))
            break
        with transaction.atomic():
            for row in rows:
                if found.get(row.ticket):
                    _refused(row.device, found[row.ticket])
            PushTicket.objects.filter(ticket__in=found).delete()
        read += len(found)
    return {"receipts": read}


def push_trim() -> int:
    """Delete the rows of pushes that were over a week ago; returns how many."""
    over = Job.objects.filter(kind__in=[KIND, RECEIPTS], finished_at__lt=timezone.now() - KEPT)
    return over.filter(state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED]).delete()[0]
