"""What the feed puts on the pages of others: the latest activity on a profile, a friend's row on the front page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from core.errors import NotFound
from core.site.slots import slot_fill
from lists.facade import list_preferences_of
from social.pages.feed_rows import rows_of
from social.selectors.feed import feed_of

PROFILE_ROWS = 5


@slot_fill("profile.main")
def profile_part(request: HttpRequest, values: dict[str, Any]) -> str:
    """The latest of what a person did, where they show it to the viewer."""
    if not values.get("shows_activity"):
        return ""
    try:
        page = feed_of(request.user, values["username"], limit=PROFILE_ROWS)
    except NotFound:
        return ""
    rows = rows_of(request, page.rows)
    if not rows:
        return ""
    context = {
        "rows": rows,
        "score_format": list_preferences_of(request.user).score_format,
        "href": reverse("user-activity", args=[values["username"]]) if page.next_cursor else "",
    }
    return render_to_string("social/feed/profile_part.html", context, request=request)
