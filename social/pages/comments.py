"""The pages of one comment: its place, answering, editing, deleting, voting, what it said before, its replies."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, NotFound
from core.site.posted import posted_from
from core.throttles import throttle_check, throttle_key
from social.access import Target, get_anime_target, get_comment
from social.limits import COMMENT_EDITS, PREVIEWS, VOTES
from social.models import ThreadKind
from social.models.posts import BODY_LENGTH
from social.pages.comment_answers import back_to, draft_done, draft_read, is_fetch, words_of, write_count, writes
from social.pages.thread_views import (
    ComposerView,
    address,
    comment_view,
    comment_views,
    composer_of,
    page_more,
    sort_of,
    thread_path,
)
from social.pages.threads import (
    bare,
    comment_added,
    comment_piece,
    comment_place,
    level_of,
    place_words,
    refused,
    writer,
)
from social.selectors.comment_history import comment_history
from social.selectors.comment_trees import comment_trail, replies_page
from social.services.comment_votes import comment_vote_remove, comment_vote_set
from social.services.comments import CommentDraft, comment_delete, comment_edit, comment_publish
from social.services.texts import text_check, text_preview

WRITE = "social/threads/write.html"
VOTE_VALUES = {"1": 1, "-1": -1, "0": 0}

write_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def comment(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Leads to the comment in its conversation; a script gets the comment alone."""
    if is_fetch(request):
        return comment_piece(request, comment_id)
    target, _ancestors, _node = comment_trail(request.user, comment_id)
    return redirect(comment_place(target, comment_id))


