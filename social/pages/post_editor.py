"""Writing a post and writing it anew: one form, whose other buttons find anime, store pictures and show a preview."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User
from core.errors import DomainError, NotFound
from core.throttles import throttle_check, throttle_key
from social.access import get_post, may_post_in, moderates
from social.errors import ThreadLocked
from social.limits import POST_EDITS, POST_IMAGES, POSTS, PREVIEWS
from social.models import Category, Post, PostImage
from social.models.posts import BODY_LENGTH, IMAGES_LIMIT
from social.pages.comment_answers import draft_done
from social.pages.post_forms import PostForm, image_ids_sent
from social.pages.post_pieces import anime_choice, preview_html
from social.pages.post_views import mute_words, written_image
from social.selectors.post_images import images_for_writing, images_of_post
from social.selectors.posts import categories
from social.services.nonces import NONCE_LENGTH
from social.services.post_image_texts import images_describe
from social.services.post_images import IMAGE_MAX_BYTES, post_image_add
from social.services.posts import PostDraft, post_publish
from social.services.posts import post_edit as post_write_anew

OTHER_ACTS = ("preview", "find", "upload")
"""Buttons that only bring the form back."""


@dataclass(slots=True)
class Writing:
    """What is being written: the form, its pictures and what was wrong with those that were sent."""

    form: PostForm
    images: list[PostImage] = field(default_factory=list)
    image_errors: list[str] = field(default_factory=list)
    preview: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def post_new(request: HttpRequest) -> HttpResponse:
    """A new post; `?category=` and `?anime=` are chosen in advance. Sent twice with one `nonce` it is one post."""
    actor = cast(User, request.user)
    shelves = _categories(actor)
    if request.method != "POST":
        given = {"category": request.GET.get("category", ""), "anime": request.GET.get("anime", "")}
        return _page(request, Writing(PostForm(initial=given, categories=shelves)))
    nonce = request.POST.get("nonce", "")[:NONCE_LENGTH]

    def publish(draft: PostDraft) -> Post:
        throttle_check(POSTS, throttle_key(POSTS, request))
        return post_publish(actor=actor, draft=draft, nonce=nonce)

    return _posted(request, shelves, publish, said=_("Your post is there."))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def post_edit(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """One's own post in the same form; what it said before stays in its history."""
    actor = cast(User, request.user)
    post = get_post(actor, post_id, is_own=True)
    shelves = _categories(actor, post.category)
    if request.method != "POST":
        writing = Writing(PostForm.of(post, categories=shelves), images_of_post(post))
        return _page(request, writing, post)

    def write(draft: PostDraft) -> Post:
        throttle_check(POST_EDITS, throttle_key(POST_EDITS, request))
        return post_write_anew(actor=actor, post_id=post_id, draft=draft)

    return _posted(request, shelves, write, said=_("Saved."), post=post)


def _posted(
    request: HttpRequest,
    shelves: list[Category],
    write: Callable[[PostDraft], Post],
    *,
    said: str,
    post: Post | None = None,
) -> HttpResponse:
    """What was sent, written; or the form again, with everything typed and the words for what was refused."""
    actor, act = cast(User, request.user), request.POST.get("act", "")
    texts, errors = _images_sent(request)
    images = images_for_writing(actor, list(texts), post=post)
    for row in images:
        row.alt = texts[row.pk]
    if act in OTHER_ACTS:
        writing = Writing(PostForm(initial=_typed(request), categories=shelves), images, errors)
        if act == "preview":
            _preview_add(request, writing)
        return _page(request, writing, post)
    writing = Writing(PostForm(request.POST, categories=shelves), images, errors)
    status = 422
    if writing.form.is_valid() and not errors:
        try:
            with transaction.atomic():
                images_describe(actor=actor, texts={row.pk: texts[row.pk] for row in images})
                made = write(writing.form.draft([row.pk for row in images], host=request.get_host()))
        except NotFound:
            raise
        except DomainError as error:
            writing.form.refuse(error)
            status = error.status
        else:
            messages.success(request, said)
            return _taken(request, made)
    return _page(request, writing, post, status=status)


def _taken(request: HttpRequest, post: Post) -> HttpResponse:
    """To the post; its draft in the browser is of no use any more."""
    return draft_done(request, redirect("post", post.pk))


def _images_sent(request: HttpRequest) -> tuple[dict[uuid.UUID, str], list[str]]:
    """(pictures that the form names and has just sent, each with its description; words for those that were refused)."""
    dropped = set(image_ids_sent(request.POST.getlist("drop")))
    ids = [found for found in image_ids_sent(request.POST.getlist("image")) if found not in dropped]
    texts = {found: request.POST.get(f"alt-{found}", "") for found in ids}
    errors: list[str] = []
    for file in request.FILES.getlist("files")[: IMAGES_LIMIT + 1]:
        try:
            throttle_check(POST_IMAGES, throttle_key(POST_IMAGES, request))
            texts[post_image_add(actor=cast(User, request.user), file=file).pk] = ""
        except DomainError as error:
            errors.append(f"{file.name}: {error.detail or error.title}")
    return texts, errors


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, to be shown again without being judged."""
    names = ("title", "category", "body", "anime", "spoils_episode")
    return {name: request.POST.get(name, "") for name in names} | {"is_spoiler": "is_spoiler" in request.POST}


def _preview_add(request: HttpRequest, writing: Writing) -> None:
    try:
        throttle_check(PREVIEWS, throttle_key(PREVIEWS, request))
        body = request.POST.get("body", "").replace("\r\n", "\n")
        writing.preview = preview_html(request, body)
    except DomainError as error:
        found = error.extra.get("fields", {}).get("body") or [str(error.detail or error.title)]
        writing.image_errors += found


def _categories(actor: User, kept: Category | None = None) -> list[Category]:
    """Those in which they may post, and the one in which the post already is."""
    return [one for one in categories() if one == kept or may_post_in(actor, one)]


def _page(request: HttpRequest, writing: Writing, post: Post | None = None, *, status: int = 200) -> HttpResponse:
    form = writing.form
    source = request.POST if request.method == "POST" else request.GET
    is_closed = post is not None and post.is_locked and not moderates(request.user)
    context = {
        "form": form,
        "post": post,
        "images": [written_image(row) for row in writing.images],
        "image_errors": [*writing.image_errors, *(form.errors.get("images", []) if form.is_bound else [])],
        "images_limit": IMAGES_LIMIT,
        "image_bytes": IMAGE_MAX_BYTES,
        "preview": writing.preview,
        "choice": anime_choice(request, source.get("anime_q", ""), str(form["anime"].value() or "")),
        "anime_error": form.errors.get("anime", []) if form.is_bound else [],
        "nonce": request.POST.get("nonce", "")[:NONCE_LENGTH] or uuid.uuid4().hex,
        "limit": BODY_LENGTH,
        "is_typed": request.method == "POST",
        "refused": mute_words(request) or (str(ThreadLocked.title) if is_closed else ""),
    }
    return render(request, "social/posts/write.html", context, status=status)
