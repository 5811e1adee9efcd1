"""Notifications made ready for templates: by day in the reader's zone, with icons; the table of wishes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any, cast

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import CardView, anime_cards, card_view, translation_languages
from core.errors import ValidationFailed
from core.site.preferences import time_zone_of, title_language_of
from social.models import WishKind
from social.notice_types import LABELS, SHELVES, kinds_of
from social.notification_words import language_name
from social.selectors.episode_wishes import anime_ids_with_wishes, wishes_shown
from social.selectors.notifications import NotificationRow
from social.services.episode_wishes import Wish

ICONS = {
    "mention": "at-sign",
    "reply": "reply",
    "comment": "message-square",
    "friend_request": "user-plus",
    "friend_accepted": "user-check",
    "followed": "user",
    "reaction": "heart",
    "upvote": "thumbs-up",
    "new_episode": "clapperboard",
    "report_outcome": "flag",
    "report_filed": "gavel",
    "new_sign_in": "log-in",
    "security_change": "shield",
    "export_ready": "download",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One notification in a list; `when` in the reader's zone."""

    row: NotificationRow
    when: datetime
    icon: str
    card: CardView | None

    @property
    def href(self) -> str:
        return reverse("notification", args=[self.row.notification.pk])


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice above the list."""

    label: Any
    href: str
    is_chosen: bool


def lines_of(request: HttpRequest, rows: Iterable[NotificationRow]) -> list[Line]:
    """Rows as they are drawn."""
    zone, language = time_zone_of(request), title_language_of(request)
    return [_line(row, zone, card_view(row.card, language) if row.card else None) for row in rows]


def _line(row: NotificationRow, zone: tzinfo, card: CardView | None) -> Line:
    kind = row.notification.kind
    return Line(row, row.notification.updated_at.astimezone(zone), ICONS.get(kind, "bell"), card)


def days_of(lines: Iterable[Line]) -> list[Day]:
    """Lines by the day on which they happened last."""
    return [Day(day, list(found)) for day, found in groupby(lines, key=lambda line: line.when.date())]


def tabs_of(shelf: str, *, is_unread: bool) -> list[Tab]:
    """All, what is unread, each shelf."""
    base = reverse("notifications")
    shelves = [*SHELVES, "site"]
    return [
        Tab(_("All"), base, not shelf and not is_unread),
        Tab(_("Unread"), f"{base}?unread=1", is_unread),
        *(Tab(LABELS[name], f"{base}?type={name}", name == shelf) for name in shelves),
    ]


def asked(params: QueryDict) -> tuple[str, tuple[str, ...] | None, bool]:
    """(type, its kinds, only unread) of an address; a type that is none counts as all."""
    name = params.get("type", "")
    kinds = kinds_of(name) if name else None
    return (name if kinds is not None else "", kinds, params.get("unread") == "1")


def wishes_context(request: HttpRequest, anime_id: int | None = None) -> dict[str, Any]:
    """What the table of variants shows: the languages that are dubbed or subtitled into, and what is ticked."""
    user = cast(User, request.user)
    shown = wishes_shown(user, anime_id)
    chosen_languages = {one.partition(":")[2] for one in shown.chosen}
    languages = sorted({*translation_languages(), *chosen_languages} - {""}, key=language_name)
    rows = [("", _("Any language")), *((code, language_name(code)) for code in languages)]
    kinds = [WishKind.SUB, WishKind.DUB]
    context: dict[str, Any] = {
        "wish_kinds": kinds,
        "wish_rows": [
            {
                "label": label,
                "cells": [
                    {"value": f"{kind}:{code}", "label": kind.label, "is_on": f"{kind}:{code}" in shown.chosen}
                    for kind in kinds
                ],
            }
            for code, label in rows
        ],
        "raw": {"value": "raw:", "is_on": "raw:" in shown.chosen},
        "has_wishes": bool(shown.chosen),
        "is_muted": shown.is_muted,
    }
    if anime_id is None:
        own = anime_ids_with_wishes(user)
        cards = anime_cards(user, list(own)) if own else {}
        language = title_language_of(request)
        context["own_wishes"] = [
            {"card": card_view(cards[key], language), "is_muted": is_muted}
            for key, is_muted in own.items()
            if key in cards
        ]
    return context


def wishes_posted(values: Iterable[str]) -> list[Wish]:
    """The wishes of a form's boxes. Raises `ValidationFailed` for one that is none."""
    found = []
    for value in values:
        kind, _colon, language = value.partition(":")
        if kind not in (WishKind.SUB, WishKind.DUB, WishKind.RAW) or not _is_language(language):
            raise ValidationFailed({"wish": [_("Not variants of episodes.")]})
        found.append(Wish(kind, language))
    return found


def _is_language(text: str) -> bool:
    return len(text) <= 12 and text.isascii() and text.replace("-", "").isalnum() if text else True
