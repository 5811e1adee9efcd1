"""Threads as somebody reads them: a page of comments with the first answers to each, the rest behind cursors."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.api.pagination import cursor_decode, cursor_encode
from core.errors import MalformedRequest, NotFound, ValidationFailed
from social.access import Target, get_comment, get_thread
from social.models import Comment, Thread
from social.selectors.comment_nodes import CommentNode, Eyes, nodes_made
from social.selectors.tree_ids import ancestors_query, replies_query

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


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of a level. `thread`: None where nobody has written yet; `count`: comments of the whole thread
    without those of people whom a block hides, 0 where the viewer sees none of it.
    """

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
    return ThreadPage(
        thread, reader.count if nodes or cursor else 0, nodes, next_cursor, sort, target, reader.is_locked
    )


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
    return ThreadPage(comment.thread, reader.count, nodes, next_cursor, sort, target, reader.is_locked)


def comment_trail(
    viewer: "Viewer", comment_id: uuid.UUID, *, sort: CommentSort = CommentSort.BEST
) -> tuple[Target, list[CommentNode], CommentNode]:
    """What a comment stands under, the comments above it from the top down, and itself with its first answers.

    Raises `NotFound`, also for one that shows nothing and holds no place.
    """
    comment, target = get_comment(viewer, comment_id, is_live=False, is_blank_fine=True)
    reader = _Reader(viewer, target, comment.thread, sort)
    return reader.trail(comment)


def nodes_alone(viewer: "Viewer", comments: Sequence[tuple[Comment, Target]]) -> list[CommentNode]:
    """Comments (with their threads and authors) that the viewer may see, each without its answers."""
    nodes = nodes_made(Eyes.of(viewer), [(comment, comment.thread, target) for comment, target in comments])
    for node in nodes:
        _close(node, CommentSort.BEST)
    return nodes


class _Reader:
    """Reads parts of one thread for one viewer."""

    def __init__(self, viewer: "Viewer", target: Target, thread: Thread, sort: CommentSort) -> None:
        self.eyes, self.target, self.thread, self.sort = Eyes.of(viewer, thread), target, thread, sort
        self.is_locked = target.is_locked or thread.is_locked
        self.count = max(0, thread.comment_count - self.eyes.hidden_count)

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
        return nodes, _cursor(self.sort, page[-1]) if len(siblings) > limit else ""

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
        return rows.in_tree(self.eyes.viewer, self.eyes.hidden)  # type: ignore[attr-defined]  # its own queryset

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
        children: dict[uuid.UUID, list[CommentNode]] = defaultdict(list)
        sorted_answers = sorted(answers, key=lambda one: _place(self.sort, one), reverse=self.sort != CommentSort.OLD)
        made = nodes_made(self.eyes, [(one, self.thread, self.target) for one in (*page, *sorted_answers)])
        for node in made[len(page) :]:
            if node.comment.parent_id is not None:
                children[node.comment.parent_id].append(node)
        for node in made[bare : len(page)]:
            _hang(node, children, self.sort, FIRST_REPLIES)
        return made[: len(page)]


def _hang(
    node: CommentNode, children: dict[uuid.UUID, list[CommentNode]], sort: CommentSort, most: tuple[int, ...]
) -> None:
    """Put the answers that were read below `node`, and say what was not."""
    if not most:
        _close(node, sort)
        return
    found = children.get(node.comment.pk, [])
    node.replies = found[: most[0]]
    if len(found) > most[0]:
        node.hidden_reply_count = max(1, node.comment.reply_count - most[0])
        node.replies_cursor = _cursor(sort, node.replies[-1].comment)
    for reply in node.replies:
        _hang(reply, children, sort, most[1:])


def _close(node: CommentNode, sort: CommentSort) -> None:
    """All answers to `node` are elsewhere."""
    node.hidden_reply_count = node.comment.reply_count
    node.replies_cursor = cursor_encode([sort]) if node.comment.reply_count else ""


def _place(sort: CommentSort, comment: Comment) -> tuple[Any, ...]:
    return tuple(getattr(comment, name.lstrip("-")) for name in ORDERS[sort])


def _cursor(sort: CommentSort, comment: Comment) -> str:
    return cursor_encode([sort, *_place(sort, comment)])


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
    "nodes_alone",
    "replies_page",
    "sort_read",
    "thread_page",
]
