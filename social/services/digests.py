"""The digest: one mail a day or week at somebody's local morning, with what they have not read on the site."""

import uuid
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation

from accounts.facade import User, link_base, mail_send
from core.site.preferences import is_time_zone
from social.models import DigestFrequency, DigestPreference, Notification
from social.selectors.notifications import rows_shown

log = structlog.get_logger("digests")

MORNING = time(8)
"""Local time at which a digest leaves; a weekly one on Monday."""
ROWS = 20
"""So many of what waits are told; of the rest the number."""
CHUNK = 500
RUN_LIMIT = 2_000
_SALT = "social.digest.unsubscribe"


def digest_preference_set(*, user: User, frequency: str) -> None:
    """Keep how often; a digest that was due by another rhythm is planned anew."""
    with transaction.atomic():
        row, is_new = DigestPreference.objects.select_for_update().get_or_create(
            user=user, defaults={"frequency": frequency}
        )
        if not is_new and row.frequency != frequency:
            row.frequency, row.due_at = frequency, None
            row.save(update_fields=["frequency", "due_at"])


def digest_reader_note(*, user: User, time_zone: str, language: str) -> None:
    """Remember where and in which language somebody reads, for their mails; no write when that is known."""
    zone = time_zone if is_time_zone(time_zone) else ""
    known = DigestPreference.objects.filter(user=user).values_list("time_zone", "language").first()
    if known != (zone, language):
        DigestPreference.objects.update_or_create(user=user, defaults={"time_zone": zone, "language": language})


def next_morning(frequency: str, zone_name: str, after: datetime) -> datetime:
    """The first morning after `after` at which a digest of this rhythm leaves, by the clock of the zone (summer time too)."""
    zone = ZoneInfo(zone_name) if is_time_zone(zone_name) else ZoneInfo("UTC")
    day = after.astimezone(zone).date()
    for ahead in range(9):
        found = datetime.combine(day + timedelta(days=ahead), MORNING, tzinfo=zone)
        if found > after and (frequency != DigestFrequency.WEEKLY or found.weekday() == 0):
            return found.astimezone(UTC)
    raise ValueError(f"no morning follows {after}")


def digests_plan() -> int:
    """Set a morning for everybody for whom something waits and none is set; how many. Who wants no digest waits for none."""
    pending = Notification.objects.filter(by_digest=True, mailed_at=None)
    planned = DigestPreference.objects.filter(user=OuterRef("user_id"), due_at__isnull=False)
    people = pending.exclude(Exists(planned)).order_by().values_list("user_id", flat=True).distinct()
    wanted = list(people[:RUN_LIMIT])
    now, silent = timezone.now(), list[uuid.UUID]()
    DigestPreference.objects.bulk_create([DigestPreference(user_id=one) for one in wanted], ignore_conflicts=True)
    for start in range(0, len(wanted), CHUNK):
        rows = DigestPreference.objects.filter(user__in=wanted[start : start + CHUNK], due_at=None)
        for row in rows:
            if row.frequency == DigestFrequency.NEVER:
                silent.append(row.user_id)
            else:
                due = next_morning(row.frequency, row.time_zone, now)
                DigestPreference.objects.filter(pk=row.pk, due_at=None, frequency=row.frequency).update(due_at=due)
    for start in range(0, len(silent), CHUNK):
        pending.filter(user__in=silent[start : start + CHUNK]).update(by_digest=False)
    return len(wanted) - len(silent)


def digests_send() -> int:
    """Mail the digests that are due; how many left. Whoever fails is tried again at the next run, the others get theirs."""
    sent = 0
    due = DigestPreference.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    for user_id in list(due.values_list("user_id", flat=True)[:RUN_LIMIT]):
        try:
            sent += digest_send(user_id=user_id)
        except Exception:
            log.exception("digest_failed", user=str(user_id))
    return sent


@transaction.atomic
def digest_send(*, user_id: uuid.UUID) -> bool:
    """Mail one person's digest if it is due, and mark what it tells; both or neither, and once by any number of workers.

    The mail is a row of its own in this transaction. Nothing goes to an address that nobody proved to be theirs, and
    nothing where all was read meanwhile.
    """
    preference = DigestPreference.objects.select_for_update().filter(user=user_id).first()
    now = timezone.now()
    if preference is None or preference.due_at is None or preference.due_at > now:
        return False
    DigestPreference.objects.filter(pk=preference.pk).update(due_at=None)
    pending = Notification.objects.filter(user=user_id, by_digest=True, mailed_at=None).select_for_update()
    found = list(pending.order_by("pk").values_list("pk", "updated_at", "read_at"))
    unread = sorted(((updated, pk) for pk, updated, read in found if read is None), reverse=True)
    user = User.objects.public().filter(pk=user_id, is_verified=True).exclude(email="").first()
    is_sent = bool(unread) and user is not None and preference.frequency != DigestFrequency.NEVER
    if is_sent and user is not None:
        _mail(user, preference, [pk for _updated, pk in unread[:ROWS]], len(unread))
    for start in range(0, len(found), CHUNK):
        # By their ids: what came since is no part of this mail.
        keys = [pk for pk, _updated, _read in found[start : start + CHUNK]]
        Notification.objects.filter(pk__in=keys).update(mailed_at=now)
    return is_sent


def _mail(user: User, preference: DigestPreference, keys: list[uuid.UUID], count: int) -> None:
    rows = list(Notification.objects.filter(pk__in=keys).order_by("-updated_at", "-id"))
    unsubscribe = link_base() + reverse("digest-unsubscribe", args=[unsubscribe_token(user.pk)])
    language = preference.language or translation.get_language()
    with translation.override(language):
        titles = user.title_language if user.title_language in ("english", "native") else "romaji"
        shown = rows_shown(user, rows, titles=titles)  # type: ignore[arg-type]  # one of the three
        lines = [
            {
                "text": row.words.text,
                "excerpt": row.excerpt,
                "link": link_base() + reverse("notification", args=[row.notification.pk]),
            }
            for row in shown
        ]
    mail_send(
        to=user.email,
        template="digest",
        context={
            "username": user.username,
            "lines": lines,
            "count": count,
            "more": count - len(lines),
            "link": link_base() + reverse("notifications"),
            "settings_link": link_base() + reverse("settings_notifications"),
            "unsubscribe": unsubscribe,
        },
        language=language,
        headers={"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def unsubscribe_token(user_id: uuid.UUID) -> str:
    """What names somebody in the address that ends their digest; it opens nothing else and holds as long as the secret key."""
    return Signer(salt=_SALT).sign(user_id.hex).replace(":", ".")


def unsubscribe_person(token: str) -> User | None:
    """Whom a token names; None for one that is not ours or of somebody who is gone."""
    name, _dot, signature = token.partition(".")
    try:
        user_id = uuid.UUID(Signer(salt=_SALT).unsign(f"{name}:{signature}"))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=user_id, erased_at=None).first()
