"""Whom a text may tell that it names them: few, and each once a day, whatever its edits say. A notice reaches telephones."""

import uuid
from collections.abc import Iterable

from django.core.cache import cache

from core.throttles import throttle_hit
from social.limits import MENTIONS

MENTIONS_TOLD = MENTIONS.times
"""How many of those whom one text names are told."""


def first_named(text_id: uuid.UUID, user_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those of `user_ids`, in order, who are to be told that the text of this id names them, as far as `MENTIONS` lets it.

    In the cache: naming, unnaming and naming somebody anew goes on for days in no text.
    """
    told = []
    for user_id in user_ids:
        if not cache.add(f"named:{text_id}:{user_id}", 1, timeout=MENTIONS.seconds):
            continue
        if throttle_hit(MENTIONS, str(text_id)).is_exceeded:
            break
        told.append(user_id)
    return told


__all__ = ["MENTIONS_TOLD", "first_named"]
