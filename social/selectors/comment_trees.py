"""Threads as somebody reads them: a page of comments with the first answers to each, the rest behind cursors."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.api.pagination import cursor_decode, cursor_encode
from core.errors import MalformedRequest, NotFound, ValidationFailed
from social.access import Target, get_comment, get_thread, moderates
from social.models import Comment, CommentVote, Thread
from social.querysets.comments import author_is_there
from social.selectors.comment_texts import texts_renew
from social.selectors.relations import hidden_ids
from social.selectors.shields import shield_for
from social.selectors.tree_ids import ancestors_query, replies_query
from social.services.comments import is_editable

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser

FIRST_REPLIES = (3, 2)
"""How many answers a page shows of each comment on it, and of each of these."""
PAGE_DEFAULT, REPLIES_DEFAULT, PAGE_MAX = 20, 10, 100


class CommentSort(StrEnum):
    """Best by what votes prove, newest first, oldest first, most divided first; answers are sorted as what they answer."""

    BEST = "best"
    NEW = "new"
    OLD = "old"
    CONTROVERSIAL = "controversial"


ORDERS: dict[CommentSort, tuple[str, ...]] = {
    CommentSort.BEST: ("-best", "-id"),
    CommentSort.NEW: ("-id",),
    CommentSort.OLD: ("id",),
    CommentSort.CONTROVERSIAL: ("-controversy", "-id"),
}


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
class ThreadPage:
    """One page of a level. `thread`: None where nobody has written yet; `count`: comments of the whole thread."""

    thread: Thread | None
    count: int
    nodes: list[CommentNode]
    next_cursor: str
    sort: CommentSort
    target: Target | None = None
    is_locked: bool = False


def sort_read(value: str) -> CommentSort:
    """The sort of this name, best for none; raises `ValidationFailed`."""
    try:
        return CommentSort(value or CommentSort.BEST)
    except ValueError:
        names = ", ".join(CommentSort)
        raise ValidationFailed({"sort": [_("One of: %(names)s.") % {"names": names}]}) from None


def thread_page(
    viewer: "Viewer",
    target: Target,
    *,
    sort: CommentSort = CommentSort.BEST,
    cursor: str = "",
    limit: int = PAGE_DEFAULT,
) -> ThreadPage:
    """Comments directly under `target`, each with its first answers and theirs; at most six queries however many there are.

    Raises `ValidationFailed` for a cursor that is none of this sort's. Whoever is hidden from the viewer is left out, or
    is a blank where answers hang on it.
    """
    thread = get_thread(target)
    if thread is None:
        _cursor_read(sort, cursor)
        return ThreadPage(None, 0, [], "", sort, target, target.is_locked)
    reader = _Reader(viewer, target, thread, sort)
    nodes, next_cursor = reader.level(Comment.objects.filter(thread=thread, parent=None), cursor, limit)
    return ThreadPage(thread, thread.comment_count, nodes, next_cursor, sort, target, reader.is_locked)


def replies_page(
    viewer: "Viewer",
    comment_id: uuid.UUID,
    *,
    sort: CommentSort = CommentSort.BEST,
    cursor: str = "",
    limit: int = REPLIES_DEFAULT,
) -> ThreadPage:
    """Answers to one comment, each with its own first answers. Raises `NotFound`, `ValidationFailed` as `thread_page`."""
    comment, target = get_comment(viewer, comment_id, is_live=False, is_blank_fine=True)
    reader = _Reader(viewer, target, comment.thread, sort)
    nodes, next_cursor = reader.level(Comment.objects.filter(parent=comment), cursor, limit)
    return ThreadPage(comment.thread, comment.thread.comment_count, nodes, next_cursor, sort, target, reader.is_locked)


def comment_trail(
    viewer: "Viewer", comment_id: uuid.UUID, *, sort: CommentSort = CommentSort.BEST
) -> tuple[Target, list[CommentNode], CommentNode]:
    """What a comment stands under, the comments above it from the top down, and itself with its first answers.

    Raises `NotFound`, also for one that shows nothing and holds no place.
    """
    comment, target = get_comment(viewer, comment_id, is_live=False, is_blank_fine=True)
    reader = _Reader(viewer, target, comment.thread, sort)
    return reader.trail(comment)


class _Reader:
    """Reads parts of one thread for one viewer."""

    def __init__(self, viewer: "Viewer", target: Target, thread: Thread, sort: CommentSort) -> None:
        self.viewer, self.target, self.thread, self.sort = viewer, target, thread, sort
        self.is_moderator = moderates(viewer)
        self.hidden = frozenset() if self.is_moderator else hidden_ids(viewer)
        self.is_locked = target.is_locked or thread.is_locked
        self.own_id = viewer.pk if viewer.is_authenticated else None

    def level(self, rows: "QuerySet[Comment]", cursor: str, limit: int) -> tuple[list[CommentNode], str]:
        """One page of siblings with their first answers, and the cursor of the next."""
        limit = max(1, min(limit, PAGE_MAX))
        after = _cursor_read(self.sort, cursor)
        wanted = self._seen(rows)
        if after is not None:
            wanted = wanted.filter(_after(self.sort, after))
        siblings = list(wanted.select_related("author__avatar").order_by(*ORDERS[self.sort])[: limit + 1])
        page = siblings[:limit]
        nodes = self._nodes(page, self._answers(page))
        return nodes, self._cursor(page[-1]) if len(siblings) > limit else ""

    def trail(self, comment: Comment) -> tuple[Target, list[CommentNode], CommentNode]:
        if not self._seen(Comment.objects.filter(pk=comment.pk)).exists():
            raise NotFound()
        above: list[Comment] = []
        if comment.parent_id:
            rows = Comment.objects.filter(pk__in=ancestors_query(comment.parent_id))
            above = list(rows.select_related("author__avatar").order_by("depth"))
        nodes = self._nodes([*above, comment], self._answers([comment]), bare=len(above))
        return self.target, nodes[:-1], nodes[-1]

    def _seen(self, rows: "QuerySet[Comment]") -> "QuerySet[Comment]":
        return rows.in_tree(self.viewer, self.hidden)  # type: ignore[attr-defined]  # its own queryset

    def _answers(self, page: Sequence[Comment]) -> list[Comment]:
        """The first answers to these and the first to those, one more of each than is shown; one query, none without any."""
        asked = [comment.pk for comment in page if comment.reply_count]
        if not asked:
            return []
        children = self._seen(Comment.objects.all()).order_by(*ORDERS[self.sort])
        ids = replies_query(asked, children, [most + 1 for most in FIRST_REPLIES])
        return list(Comment.objects.filter(pk__in=ids).select_related("author__avatar"))

    def _nodes(self, page: Sequence[Comment], answers: Sequence[Comment], *, bare: int = 0) -> list[CommentNode]:
        """The comments of `page` as trees; the first `bare` of them without answers."""
        children: dict[uuid.UUID, list[Comment]] = defaultdict(list)
        for comment in sorted(answers, key=self._place, reverse=self.sort != CommentSort.OLD):
            assert comment.parent_id is not None  # noqa: S101 — it is an answer
            children[comment.parent_id].append(comment)
        everybody = [*page, *answers]
        votes = self._votes(everybody)
        shield = shield_for(self.viewer, {one.anime_id for one in everybody if one.spoils_episode is not None})
        nodes = {}
        for comment in everybody:
            nodes[comment.pk] = node = self._node(comment, votes.get(comment.pk, 0))
            node.is_covered = not node.is_gone and shield.covers(
                anime_id=comment.anime_id,
                spoils_episode=comment.spoils_episode,
                is_spoiler=comment.is_spoiler,
                author_id=comment.author_id,
            )
        texts_renew([node.comment for node in nodes.values() if not node.is_gone], self.target)
        for index, comment in enumerate(page):
            if index >= bare:
                self._hang(nodes[comment.pk], children, nodes, FIRST_REPLIES)
        return [nodes[comment.pk] for comment in page]

    def _hang(
        self,
        node: CommentNode,
        children: dict[uuid.UUID, list[Comment]],
        nodes: dict[uuid.UUID, CommentNode],
        most: tuple[int, ...],
    ) -> None:
        """Put the answers that were read below `node`, and say what was not."""
        count = node.comment.reply_count
        if not most:
            node.hidden_reply_count = count
            node.replies_cursor = cursor_encode([self.sort]) if count else ""
            return
        found = children.get(node.comment.pk, [])
        shown = found[: most[0]]
        node.replies = [nodes[comment.pk] for comment in shown]
        if len(found) > most[0]:
            node.hidden_reply_count = max(1, count - len(shown))
            node.replies_cursor = self._cursor(shown[-1])
        for reply in node.replies:
            self._hang(reply, children, nodes, most[1:])

    def _node(self, comment: Comment, vote: int) -> CommentNode:
        if not self._shows(comment):
            comment.body = comment.html = ""
            comment.author = None
            return CommentNode(comment, None, is_gone=True)
        is_own = self.own_id is not None and comment.author_id == self.own_id
        may_write = not self.is_locked or self.is_moderator
        return CommentNode(
            comment,
            comment.author,
            my_vote=vote,
            can_edit=is_own and may_write and is_editable(comment),
            can_delete=self.own_id is not None and (is_own or self.is_moderator or self.own_id == self.target.owner_id),
        )

    def _shows(self, comment: Comment) -> bool:
        """As `CommentQuerySet.shown_to` has it."""
        author = comment.author
        if comment.deleted_at is not None:
            return False
        if author is None or author.pk == self.own_id or (self.viewer.is_authenticated and self.viewer.is_staff):
            return True
        return author_is_there(author) and author.pk not in self.hidden

    def _votes(self, comments: Iterable[Comment]) -> dict[uuid.UUID, int]:
        if self.own_id is None:
            return {}
        asked = [one.pk for one in comments if one.up_votes or one.down_votes]
        rows = CommentVote.objects.filter(user=self.own_id, comment__in=asked) if asked else CommentVote.objects.none()
        return dict(rows.values_list("comment_id", "value"))

    def _place(self, comment: Comment) -> tuple[Any, ...]:
        return tuple(getattr(comment, name.lstrip("-")) for name in ORDERS[self.sort])

    def _cursor(self, comment: Comment) -> str:
        return cursor_encode([self.sort, *self._place(comment)])


def _cursor_read(sort: CommentSort, cursor: str) -> list[Any] | None:
    """The place after which a page begins; None: at the start. Raises `ValidationFailed`."""
    if not cursor or cursor == cursor_encode([sort]):
        return None
    try:
        given, *place = cursor_decode(cursor, len(ORDERS[sort]) + 1)
        *ranks, last = place
        if given != sort.value or not all(type(rank) in (int, float) for rank in ranks):
            raise ValueError
        return [*map(float, ranks), uuid.UUID(last)]
    except (MalformedRequest, ValueError, AttributeError, TypeError):
        raise ValidationFailed({"cursor": [_("Not one that this server gave.")]}) from None


def _after(sort: CommentSort, place: list[Any]) -> Q:
    """Behind this place in the order; the first term lets an index begin there."""
    if sort == CommentSort.OLD:
        return Q(pk__gt=place[0])
    if sort == CommentSort.NEW:
        return Q(pk__lt=place[0])
    name = ORDERS[sort][0].lstrip("-")
    rank, last = place
    return Q(**{f"{name}__lte": rank}) & (Q(**{f"{name}__lt": rank}) | Q(pk__lt=last))


__all__ = [
    "FIRST_REPLIES",
    "PAGE_DEFAULT",
    "PAGE_MAX",
    "REPLIES_DEFAULT",
    "CommentNode",
    "CommentSort",
    "ThreadPage",
    "comment_trail",
    "replies_page",
    "sort_read",
    "thread_page",
]
