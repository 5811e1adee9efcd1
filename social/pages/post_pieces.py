"""What the composer asks for while somebody writes: a preview, anime by their titles, a place for a picture."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.facade import User, sees_adult, sees_hidden
from catalog.facade import CardView, anime_cards, card_view, titles_search
from core.errors import ValidationFailed
from core.site.posted import posted_from
from core.site.preferences import title_language_of
from core.throttles import throttle_check, throttle_key
from social.limits import POST_IMAGES, PREVIEWS
from social.pages.comment_answers import is_fetch
from social.pages.post_views import linked_views, written_image
from social.selectors.posts import linked_cards
from social.services.post_images import post_image_add
from social.services.post_texts import post_preview

FOUND = 12
QUERY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class AnimeChoice:
    """What a post may be about: the chosen one first, then what was found. `q` is what was looked for."""

    q: str
    chosen: CardView | None
    found: list[CardView]


@posted_from("post-new")
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """`body` as it would be read; a piece of HTML."""
    throttle_check(PREVIEWS, throttle_key(PREVIEWS, request))
    return HttpResponse(preview_html(request, request.POST.get("body", "").replace("\r\n", "\n")))


@posted_from("post-new")
@login_required
def image_add(request: HttpRequest) -> HttpResponse:
    """Store `file` until the post is written; its place in the composer comes back. Scripts send it, one at a time."""
    throttle_check(POST_IMAGES, throttle_key(POST_IMAGES, request))
    file = request.FILES.get("file")
    if file is None:
        raise ValidationFailed({"file": [_("Choose a picture.")]})
    stored = post_image_add(actor=cast(User, request.user), file=file)
    return render(request, "social/posts/partials/written_image.html", {"image": written_image(stored)})


@require_safe
@never_cache
@login_required
def anime_found(request: HttpRequest) -> HttpResponse:
    """Anime that `?q=` finds, with the chosen `?anime=`; scripts ask, whoever reads the address is led to the composer."""
    if not is_fetch(request):
        return redirect("post-new")
    choice = anime_choice(request, request.GET.get("q", ""), request.GET.get("anime", ""))
    return render(request, "social/posts/partials/anime_choice.html", {"choice": choice})


def preview_html(request: HttpRequest, body: str) -> SafeString:
    """What the text would become, with pictures of theirs and the cards of its links. Raises `ValidationFailed`."""
    actor = cast(User, request.user)
    made = post_preview(viewer=actor, body=body, host=request.get_host())
    cards = linked_views(linked_cards(actor, made.linked), title_language_of(request))
    shown = render_to_string("social/posts/partials/whole.html", {"cards": cards}, request=request) if cards else ""
    return SafeString(made.html + shown)  # core.markup and our own template made them


def anime_choice(request: HttpRequest, q: str, chosen: str) -> AnimeChoice:
    """What `q` finds among the anime that the viewer may see, and the chosen one as far as they may."""
    user, q = cast(User, request.user), q.replace("\x00", "").strip()[:QUERY_LENGTH]
    chosen_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0
    hits = titles_search(q, limit=FOUND, include_adult=sees_adult(user), include_hidden=sees_hidden(user)) if q else []
    ids = [hit.anime_id for hit in hits if hit.anime_id != chosen_id]
    cards = anime_cards(user, [chosen_id, *ids] if chosen_id else ids)
    if chosen_id in cards and cards[chosen_id]["is_adult"] and not sees_adult(user) and not sees_hidden(user):
        chosen_id = 0
    language = title_language_of(request)
    found = [card_view(cards[key], language) for key in ids if key in cards]
    return AnimeChoice(q, card_view(cards[chosen_id], language) if chosen_id in cards else None, found)
