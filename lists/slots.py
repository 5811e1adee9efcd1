"""What lists puts on the pages of the catalogue."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import json_script

from accounts.facade import User
from core.site.slots import slot_fill
from core.site.watched_anime import watched_anime_source
from lists.models import EntryStatus
from lists.selectors.entries import entry_of, followed_ids
from lists.selectors.progress import continue_watching, progress_of_anime


@slot_fill("home.continue")
def continue_row(request: HttpRequest, values: dict[str, Any]) -> str:
    """Continue watching; for anonymous people an empty row that the browser fills from its own storage."""
    items = continue_watching(request.user) if request.user.is_authenticated else []
    if request.user.is_authenticated and not items:
        return ""
    return render_to_string("lists/continue_row.html", {"items": items, **values}, request=request)


@slot_fill("anime.actions")
def list_menu(request: HttpRequest, values: dict[str, Any]) -> str:
    """The list menu of an anime's page: status and score, for those signed in."""
    if not request.user.is_authenticated:
        return ""
    return list_menu_html(request, anime_id=values["anime_id"])


def list_menu_html(request: HttpRequest, *, anime_id: int) -> str:
    """The menu with the entry as it stands; the page and htmx answers share it."""
    from catalog.facade import rating_of

    context = {
        "anime_id": anime_id,
        "entry": entry_of(request.user, anime_id),
        "score": rating_of(request.user, anime_id),
        "statuses": EntryStatus.choices,
    }
    return render_to_string("lists/list_menu.html", context, request=request)


@slot_fill("anime.progress")
def progress_marks(request: HttpRequest, values: dict[str, Any]) -> str:
    """How far somebody is in each episode of the anime, as JSON for static/js/anime.js (ticks and "Resume")."""
    if not request.user.is_authenticated:
        return ""
    rows = [
        {
            "episode_num": row.episode_number,
            "timecode": row.position,
            "duration": row.duration,
            "updated_at": row.updated_at.isoformat(),
        }
        for row in progress_of_anime(request.user, values["anime_id"])
    ]
    return json_script(rows, "anime-progress")


@watched_anime_source
def followed(user: User) -> set[int]:
    """What "only my list" means on the schedule: everything on the list that was not dropped."""
    return followed_ids(user)
