"""Continue watching for anonymous people: the browser sends what it keeps, the server draws the row."""

import re

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.models import Anime
from catalog.selectors.anime import cards_of

MOST = 12
_ITEM = re.compile(r"(\d{1,18})\.(\d{1,6})\.(\d{1,7})\.(\d{1,7})", re.ASCII)


@require_safe
def resume_row(request: HttpRequest) -> HttpResponse:
    """`?at=<anime>.<episode>.<position s>.<length s>,…`: the row, or 204 when nothing of it may be shown. Two queries."""
    asked = [match for part in request.GET.get("at", "").split(",")[:MOST] if (match := _ITEM.fullmatch(part))]
    ids = [int(match[1]) for match in asked]
    shown = set(Anime.objects.public().filter(pk__in=ids).values_list("pk", flat=True))
    cards = cards_of([anime_id for anime_id in ids if anime_id in shown])
    items = [_item(match, cards[int(match[1])]) for match in asked if int(match[1]) in cards]
    if not items:
        return HttpResponse(status=204)
    return render(request, "catalog/partials/continue_row.html", {"items": items})


def _item(match: re.Match[str], card: bytes) -> dict[str, object]:
    anime_id, number, position, duration = (int(part) for part in match.groups())
    return {
        "card": orjson.loads(card),
        "anime_id": anime_id,
        "episode_number": number,
        "percent": min(100, round(100 * position / duration)) if duration else 0,
        "minutes_left": max(1, round((duration - position) / 60)) if duration else 0,
    }
