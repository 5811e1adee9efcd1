"""What lists puts on the pages of the catalogue."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.safestring import mark_safe

from accounts.facade import User
from core.site.slots import slot_fill
from core.site.watched_anime import watched_anime_source
from lists.pages.list_menu import list_menu_html
from lists.selectors.entries import followed_ids
from lists.selectors.progress import continue_watching, places_of_anime


@slot_fill("home.continue")
def continue_row(request: HttpRequest, values: dict[str, Any]) -> str:
    """Continue watching; for anonymous people an empty row that the browser fills from its own storage."""
    items = continue_watching(request.user) if request.user.is_authenticated else []
    if request.user.is_authenticated and not items:
        return ""
    return render_to_string("lists/continue_row.html", {"items": items, **values}, request=request)


@slot_fill("anime.actions")
def list_menu(request: HttpRequest, values: dict[str, Any]) -> str:
    """The list menu of an anime's page, for those signed in, and the dialog that its "all fields" opens."""
    if not request.user.is_authenticated:
        return ""
    dialog = render_to_string("lists/partials/entry_dialog.html", request=request)
    return mark_safe(list_menu_html(request, anime_id=values["anime_id"]) + dialog)  # noqa: S308 — two templates of ours


@slot_fill("anime.progress")
def progress_marks(request: HttpRequest, values: dict[str, Any]) -> str:
    """How far somebody is in each episode of the anime, as JSON for static/js/anime.js (ticks and "Resume")."""
    if not request.user.is_authenticated:
        return ""
    places = places_of_anime(request.user, values["anime_id"])
    rows = [
        {
            "episode_num": row.episode_number,
            "timecode": row.position,
            "duration": row.duration,
            "updated_at": row.updated_at.isoformat(),
        }
        for row in places.rows
    ]
    known = {
        "rows": rows,
        "counted": places.counted,
        "seen": places.seen,
        "is_rewatch": places.is_rewatch,
        "next": places.next_number,
    }
    return json_script(known, "anime-progress")


@slot_fill("watch.actions")
def counted_toast(request: HttpRequest, values: dict[str, Any]) -> str:
    """The words with which the player says that an episode counts now; for those signed in."""
    if not request.user.is_authenticated:
        return ""
    return render_to_string("lists/partials/counted_toast.html", request=request)


@watched_anime_source
def followed(user: User) -> set[int]:
    """What "only my list" means on the schedule: everything on the list that is neither completed nor dropped."""
    return followed_ids(user)
