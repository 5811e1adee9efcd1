"""Comments: written, edited, deleted and brought back."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import NotFound, ValidationFailed
from core.events import emit
from social.access import Target, check_writes, get_comment, is_editable, may_delete, moderates
from social.errors import CommentDeleted, EditWindowOver, ReplyTooDeep
from social.events import CommentPublished
from social.models import Comment, CommentMention, CommentRevision, Thread
from social.models.comments import BODY_LENGTH
from social.selectors.relations import are_hidden
from social.services.comment_notices import Written, comment_retell, comment_tell, comment_untell, mentions_tell
from social.services.comment_places import place_reappear, place_vanish
from social.services.nonces import nonce_check
from social.services.texts import MadeText, text_check, text_make
from social.services.threads import thread_begin

DEPTH_MAX = 30
SPOILS_MAX = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDraft:
    """What somebody wants to say. `spoils_episode`: None takes what the place says (an episode's thread: its number),
    0 gives nothing away.
    """

    body: str
    is_spoiler: bool = False
    spoils_episode: int | None = None


def comment_publish(
    *,
    actor: User,
    target: Target,
    draft: CommentDraft,
    parent_id: uuid.UUID | None = None,
    nonce: str = "",
    as_staff: bool = True,
) -> Comment:
    """Write under `target` (from `access`: the actor sees it), in answer to `parent_id`, a comment of the same thread.

    With a `nonce` a retry answers what the first try made, whatever it says now. `as_staff` False leaves out what the
    actor's role allows beyond others: keys never carry it. Raises `ValidationFailed`, `Muted`,
    `ThreadLocked`; of the parent `NotFound` (none there, or a block between the two), `CommentDeleted`, `ReplyTooDeep`.
    """
    nonce_check(nonce)
    _draft_check(draft, target)
    if (known := _of_nonce(actor, nonce)) is not None:
        return known
    made = text_make(body=draft.body, author=actor, watch_path=target.watch_path)
    try:
        with transaction.atomic():
            thread = thread_begin(target=target)
            check_writes(actor, target, thread, as_staff=as_staff)
            return _publish(actor, target, thread, draft, made, parent_id, nonce)
    except IntegrityError:
        known = _of_nonce(actor, nonce)  # the same request came twice at once
        if known is None:
            raise
        return known


def comment_edit(*, actor: User, comment_id: uuid.UUID, draft: CommentDraft, as_staff: bool = True) -> Comment:
    """Change one's own comment within `COMMENT_EDIT_MINUTES`; what it said is kept, who is newly named is told.

    Raises `NotFound`, `CommentDeleted`, `EditWindowOver`, `Muted`, `ThreadLocked`, `ValidationFailed`.
    """
    with transaction.atomic():
        comment, target = get_comment(actor, comment_id, is_own=True, lock=True)
        check_writes(actor, target, comment.thread, as_staff=as_staff)
        if not is_editable(comment):
            raise EditWindowOver()
        _draft_check(draft, target)
        if draft.body != comment.body:
            CommentRevision.objects.create(comment=comment, body=comment.body, editor=actor)
        made = text_make(body=draft.body, author=actor, watch_path=target.watch_path)
        comment.body, comment.html, comment.html_version = draft.body, made.html, made.html_version
        comment.is_spoiler, comment.spoils_episode = draft.is_spoiler, _spoils(draft, target)
        comment.edited_at = timezone.now()
        names = ("body", "html", "html_version", "is_spoiler", "spoils_episode", "edited_at")
        comment.save(update_fields=names)
        unnamed = _mentions_drop(comment, made)
        new = _mentions_keep(comment, made)
        written = Written(comment, actor, target, made.excerpt)
        comment_retell(written, unnamed=unnamed)
        mentions_tell(written, new)
    return comment


def comment_delete(*, actor: User, comment_id: uuid.UUID, as_staff: bool = True) -> None:
    """Take a comment away: its author, whose post or collection it stands under, and who moderates (`as_staff`).

    What was answered keeps its place. Muted people and people who may no longer see the place still take back what they wrote.
    Raises `NotFound` for everybody else, `CommentDeleted`.
    """
    with transaction.atomic():
        comment = _locked(comment_id)
        if not may_delete(actor, comment, as_staff=as_staff):
            raise NotFound()
        if comment.deleted_at is not None:
            raise CommentDeleted()
        comment_take(comment, by=actor)


def comment_restore(*, actor: User, comment_id: uuid.UUID) -> None:
    """Show again what somebody other than its author took away. Only who moderates; raises `NotFound` otherwise."""
    with transaction.atomic():
        comment = _locked(comment_id)
        is_theirs = comment.author_id is None or comment.deleted_by_id == comment.author_id
        if not moderates(actor) or comment.deleted_at is None or is_theirs:
            raise NotFound()
        comment.deleted_at = comment.deleted_by = None
        comment.save(update_fields=["deleted_at", "deleted_by"])
        if not comment.reply_count:
            place_reappear(comment)
        Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") + 1)


def comment_take(comment: Comment, *, by: User | None) -> None:
    """Mark a locked comment that is not deleted as deleted, with all that is counted."""
    comment.deleted_at, comment.deleted_by = timezone.now(), by
    comment.save(update_fields=["deleted_at", "deleted_by"])
    if not comment.reply_count:
        place_vanish(comment)
    comment_untell(comment)  # after the comments above it were locked, as in `_publish`
    Thread.objects.filter(pk=comment.thread_id, comment_count__gt=0).update(comment_count=F("comment_count") - 1)


def _publish(
    actor: User,
    target: Target,
    thread: Thread,
    draft: CommentDraft,
    made: MadeText,
    parent_id: uuid.UUID | None,
    nonce: str,
) -> Comment:
    """Rows are locked from the comment answered over notifications to the thread, whose counter is the last thing written:
    many who write in one thread wait for each other only as long as a commit takes.
    """
    parent = _parent_take(actor, thread, parent_id) if parent_id else None
    now = timezone.now()
    comment = Comment.objects.create(
        thread=thread,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        author=actor,
        body=draft.body,
        html=made.html,
        html_version=made.html_version,
        anime_id=target.anime_id,
        spoils_episode=_spoils(draft, target),
        is_spoiler=draft.is_spoiler,
        created_at=now,
        nonce=nonce,
    )
    mentioned = _mentions_keep(comment, made, is_new=True)
    comment_tell(Written(comment, actor, target, made.excerpt), parent=parent, mentioned=mentioned)
    emit(
        CommentPublished(
            comment.pk,
            actor.pk,
            thread.pk,
            parent.author_id if parent else None,
            tuple(user.pk for user in mentioned),
        )
    )
    here = Thread.objects.filter(Q(anime=None) | Q(anime__merged_into=None), pk=thread.pk, **target.keys())
    counted = here.update(comment_count=F("comment_count") + 1, last_comment_at=now)
    if not counted:
        raise NotFound()  # what it hangs on went meanwhile, to another anime (`merging_comments`, `splitting`) or for good
    return comment


def _of_nonce(actor: User, nonce: str) -> Comment | None:
    return Comment.objects.filter(author=actor, nonce=nonce).select_related("thread").first() if nonce else None


def _parent_take(actor: User, thread: Thread, parent_id: uuid.UUID) -> Comment:
    """The comment that is answered, with one reply more, locked by that."""
    parent = Comment.objects.filter(pk=parent_id, thread=thread).select_related("author").first()
    if parent is None:
        raise NotFound()
    if parent.author_id and parent.author_id != actor.pk and are_hidden(actor.pk, parent.author_id):
        raise NotFound()
    if parent.depth + 1 > DEPTH_MAX:
        raise ReplyTooDeep()
    counted = Comment.objects.filter(pk=parent_id, deleted_at=None).update(reply_count=F("reply_count") + 1)
    if not counted:
        raise CommentDeleted()
    return parent


def _mentions_keep(comment: Comment, made: MadeText, *, is_new: bool = False) -> list[User]:
    """Remember whom the text names; those who were not named in it before (of a comment that `is_new`: all)."""
    if not made.mentioned:
        return []
    rows = CommentMention.objects.filter(comment=comment).values_list("user_id", flat=True)
    known = set() if is_new else set(rows)
    new = [user for user in made.mentioned if user.pk not in known]
    CommentMention.objects.bulk_create(
        [CommentMention(comment=comment, user=user) for user in new], ignore_conflicts=True
    )
    return new


def _mentions_drop(comment: Comment, made: MadeText) -> list[uuid.UUID]:
    """Forget whom the text names no more; who that was."""
    gone = CommentMention.objects.filter(comment=comment).exclude(user__in=[user.pk for user in made.mentioned])
    ids = list(gone.values_list("user_id", flat=True))
    if ids:
        gone.delete()
    return ids


def _locked(comment_id: uuid.UUID) -> Comment:
    rows = Comment.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("thread__post", "thread__collection").filter(pk=comment_id).first()
    if found is None:
        raise NotFound()
    return found


def _draft_check(draft: CommentDraft, target: Target) -> None:
    text_check(body=draft.body, limit=BODY_LENGTH)
    number = draft.spoils_episode
    if number is None:
        return
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= SPOILS_MAX:
        raise ValidationFailed(
            {"spoils_episode": [_("A whole number from 0 to %(highest)s.") % {"highest": SPOILS_MAX}]}
        )
    if target.anime_id is None and number:
        raise ValidationFailed({"spoils_episode": [_("Nothing here has episodes.")]})


def _spoils(draft: CommentDraft, target: Target) -> int | None:
    if target.anime_id is None:
        return None
    return target.episode_number if draft.spoils_episode is None else draft.spoils_episode


__all__ = [
    "DEPTH_MAX",
    "CommentDraft",
    "comment_delete",
    "comment_edit",
    "comment_publish",
    "comment_restore",
    "comment_take",
]