@require_safe
@never_cache
def comment_replies(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """The replies that follow `?cursor=`; `?part=more` is a piece for scripts, else a page of their own."""
    target, _ancestors, node = comment_trail(request.user, comment_id)
    sort, level = sort_of(request), level_of(request)
    page = replies_page(request.user, comment_id, sort=sort, cursor=request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "nodes": comment_views(page.nodes, target=target, sort=sort, level=level),
        "more": page_more(page, request.path, words=_("More replies"), level=level),
        "target": target,
    }
    if request.GET.get("part") == "more":
        return render(request, "social/threads/nodes.html", context)
    context |= {"parent": comment_view(bare(node), target=target, sort=sort), "place": place_words(target)}
    context |= {"whole": address(thread_path(target), comment=comment_id)}
    return render(request, "social/threads/replies.html", context)


@write_view
@never_cache
def comment_reply(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Answer a comment: a form below it, for a script the form alone."""
    return writes(request, reverse("comment-reply", args=[comment_id]), lambda: _reply(request, comment_id))


def _reply(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    _comment, target = get_comment(request.user, comment_id)
    form = _composer(target, comment_id, "reply")
    if request.method != "POST":
        return _form(request, comment_id, form, _("Answer"))
    draft = draft_read(request)
    try:
        write_count(request)
        made = comment_publish(
            actor=writer(request),
            target=target,
            draft=draft,
            parent_id=comment_id,
            nonce=request.POST.get("nonce", ""),
        )
    except NotFound:
        raise
    except DomainError as error:
        form = _composer(target, comment_id, "reply", **_typed(draft), refused=words_of(error))
        return refused(request, error, lambda: _form_context(request, comment_id, form, _("Answer")), WRITE)
    return comment_added(request, made.pk)


@write_view
@never_cache
def comment_change(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Edit one's own comment as long as that is possible."""
    return writes(request, reverse("comment-edit", args=[comment_id]), lambda: _edit(request, comment_id))


def _edit(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    found, target = get_comment(request.user, comment_id, is_own=True)
    values = {"body": found.body, "is_spoiler": found.is_spoiler, "spoils_episode": found.spoils_episode}
    if request.method != "POST":
        return _form(request, comment_id, _composer(target, comment_id, "edit", **values), _("Edit"))
    draft = draft_read(request)
    try:
        throttle_check(COMMENT_EDITS, throttle_key(COMMENT_EDITS, request))
        comment_edit(actor=writer(request), comment_id=comment_id, draft=draft)
    except NotFound:
        raise
    except DomainError as error:
        form = _composer(target, comment_id, "edit", **_typed(draft), refused=words_of(error))
        return refused(request, error, lambda: _form_context(request, comment_id, form, _("Edit")), WRITE)
    if is_fetch(request):
        return comment_piece(request, comment_id)
    return draft_done(request, redirect("comment", comment_id))


@write_view
@never_cache
def comment_remove(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """Ask, then delete. A script gets what is left of it: a tombstone where replies hang on it, else nothing."""
    return writes(request, reverse("comment-delete", args=[comment_id]), lambda: _remove(request, comment_id))


def _remove(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    target, _ancestors, node = comment_trail(request.user, comment_id)
    if not node.can_delete:
        raise NotFound()
    if request.method != "POST":
        view = comment_view(bare(node), target=target, sort=sort_of(request))
        return render(request, "social/threads/delete.html", {"view": view, "target": target})
    comment_delete(actor=writer(request), comment_id=comment_id)
    if is_fetch(request):
        return comment_piece(request, comment_id) if node.comment.reply_count else HttpResponse(status=204)
    messages.success(request, _("The comment is deleted."))
    return redirect(f"{target.path}#comments")


@posted_from("comment", "comment_id")
def comment_vote(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """`value` 1, -1, or 0 to take it back; a script gets the numbers."""
    return writes(request, reverse("comment", args=[comment_id]), lambda: _vote(request, comment_id))


def _vote(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    value = VOTE_VALUES.get(request.POST.get("value", ""), 0)
    try:
        throttle_check(VOTES, throttle_key(VOTES, request))
        if value:
            found = comment_vote_set(actor=writer(request), comment_id=comment_id, value=value)
        else:
            found = comment_vote_remove(actor=writer(request), comment_id=comment_id)
    except NotFound:
        raise
    except DomainError as error:
        if is_fetch(request):
            raise
        messages.error(request, words_of(error))
        return back_to(request, reverse("comment", args=[comment_id]), f"comment-{comment_id}")
    if is_fetch(request):
        return JsonResponse({"score": found.score, "up": found.up_votes, "down": found.down_votes, "mine": value})
    return back_to(request, reverse("comment", args=[comment_id]), f"comment-{comment_id}")


@require_safe
@never_cache
def comment_earlier(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """What the comment said before it was edited, for everybody who may see it; a script gets the list alone."""
    target, _ancestors, node = comment_trail(request.user, comment_id)
    if node.is_gone:
        raise NotFound()
    view = comment_view(bare(node), target=target, sort=sort_of(request))
    context = {"view": view, "versions": comment_history(node.comment), "target": target}
    return render(request, f"social/threads/history{'_list' if is_fetch(request) else ''}.html", context)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What a text would look like (fields body, anime, episode), as a piece of HTML; for those signed in."""
    return writes(request, "/", lambda: _preview(request))


def _preview(request: HttpRequest) -> HttpResponse:
    throttle_check(PREVIEWS, throttle_key(PREVIEWS, request))
    body = text_check(body=request.POST.get("body", "").replace("\r\n", "\n"), limit=BODY_LENGTH, is_required=False)
    html = text_preview(body=body, viewer=request.user, watch_path=_watch_path(request))
    return HttpResponse(html)


def _watch_path(request: HttpRequest) -> str:
    """Where the times of a previewed text lead; "" when it stands beside no video."""
    anime, episode = request.POST.get("anime", ""), request.POST.get("episode", "")
    if not (anime.isdecimal() and episode.isdecimal() and len(anime) < 10 and len(episode) < 6):
        return ""
    return get_anime_target(request.user, int(anime), int(episode)).path


def _composer(target: Target, comment_id: uuid.UUID, kind: str, **values: Any) -> ComposerView:
    """The form to answer or edit this comment; an answer gives away the episode that the conversation is about."""
    names = {"reply": "comment-reply", "edit": "comment-edit"}
    values = {
        "action": reverse(names[kind], args=[comment_id]),
        "draft": f"{kind}:{comment_id}",
        "kind": kind,
        "cancel": reverse("comment", args=[comment_id]),
        "anime_id": target.anime_id,
        "episode_number": target.episode_number if target.kind == ThreadKind.EPISODE else None,
        **({} if kind == "edit" else {"spoils_episode": composer_of(target).spoils_episode}),
        **values,
    }
    return ComposerView(**values)


def _typed(draft: CommentDraft) -> dict[str, Any]:
    return {"body": draft.body, "is_spoiler": draft.is_spoiler, "spoils_episode": draft.spoils_episode}


def _form(request: HttpRequest, comment_id: uuid.UUID, form: ComposerView, title: str) -> HttpResponse:
    if is_fetch(request):
        return render(request, "social/threads/composer.html", {"composer": form})
    return render(request, WRITE, _form_context(request, comment_id, form, title))


def _form_context(request: HttpRequest, comment_id: uuid.UUID, form: ComposerView, title: str) -> dict[str, Any]:
    target, _ancestors, node = comment_trail(request.user, comment_id)
    view = comment_view(bare(node), target=target, sort=sort_of(request))
    return {"view": view, "composer": form, "title": title, "target": target, "place": place_words(target)}
