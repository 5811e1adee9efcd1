"""What notifications put on the pages of others: the bell with its number, their part of the settings, an anime's wishes."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.facade import User
from core.site.slots import slot_fill
from social.pages.notification_pieces import wishes_context
from social.selectors.digests import digest_frequency
from social.services.notifications import unread_count


@slot_fill("header.tools")
def bell(request: HttpRequest, values: dict[str, Any]) -> str:
    """The bell, for those signed in; one query."""
    if not isinstance(request.user, User):
        return ""
    return render_to_string(
        "social/notifications/bell.html", {"unread": unread_count(request.user.pk)}, request=request
    )


@slot_fill("settings.notifications")
def settings_part(request: HttpRequest, values: dict[str, Any]) -> str:
    """How often the digest comes, and which new episodes somebody wants to hear of; four queries."""
    if not isinstance(request.user, User):
        return ""
    context = {**wishes_context(request), "frequency": digest_frequency(request.user)}
    return render_to_string("social/notifications/settings.html", context, request=request)


@slot_fill("anime.actions")
def anime_wishes(request: HttpRequest, values: dict[str, Any]) -> str:
    """The way to an anime's own wishes, loaded when it is opened; no query."""
    if not request.user.is_authenticated:
        return ""
    return render_to_string("social/notifications/anime_menu.html", {"anime_id": values["anime_id"]}, request=request)
