"""Posting: publish, edit, delete, restore, pin, lock."""

import logging
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.facade import User, muted_check
from core import events
from core.errors import NotFound, PermissionDenied
from core.markup import markdown_read
from social.access import get_post, moderates
from social.errors import ThreadLocked
from social.events import PostPublished
from social.models import Category, Post, PostImage, PostRevision
from social.services.nonces import nonce_check
from social.services.post_drafts import PostDraft, changes_applied, draft_checked
from social.services.post_images import images_attach, images_take
from social.services.post_notices import post_retell, post_tell, post_untell
from social.services.post_ranks import hotness
from social.services.post_texts import PostText, post_text_make

logger = logging.getLogger(__name__)

_WRITTEN = (
    "title",
    "body",
    "category",
    "anime",
    "spoils_episode",
    "is_spoiler",
    "html",
    "html_version",
    "excerpt",
    "search_words",
    "linked",
    "edited_at",
)


def post_publish(*, actor: User, draft: PostDraft, nonce: str = "", as_staff: bool = True) -> Post:
    """Post to the community and tell whom the text names. A `nonce` that the actor used before gives that post and makes none.

    `as_staff` False leaves out what the actor's role allows beyond others: keys never carry it. Emits `PostPublished`.
    Raises `Muted` and `CategoryClosed` (403), `ValidationFailed` (422), `NotFound` for the nonce of a post that was
    deleted since.
    """
    muted_check(actor)
    nonce_check(nonce)
    if nonce and (known := _of_nonce(actor, nonce)) is not None:
        return known
    draft, category = draft_checked(draft, actor=actor, as_staff=as_staff)
    try:
        with transaction.atomic():
            return _publish(actor, draft, category, nonce)
    except IntegrityError:
        known = _of_nonce(actor, nonce) if nonce else None  # the same request came twice at once
        if known is None:
            raise
        return known


def post_edit(
    *, actor: User, post_id: uuid.UUID, draft: PostDraft | None = None, as_staff: bool = True, **changes: Any
) -> Post:
    """Write one's own post anew: as `draft` says, or with some of its fields (those of `PostDraft`) changed.

    What it said before is kept as a revision; it is marked as edited from then on. Whom the text names for the first time is
    told. Raises `NotFound` for others', `Muted`, `ThreadLocked` (409) unless the actor moderates, `CategoryClosed`,
    `ValidationFailed`.
    """
    muted_check(actor)
    with transaction.atomic():
        post = get_post(actor, post_id, is_own=True, lock=True)
        if post.is_locked and not (as_staff and moderates(actor)):
            raise ThreadLocked()
        wanted = changes_applied(PostDraft.of(post), changes) if draft is None else draft
        wanted, category = draft_checked(wanted, actor=actor, as_staff=as_staff, kept=post)
        images = images_take(actor=actor, post=post, wanted=wanted.image_ids, named=_images_named(wanted.body))
        before = _state(post)
        old_title, old_body = post.title, post.body
        text = _write(post, wanted, category, actor, images)
        images_attach(post, images, covered=_images_covered(wanted.body))
        if (old_title, old_body) != (post.title, post.body):
            PostRevision.objects.create(post=post, title=old_title, body=old_body, editor=actor)
        if before != _state(post):
            post.edited_at = timezone.now()
        post.save(update_fields=_WRITTEN)
        post_retell(post, text, old_body=old_body)
    return post


def post_delete(*, actor: User, post_id: uuid.UUID, as_staff: bool = True) -> None:
    """Take a post out of the community, softly: its author may, and those who moderate (`as_staff`). Raises `NotFound` for others."""
    with transaction.atomic():
        post = get_post(actor, post_id, is_own=not (as_staff and moderates(actor)), lock=True)
        post.deleted_at, post.deleted_by = timezone.now(), actor
        post.save(update_fields=["deleted_at", "deleted_by"])
        post_untell(post)
    if post.author_id != actor.pk:
        logger.info("post %s deleted by %s", post.pk, actor.pk)


