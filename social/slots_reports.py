"""What reports and votes put on the pages of the catalogue."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.site.slots import slot_fill
from social.pages.anime_votes import votes_html


@slot_fill("anime.actions")
def anime_votes(request: HttpRequest, values: dict[str, Any]) -> str:
    """Thumbs up and down with their numbers, for everybody to read."""
    return SafeString(votes_html(request, anime_id=values["anime_id"]))


@slot_fill("watch.actions")
def report_problem(request: HttpRequest, values: dict[str, Any]) -> str:
    """ "Report a problem": the script adds what plays and where."""
    return render_to_string("social/reports/episode_button.html", values, request=request)


@slot_fill("collection.comments")
def report_collection(request: HttpRequest, values: dict[str, Any]) -> str:
    """ "Report", above what is said of it; not for its owner."""
    if request.user.is_authenticated and values["owner_id"] == request.user.pk:
        return ""
    context = {"target": "collection", "id": values["collection_id"]}
    return format_html("<p>{}</p>", render_to_string("social/partials/report_button.html", context, request=request))
