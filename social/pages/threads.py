"""The pages of conversations: under an anime, an episode, a post, a collection; a page each, and a piece of other pages."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User
from core.errors import DomainError, NotFound
from social import access
from social.access import Target
from social.models import ThreadKind
from social.pages.comment_answers import draft_done, draft_read, is_fetch, words_of, write_count, writes
from social.pages.thread_views import (
    LEVELS,
    CommentView,
    Link,
    ThreadView,
    address,
    closed_words,
    comment_view,
    comment_views,
    composer_of,
    is_locked,
    page_more,
    sign_in_path,
    sort_links,
    sort_of,
    thread_path,
)
from social.selectors.comment_trees import CommentNode, comment_trail, thread_page
from social.selectors.thread_counts import comment_count_for
from social.services.comments import comment_publish

ANCESTORS = 3
"""How many of a comment's ancestors its own page repeats; the others are behind a link."""
PAGE = "social/threads/page.html"

page_view = require_http_methods(["GET", "HEAD", "POST"])


@page_view
@never_cache
def thread_anime(request: HttpRequest, anime_id: int) -> HttpResponse:
    """What is said about an anime as a whole."""
    return _thread(request, access.get_anime_target(request.user, anime_id))


@page_view
@never_cache
def thread_episode(request: HttpRequest, anime_id: int, number: int) -> HttpResponse:
    """What is said about one episode."""
    return _thread(request, access.get_anime_target(request.user, anime_id, number))


