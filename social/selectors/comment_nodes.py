"""A comment as one viewer finds it: its text or only its place, their vote, what they may do with it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from social.access import Target, is_editable, moderates
from social.models import Comment, CommentVote, Thread
from social.selectors.comment_texts import texts_renew
from social.selectors.relations import hidden_ids, hidden_in
from social.selectors.shields import shield_for
from social.selectors.thread_counts import hidden_comments

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser


@dataclass(slots=True)
class CommentNode:
    """A comment in its place. `is_gone`: it only holds that place (deleted, or not for the viewer): text and author are
    blank. `hidden_reply_count`: about how many answers are not in `replies`; `replies_cursor` leads to them, "" when there
    are none. `my_vote`: 1, -1 or 0.
    """

    comment: Comment
    author: "User | None"
    my_vote: int = 0
    is_covered: bool = False
    is_gone: bool = False
    can_edit: bool = False
    can_delete: bool = False
    replies: list["CommentNode"] = field(default_factory=list)
    hidden_reply_count: int = 0
    replies_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: what hides from them is asked once."""

    viewer: "Viewer"
    own_id: uuid.UUID | None
    is_moderator: bool
    hidden: frozenset[uuid.UUID]
    hidden_count: int = 0
    """How many comments of the thread that is read are of them."""

    @classmethod
    def of(cls, viewer: "Viewer", thread: Thread | None = None) -> "Eyes":
        """One query for those signed in who do not moderate."""
        own_id, is_moderator = viewer.pk if viewer.is_authenticated else None, moderates(viewer)
        if is_moderator:
            return cls(viewer, own_id, is_moderator, frozenset())
        if thread is None:
            return cls(viewer, own_id, is_moderator, hidden_ids(viewer))
        return cls(viewer, own_id, is_moderator, *hidden_in(viewer, hidden_comments(viewer, thread.pk)))

    def reads(self, comment: Comment) -> bool:
        """Whether its text is for them, as `CommentQuerySet.shown_to` has it. The author is loaded."""
        author = comment.author
        if comment.deleted_at is not None:
            return False
        if author is None or author.pk == self.own_id or (self.viewer.is_authenticated and self.viewer.is_staff):
            return True
        return author.is_public and author.pk not in self.hidden


Placed = tuple[Comment, Thread, Target]
"""A comment with its thread and what that hangs on."""


def nodes_made(eyes: Eyes, placed: Sequence[Placed]) -> list[CommentNode]:
    """These as nodes without answers, in their order; one query for votes, one for the shield where anything spoils."""
    comments = [comment for comment, _thread, _target in placed]
    votes = _votes(eyes, comments)
    shield = shield_for(eyes.viewer, {one.anime_id for one in comments if one.spoils_episode is not None})
    nodes = []
    for comment, thread, target in placed:
        node = _node(eyes, comment, thread, target)
        if not node.is_gone:
            node.my_vote = votes.get(comment.pk, 0)
            node.is_covered = shield.covers(
                anime_id=comment.anime_id,
                spoils_episode=comment.spoils_episode,
                is_spoiler=comment.is_spoiler,
                author_id=comment.author_id,
            )
        nodes.append(node)
    texts_renew(
        [(comment, target) for (comment, _, target), node in zip(placed, nodes, strict=True) if not node.is_gone]
    )
    return nodes


def _node(eyes: Eyes, comment: Comment, thread: Thread, target: Target) -> CommentNode:
    if not eyes.reads(comment):
        comment.body = comment.html = ""
        comment.author = None
        return CommentNode(comment, None, is_gone=True)
    is_own = eyes.own_id is not None and comment.author_id == eyes.own_id
    may_write = eyes.is_moderator or not (thread.is_locked or target.is_locked)
    return CommentNode(
        comment,
        comment.author,
        can_edit=is_own and may_write and is_editable(comment),
        can_delete=eyes.own_id is not None and (is_own or eyes.is_moderator or eyes.own_id == target.owner_id),
    )


def _votes(eyes: Eyes, comments: Iterable[Comment]) -> dict[uuid.UUID, int]:
    asked = [one.pk for one in comments if one.up_votes or one.down_votes] if eyes.own_id is not None else []
    if not asked:
        return {}
    rows = CommentVote.objects.filter(user=eyes.own_id, comment__in=asked)
    return dict(rows.values_list("comment_id", "value"))


__all__ = ["CommentNode", "Eyes", "Placed", "nodes_made"]