def post_restore(*, actor: User, post_id: uuid.UUID) -> Post:
    """Put a deleted post back; those who moderate may. Raises `PermissionDenied`, `NotFound` where none is deleted, or its
    author was erased and nothing of it is left.
    """
    _moderates_check(actor)
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).filter(pk=post_id, deleted_at__isnull=False).first()
        if post is None or not post.title:
            raise NotFound()
        post.deleted_at = post.deleted_by = None
        post.save(update_fields=["deleted_at", "deleted_by"])
    logger.info("post %s restored by %s", post.pk, actor.pk)
    return post


def post_pin(*, actor: User, post_id: uuid.UUID, is_pinned: bool = True) -> Post:
    """Keep a post at the top of the community, or let it go. Raises `PermissionDenied` unless the actor moderates, `NotFound`."""
    return _mark(actor, post_id, "is_pinned", is_pinned)


def post_lock(*, actor: User, post_id: uuid.UUID, is_locked: bool = True) -> Post:
    """Close a post's conversation, or open it; it is read on. Raises `PermissionDenied` unless the actor moderates, `NotFound`."""
    return _mark(actor, post_id, "is_locked", is_locked)


def _publish(actor: User, draft: PostDraft, category: Category, nonce: str) -> Post:
    images = images_take(actor=actor, post=None, wanted=draft.image_ids, named=_images_named(draft.body))
    now = timezone.now()
    post = Post(author=actor, created_at=now, nonce=nonce, hot=hotness(score=0, comments=0, created_at=now))
    text = _write(post, draft, category, actor, images)
    post.save(force_insert=True)
    if images:
        images_attach(post, images, covered=_images_covered(draft.body))
    events.emit(PostPublished(post_id=post.pk, author_id=actor.pk))
    post_tell(post, text, already=())
    return post


def _write(post: Post, draft: PostDraft, category: Category, author: User, images: list[PostImage]) -> PostText:
    """Put a checked draft into the row; the caller saves it."""
    by_id = {str(image.pk): image for image in images}
    text = post_text_make(title=draft.title, body=draft.body, author=author, images=by_id, host=draft.host)
    post.title, post.body, post.category = draft.title, draft.body, category
    post.anime_id, post.spoils_episode, post.is_spoiler = draft.anime_id, draft.spoils_episode, draft.is_spoiler
    post.html, post.html_version = text.html, text.html_version
    post.excerpt, post.search_words, post.linked = text.excerpt, text.search_words, [list(pair) for pair in text.linked]
    return text


def _mark(actor: User, post_id: uuid.UUID, name: str, value: bool) -> Post:
    _moderates_check(actor)
    with transaction.atomic():
        post = get_post(actor, post_id, lock=True)
        if getattr(post, name) != value:
            setattr(post, name, value)
            post.save(update_fields=[name])
            logger.info("post %s: %s %s by %s", post.pk, name, value, actor.pk)
    return post


def _moderates_check(actor: User) -> None:
    if not moderates(actor):
        raise PermissionDenied()


def _of_nonce(actor: User, nonce: str) -> Post | None:
    """The post of this nonce. Raises `NotFound` when it was deleted: a retry brings nothing back."""
    known = Post.objects.filter(author=actor, nonce=nonce).first()
    if known is not None and known.deleted_at is not None:
        raise NotFound()
    return known


def _images_named(body: str) -> tuple[str, ...]:
    return markdown_read(body).images if "image:" in body else ()


def _images_covered(body: str) -> frozenset[str]:
    return markdown_read(body).covered if "image:" in body and "||" in body else frozenset()


def _state(post: Post) -> tuple[Any, ...]:
    """What of a post an edit may change, its pictures too."""
    fields = (post.title, post.body, post.category_id, post.anime_id, post.spoils_episode, post.is_spoiler)
    return (*fields, post.html, tuple(post.images.values_list("pk", flat=True)))


__all__ = [
    "PostDraft",
    "post_delete",
    "post_edit",
    "post_lock",
    "post_pin",
    "post_publish",
    "post_restore",
]