@page_view
@never_cache
def thread_post(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """What is said under a post."""
    return _thread(request, access.get_post_target(request.user, post_id))


@page_view
@never_cache
def thread_collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """What is said under a collection."""
    return _thread(request, access.get_collection_target(request.user, collection_id))


def _thread(request: HttpRequest, target: Target) -> HttpResponse:
    """GET: `?sort=`, `?cursor=`, `?comment=` (the conversation around one); `?part=` thread, list or more is a piece for scripts.
    POST: a new comment.
    """
    if request.method == "POST":
        return writes(request, thread_path(target), lambda: _publish(request, target))
    part = request.GET.get("part", "")
    if part in PARTS:
        return render(request, PARTS[part], {"thread": thread_view(request, target), "is_part": True})
    return render(request, PAGE, page_context(request, target))


PARTS = {
    "thread": "social/threads/thread.html",
    "list": "social/threads/list.html",
    "more": "social/threads/more.html",
}


def _publish(request: HttpRequest, target: Target) -> HttpResponse:
    """A comment at the top; what is refused comes back in the form, with the words."""
    draft = draft_read(request)
    try:
        write_count(request)
        comment = comment_publish(
            actor=writer(request), target=target, draft=draft, nonce=request.POST.get("nonce", "")
        )
    except NotFound:
        raise
    except DomainError as error:
        composer = composer_of(
            target,
            body=draft.body,
            is_spoiler=draft.is_spoiler,
            spoils_episode=draft.spoils_episode,
            refused=words_of(error),
        )
        return refused(request, error, lambda: page_context(request, target, composer=composer))
    return comment_added(request, comment.pk)


def comment_added(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """The comment was taken: a script gets it to put in its place, a plain form is led to it and its draft forgotten."""
    if is_fetch(request):
        return comment_piece(request, comment_id, status=201)
    return draft_done(request, redirect("comment", comment_id))


def comment_piece(request: HttpRequest, comment_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    """One comment without what hangs on it, for a script. `level` (of the parameters) is how far it stands in."""
    target, _ancestors, node = comment_trail(request.user, comment_id)
    view = comment_view(bare(node), target=target, sort=sort_of(request), level=level_of(request))
    context = {"view": view, "thread_target": target, "thread_path": thread_path(target)}
    return render(request, "social/threads/piece.html", context, status=status)


def bare(node: CommentNode) -> CommentNode:
    """The node as if nobody had answered."""
    return replace(node, replies=[], hidden_reply_count=0, replies_cursor="")


def level_of(request: HttpRequest) -> int:
    """How far a piece stands in, 0 to `LEVELS`."""
    text = request.GET.get("level") or request.POST.get("level") or ""
    return min(int(text), LEVELS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def writer(request: HttpRequest) -> User:
    """Who writes; `writes` let nobody else through."""
    return cast(User, request.user)


def refused(
    request: HttpRequest, error: DomainError, context: Callable[[], dict[str, Any]], template: str = PAGE
) -> HttpResponse:
    """A script gets the problem document, a person the page again with what they typed."""
    if is_fetch(request):
        raise error
    return render(request, template, context(), status=error.status)


def page_context(request: HttpRequest, target: Target, **values: Any) -> dict[str, Any]:
    """What the page of a conversation shows."""
    return {"thread": thread_view(request, target, **values), "target": target, "place": place_words(target)}


def thread_view(request: HttpRequest, target: Target, **values: Any) -> ThreadView:
    """A page of a target's conversation as the address asks for it; at most the queries of `thread_page` or `comment_trail`."""
    sort, path = sort_of(request), thread_path(target)
    wanted = _uuid(request.GET.get("comment", ""))
    nodes: list[CommentView]
    if wanted is not None and (focused := _focused(request, target, wanted)) is not None:
        nodes, above, count, thread = focused
        more = first = None
    else:
        page = thread_page(request.user, target, sort=sort, cursor=request.GET.get("cursor", ""))
        nodes = comment_views(page.nodes, target=target, sort=sort)
        more, above, count, thread, wanted = page_more(page, path), None, page.count, page.thread, None
        begins = address(path, sort=sort)
        first = Link(_("From the beginning"), begins, address(path, sort=sort, part="list"))
        first = first if request.GET.get("cursor") and request.GET.get("part") != "more" else None
    closed = closed_words(request, target, thread)
    may_write = request.user.is_authenticated and not closed
    return ThreadView(
        target=target,
        path=path,
        count=count,
        nodes=nodes,
        sort=sort,
        sorts=sort_links(path, sort),
        more=more,
        first=first,
        focus=wanted,
        above=above,
        closed=closed,
        sign_in="" if request.user.is_authenticated else sign_in_path(f"{target.path}#comments"),
        composer=(values.get("composer") or composer_of(target)) if may_write or values.get("composer") else None,
        is_locked=is_locked(target, thread),
    )


def _focused(request: HttpRequest, target: Target, comment_id: uuid.UUID) -> Any:
    """The conversation around one comment: its nearest ancestors, itself, its replies; None when it is not of this target."""
    try:
        found, ancestors, node = comment_trail(request.user, comment_id, sort=sort_of(request))
    except DomainError:
        return None
    if thread_path(found) != thread_path(target):
        return None
    kept = ancestors[-ANCESTORS:]
    top = branch_of(kept, node)
    nodes = comment_views([top], target=target, sort=sort_of(request), focus=comment_id)
    above = None
    if len(ancestors) > len(kept):
        parent, path = ancestors[-ANCESTORS - 1].comment.pk, thread_path(target)
        above = Link(
            _("Further up in this conversation"),
            address(path, comment=parent),
            address(path, comment=parent, part="list"),
        )
    thread = node.comment.thread
    return nodes, above, comment_count_for(request.user, thread), thread


def branch_of(ancestors: list[CommentNode], node: CommentNode) -> CommentNode:
    """The ancestors hung under each other with `node` at the end; their other replies are left to the whole conversation."""
    for ancestor in reversed(ancestors):
        node = replace(ancestor, replies=[node], hidden_reply_count=0, replies_cursor="")
    return node


def thread_html(request: HttpRequest, target: Target, *, title: str = "") -> str:
    """A whole conversation with its composer, styles and scripts, for a page of something else."""
    context = {"thread": thread_view(request, target), "title": title or _("Comments")}
    return render_to_string("social/threads/section.html", context, request=request)


def place_words(target: Target) -> str:
    """What a conversation is about, beside the title of its target."""
    match target.kind:
        case ThreadKind.EPISODE:
            return _("Episode %(number)s") % {"number": target.episode_number}
        case ThreadKind.POST:
            return _("Post")
        case ThreadKind.COLLECTION:
            return _("Collection")
    return _("Anime")


def comment_place(target: Target, comment_id: uuid.UUID) -> str:
    """Where a comment is read in its conversation: on its target's page; an episode's on the conversation's own, which
    begins no player and is there for episodes that the catalogue does not list yet.
    """
    page = thread_path(target) if target.kind == ThreadKind.EPISODE else target.path
    return f"{address(page, comment=comment_id)}#comment-{comment_id}"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
