"""Scrobble addresses made, renewed and removed; what comes through them counted, and noted with its outcome."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import episode_place_get
from core.errors import DomainError, NotFound, ValidationFailed
from lists.models import ChangeSource, MediaServer, ScrobbleEndpoint, ScrobbleOutcome, ScrobblePlay, ScrobbleReceipt
from lists.scrobbling.matching import Unmatched, play_match
from lists.scrobbling.plays import Play
from lists.selectors.preferences import preferences_of, watched_percent_of
from lists.services.episodes import episode_watched
from lists.services.scrobble_plays import Ruled, play_by_rule, play_hold, play_row

RECEIPTS_KEPT = 50
USE_NOTED_EVERY = timedelta(minutes=1)
ACCOUNT_NAME_LENGTH = 100


def endpoint_set(*, user: User, server: str, account_name: str = "") -> ScrobbleEndpoint:
    """Make the person's address for a kind of server, or change whose plays it takes ("": everybody's of that server)."""
    account_name = account_name.strip()
    if server not in MediaServer.values:
        raise ValidationFailed({"server": [_("One of: %(names)s.") % {"names": ", ".join(MediaServer.values)}]})
    if len(account_name) > ACCOUNT_NAME_LENGTH or "\x00" in account_name:
        raise ValidationFailed({"account_name": [_("At most %(limit)s characters.") % {"limit": ACCOUNT_NAME_LENGTH}]})
    with transaction.atomic():
        ScrobbleEndpoint.objects.bulk_create(
            [ScrobbleEndpoint(user=user, server=server, account_name=account_name)], ignore_conflicts=True
        )
        endpoint = ScrobbleEndpoint.objects.select_for_update().get(user=user, server=server)
        if endpoint.account_name != account_name:
            endpoint.account_name = account_name
            endpoint.save(update_fields=["account_name"])
    return endpoint


def endpoint_renew(*, user: User, endpoint_id: uuid.UUID) -> ScrobbleEndpoint:
    """A new address; the old one is worthless from now on. Raises `NotFound`."""
    with transaction.atomic():
        endpoint = ScrobbleEndpoint.objects.select_for_update().filter(user=user, pk=endpoint_id).first()
        if endpoint is None:
            raise NotFound()
        endpoint.revision = uuid.uuid4()
        endpoint.save(update_fields=["revision"])
    return endpoint


def endpoint_remove(*, user: User, endpoint_id: uuid.UUID) -> None:
    """Remove an address and what is noted of it. Raises `NotFound`."""
    if not ScrobbleEndpoint.objects.filter(user=user, pk=endpoint_id).delete()[0]:
        raise NotFound()


def scrobble_receive(*, endpoint: ScrobbleEndpoint, play: Play | None) -> ScrobbleReceipt:
    """Count what was played, when it is a finished episode of the endpoint's person; the receipt says what became of it.

    Messages that say nothing of an end (started, paused, a new item) are answered and not kept. Others' plays are kept
    without what they played: that is theirs.
    """
    _use_note(endpoint)
    if play is None:
        return ScrobbleReceipt(endpoint=endpoint, outcome=ScrobbleOutcome.IGNORED, detail={"reason": "nothing_played"})
    preferences = preferences_of(endpoint.user)
    is_over = play.is_over or (play.share is not None and play.share >= watched_percent_of(preferences))
    if not is_over and play.share is None:
        return _receipt(endpoint, play, ScrobbleOutcome.IGNORED, "not_over")
    if endpoint.account_name and play.account.casefold() != endpoint.account_name.casefold():
        other = ScrobbleReceipt(endpoint=endpoint, outcome=ScrobbleOutcome.NOT_MINE, detail={"account": play.account})
        return _keep(other)
    if not is_over:
        return _keep(_receipt(endpoint, play, ScrobbleOutcome.IGNORED, "not_over"))
    if not preferences.tracks_watching:
        return _keep(_receipt(endpoint, play, ScrobbleOutcome.REFUSED, "switched_off"))
    return _keep(_counted(endpoint, play))


def _counted(endpoint: ScrobbleEndpoint, play: Play) -> ScrobbleReceipt:
    row = play_row(endpoint, play)
    ruled = play_by_rule(user=endpoint.user, row=row)
    if ruled is not None:
        return _ruled_receipt(endpoint, play, ruled)
    try:
        match = play_match(play)
        place = episode_place_get(endpoint.user, match.anime_id, match.number)
    except Unmatched as error:
        return _held(endpoint, play, row, error.reason)
    except ValidationFailed:
        return _held(endpoint, play, row, "beyond")
    except DomainError as error:
        return _receipt(endpoint, play, ScrobbleOutcome.REFUSED, error.code)
    counted = episode_watched(
        user=endpoint.user,
        anime_id=place.anime_id,
        episode_number=match.number,
        source=ChangeSource.SCROBBLE,
        length=play.length,
    )
    outcome = ScrobbleOutcome.COUNTED if counted.is_counted else ScrobbleOutcome.ALREADY
    receipt = _receipt(endpoint, play, outcome, f"by_{match.by}")
    receipt.anime_id, receipt.episode_number = place.anime_id, match.number
    return receipt


def _held(endpoint: ScrobbleEndpoint, play: Play, row: ScrobblePlay, reason: str) -> ScrobbleReceipt:
    """The play waits for its person's word, unless a rule was made while it was looked for."""
    ruled = play_hold(user=endpoint.user, row=row, reason=reason)
    return _ruled_receipt(endpoint, play, ruled or Ruled(ScrobbleOutcome.UNMATCHED, reason))


def _ruled_receipt(endpoint: ScrobbleEndpoint, play: Play, ruled: Ruled) -> ScrobbleReceipt:
    receipt = _receipt(endpoint, play, ruled.outcome, ruled.reason)
    receipt.anime_id, receipt.episode_number = ruled.place or (None, None)
    return receipt


def _receipt(endpoint: ScrobbleEndpoint, play: Play, outcome: str, reason: str) -> ScrobbleReceipt:
    detail: dict[str, Any] = {"event": play.event, "reason": reason}
    if not play.is_film:
        detail |= {"season": play.season, "number": play.number}
    return ScrobbleReceipt(endpoint=endpoint, title=play.title, detail=detail, outcome=outcome)


def _keep(receipt: ScrobbleReceipt) -> ScrobbleReceipt:
    """Store a receipt and forget those beyond the latest fifty of its endpoint."""
    receipt.save(force_insert=True)
    own = ScrobbleReceipt.objects.filter(endpoint_id=receipt.endpoint_id).order_by("-received_at", "-pk")
    older = list(own.values_list("pk", flat=True)[RECEIPTS_KEPT : RECEIPTS_KEPT + 100])
    if older:
        ScrobbleReceipt.objects.filter(pk__in=older).delete()
    return receipt


def _use_note(endpoint: ScrobbleEndpoint) -> None:
    now = timezone.now()
    if endpoint.last_used_at is None or now - endpoint.last_used_at > USE_NOTED_EVERY:
        ScrobbleEndpoint.objects.filter(pk=endpoint.pk).update(last_used_at=now)
