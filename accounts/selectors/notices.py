"""Which ways each kind of notice takes to a person."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import NoticeSetting
from accounts.notices import NoticeKind, notice_kinds


@dataclass(frozen=True, slots=True)
class Channels:
    """Whether a notice shows on the site, goes out as push, is mailed. A required kind is always mailed."""

    by_site: bool
    by_push: bool
    by_email: bool


def _channels(kind: NoticeKind, row: NoticeSetting | None) -> Channels:
    chosen = row or kind
    return Channels(chosen.by_site, chosen.by_push, chosen.by_email or kind.is_required)


def notice_channels(*, user_id: uuid.UUID, kind: NoticeKind) -> Channels:
    """What the person chose for this kind, else its defaults; one query."""
    return _channels(kind, NoticeSetting.objects.filter(user_id=user_id, kind=kind.code).first())


def notice_channels_of_many(*, user_ids: Collection[uuid.UUID], kind: NoticeKind) -> dict[uuid.UUID, Channels]:
    """What each of these people chose for this kind, else its defaults; one query."""
    rows = {row.user_id: row for row in NoticeSetting.objects.filter(user_id__in=user_ids, kind=kind.code)}
    return {user_id: _channels(kind, rows.get(user_id)) for user_id in user_ids}


def notice_settings_of(user_id: uuid.UUID) -> list[tuple[NoticeKind, Channels]]:
    """Every kind with its ways to this person; one query."""
    rows = {row.kind: row for row in NoticeSetting.objects.filter(user_id=user_id)}
    return [(kind, _channels(kind, rows.get(kind.code))) for kind in notice_kinds()]
