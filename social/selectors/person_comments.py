"""What one person wrote, as far as somebody else may read it."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.facade import User
from core.api.pagination import cursor_decode, cursor_encode
from core.errors import MalformedRequest, ValidationFailed
from social.access import Target, target_of_thread
from social.models import Comment
from social.selectors.comment_trees import CommentNode, nodes_alone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

PAGE_MAX = 100


@dataclass(frozen=True, slots=True)
class PersonComment:
    """A comment and what it stands under."""

    node: CommentNode
    target: Target


def person_comments(
    viewer: "Viewer", person: User, *, cursor: str = "", limit: int = 20
) -> tuple[list[PersonComment], str]:
    """What `person` wrote, newest first, and the cursor of the next page; the caller asked whether the viewer may know.

    Only under what the viewer may find by themselves: no hidden anime, no post of somebody whom a block hides, no
    collection that is not public (an address that one has to be given is not given away here). Four queries at most.
    """
    limit = max(1, min(limit, PAGE_MAX))
    rows = Comment.objects.filter(author=person).live().under_listed(viewer)
    if cursor:
        rows = rows.filter(pk__lt=_place(cursor))
    threads = ("thread__anime", "thread__post", "thread__collection", "author__avatar")
    found = list(rows.select_related(*threads).order_by("-id")[: limit + 1])
    page = found[:limit]
    targets = [target_of_thread(comment.thread) for comment in page]
    nodes = nodes_alone(viewer, list(zip(page, targets, strict=True)))
    shown = [PersonComment(node, target) for node, target in zip(nodes, targets, strict=True)]
    return shown, cursor_encode([page[-1].pk]) if len(found) > limit else ""


def _place(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(cursor_decode(cursor, 1)[0])
    except (MalformedRequest, ValueError, AttributeError, TypeError):
        raise ValidationFailed({"cursor": [_("Not one that this server gave.")]}) from None


__all__ = ["PersonComment", "person_comments"]
