"""What lists puts on a person's profile: the list in brief, as far as its owner shows it to the viewer."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from catalog.facade import card_view
from core.errors import NotFound
from core.site.preferences import title_language_of
from core.site.slots import slot_fill
from lists.access import SeenList, get_list
from lists.models import EntryStatus
from lists.scores import score_highest, score_shown
from lists.selectors.statistics_profile import ProfileSummary, ProfileTitle, profile_summary


@slot_fill("profile.main")
def profile_list(request: HttpRequest, values: dict[str, Any]) -> str:
    """Statuses, what is being watched, favourites and the latest finished; "" when not to be seen."""
    found, summary = _seen(request, values["username"])
    if found is None or summary is None or not summary.total:
        return ""
    language, score_format = title_language_of(request), found.preferences.score_format

    def cards(titles: list[ProfileTitle]) -> list[dict[str, Any]]:
        return [
            {"item": card_view(title.card, language), "title": title, "score": score_shown(title.score, score_format)}
            for title in titles
        ]

    context = {
        "person": found.owner,
        "summary": summary,
        "statuses": [
            (status, label, summary.counts[status])
            for status, label in EntryStatus.choices
            if summary.counts.get(status)
        ],
        "watching": cards(summary.watching),
        "favourites": cards(summary.favourites),
        "finished": cards(summary.finished),
        "shows_activity": found.seen.shows_activity,
    }
    return render_to_string("lists/profile_main.html", context, request=request)


@slot_fill("profile.side")
def profile_numbers(request: HttpRequest, values: dict[str, Any]) -> str:
    """Anime, days watched, mean score; "" when not to be seen."""
    found, summary = _seen(request, values["username"])
    if found is None or summary is None or not summary.total:
        return ""
    score_format = found.preferences.score_format
    context = {
        "person": found.owner,
        "total": summary.total,
        "days": round(summary.minutes / 1440, 1),
        "mean": score_shown(None if summary.mean_score is None else round(summary.mean_score), score_format),
        "highest": score_highest(score_format),
        "has_year": found.seen.shows_activity,
    }
    return render_to_string("lists/profile_side.html", context, request=request)


def _seen(request: HttpRequest, username: str) -> tuple[SeenList | None, ProfileSummary | None]:
    """The list and its summary, (None, None) where it is not shown; read once for both slots of the page."""
    kept: dict[str, tuple[SeenList | None, ProfileSummary | None]] = request.__dict__.setdefault("_profile_lists", {})
    if username not in kept:
        try:
            found = get_list(request.user, username)
            kept[username] = found, profile_summary(request.user, found)
        except NotFound:
            kept[username] = None, None
    return kept[username]
