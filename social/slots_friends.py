"""What friends and follows put on a person's profile: buttons, friends with their pictures, friends in common."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.errors import NotFound
from core.site.slots import slot_fill
from social.pages.people_pieces import Named, piece_html
from social.selectors.friends import friends_page, mutual_page, owner_get, shown_counts

FACES = 10
MUTUAL_FACES = 4


@slot_fill("profile.actions")
def profile_buttons(request: HttpRequest, values: dict[str, Any]) -> str:
    """Befriend, accept, follow, and a menu with block and report."""
    person = Named(values["person_id"], values["username"], values["username"])
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="module" src="{}"></script>{}',
        static("css/people.css"),
        static("js/people.js"),
        SafeString(piece_html(request, person)),
    )


@slot_fill("profile.side")
def profile_friends(request: HttpRequest, values: dict[str, Any]) -> str:
    """Their latest friends, how many friends and followers they have, and who is a friend of the viewer too."""
    viewer = request.user
    try:
        seen = owner_get(viewer, values["person_id"])
    except NotFound:
        return ""
    counts = shown_counts(viewer, seen.user)
    if not (counts.friends or counts.followers or counts.following):
        return ""
    mutual = None
    if viewer.is_authenticated and not seen.is_self and counts.friends:
        mutual = mutual_page(viewer, seen.user, offset=0, size=MUTUAL_FACES)
    context = {
        "person": seen.user,
        "is_own": seen.is_self,
        "counts": counts,
        "friends": friends_page(viewer, seen.user, offset=0, size=FACES).rows if counts.friends else [],
        "mutual": mutual,
    }
    return render_to_string("social/friends/profile_part.html", context, request=request)
