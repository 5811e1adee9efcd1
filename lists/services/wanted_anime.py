"""Which anime somebody means who wants it on the list, made as a stub when the catalogue does not know it yet."""

from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import (
    Site,
    StubDraft,
    anime_id_by_shikimori,
    anime_ids_current,
    anime_stubs_create,
    external_ids_of,
)
from core.errors import NotFound, ValidationFailed
from core.throttles import Limit, throttle_check

STUB_LIMIT = Limit("list-stubs", 30, 3600)
"""A person may name so many unknown anime an hour: each becomes a row of everybody's catalogue."""


def anime_id_wanted(*, user: User, anime_id: int | None, shikimori_id: int | None) -> int:
    """Our id of the anime. Reference: "If the anime row does not exist locally but shikimori_id is given, a stub is
    auto-created".

    Raises `NotFound`, `ValidationFailed` when the ids name two anime, and `RateLimited` past `STUB_LIMIT`.
    """
    known = anime_ids_current([anime_id]).get(anime_id) if anime_id is not None else None
    if shikimori_id is None:
        if known is None:
            raise NotFound()
        return known
    named = anime_id_by_shikimori(str(shikimori_id))
    if known is not None:
        if (named is None and _has_another_id(known)) or named not in (None, known):
            raise ValidationFailed({"shikimori_id": [_("anime_id is another anime than shikimori_id.")]})
        return known
    return named or _stub_create(user, str(shikimori_id))


def _has_another_id(anime_id: int) -> bool:
    return bool(external_ids_of([anime_id], sites=[Site.SHIKIMORI, Site.MAL]).get(anime_id))


def _stub_create(user: User, shikimori_id: str) -> int:
    throttle_check(STUB_LIMIT, f"u{user.pk}")
    ids = ((Site.MAL.value, shikimori_id), (Site.SHIKIMORI.value, shikimori_id))
    return anime_stubs_create([StubDraft(title=f"Shikimori {shikimori_id}", ids=ids)])[0]
