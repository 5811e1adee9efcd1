"""Anime that somebody names for a collection: tied to our rows where the catalogue knows them, kept by name where not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import anime_cards
from core.errors import ValidationFailed
from lists.models import CollectionItem
from lists.selectors.collection_anime import (
    PICTURE_LENGTH,
    SHIKIMORI_HIGHEST,
    poster_address,
    shikimori_ids_of,
    shikimori_known,
)
from lists.services.collection_texts import Texts

TITLE_LENGTH = NOTE_LENGTH = 500
_LOCAL = re.compile(r"[A-Za-z0-9/._-]+\Z")


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An anime by its Shikimori id or by ours (`anime_id`), one of them. Title and picture are kept when the catalogue
    knows none.
    """

    shikimori_id: int | None = None
    anime_id: int | None = None
    title: str = ""
    picture: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemsAdded:
    """`items` were added, in their order; `skipped` were there already (or twice in one call)."""

    items: list[CollectionItem]
    skipped: int


def drafts_resolved(actor: User, drafts: Sequence[ItemDraft]) -> list[CollectionItem]:
    """Items, not stored and of no collection yet, in the order of the drafts. Four queries per 400.

    Raises `ValidationFailed` for a draft that names no anime, one of ours that `actor` may not see, or a bad text.
    """
    texts = Texts()
    for draft in drafts:
        if (draft.anime_id is None) == (draft.shikimori_id is None):
            texts.wrong["items"] = [_("Each names one anime: by anime_id or by local_anime_id.")]
        elif draft.shikimori_id is not None and not 0 < draft.shikimori_id <= SHIKIMORI_HIGHEST:
            texts.wrong["items"] = [_("No Shikimori id.")]
    titles = [texts.read("anime_title", draft.title, TITLE_LENGTH, is_line=True) for draft in drafts]
    notes = [texts.read("note", draft.note, NOTE_LENGTH) for draft in drafts]
    texts.raise_wrong()
    ours = shikimori_known([draft.shikimori_id for draft in drafts if draft.shikimori_id])
    named = {draft.anime_id for draft in drafts if draft.anime_id}
    cards = anime_cards(actor, sorted(named | set(ours.values())))
    if missing := sorted(named - cards.keys()):
        raise ValidationFailed({"items": [_("There is no anime %(id)s.") % {"id": missing[0]}]})
    theirs = shikimori_ids_of(sorted(named))
    items = []
    for draft, title, note in zip(drafts, titles, notes, strict=True):
        anime_id = draft.anime_id or ours.get(draft.shikimori_id or 0)
        card = cards.get(anime_id) if anime_id else None
        items.append(
            CollectionItem(
                shikimori_id=draft.shikimori_id or theirs.get(anime_id or 0),
                anime_id=anime_id,
                anime_title=card["title"][:TITLE_LENGTH] if card else title,
                anime_src=(poster_address(card) if card else "") or picture_address(draft.picture),
                note=note,
            )
        )
    return items


def picture_address(raw: str) -> str:
    """`raw` when it is an https address or a path of our own media, else "" (threat 34: no script, no other scheme).

    It is kept for programs that ask for it: our pages show pictures of our own alone.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    if not text or len(text) > PICTURE_LENGTH or not text.isprintable() or set(text) & set(" <>\"'`\\"):
        return ""
    if text.startswith(settings.MEDIA_URL) and settings.MEDIA_URL.startswith("/"):
        return text if _LOCAL.match(text) and ".." not in text else ""
    try:
        parts = urlsplit(text)
        is_plain = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port is None
    except ValueError:
        return ""
    return text if is_plain else ""


__all__ = ["ItemDraft", "ItemsAdded", "drafts_resolved", "picture_address"]
