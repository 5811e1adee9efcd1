"""Whose plays of a media server and whose rules for them somebody may see and change: their own, decided here once."""

import uuid

from accounts.facade import User
from core.errors import NotFound
from lists.models import ScrobblePlay, ScrobbleRule


def get_play(user: User, play_id: uuid.UUID, *, lock: bool = False) -> ScrobblePlay:
    """A play that came through one of the person's addresses, with its address. Raises `NotFound` for others' and unknown ones.

    `lock` holds its row until the transaction ends.
    """
    rows = ScrobblePlay.objects.filter(pk=play_id, endpoint__user=user).select_related("endpoint")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def get_rule(user: User, rule_id: uuid.UUID, *, lock: bool = False) -> ScrobbleRule:
    """One of the person's rules, with its anime. Raises `NotFound` for others' and unknown ones. `lock` as in `get_play`."""
    rows = ScrobbleRule.objects.filter(pk=rule_id, user=user).select_related("anime")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found
