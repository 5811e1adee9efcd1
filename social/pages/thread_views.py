"""A conversation as its templates want it: the tree cut where it would become too narrow, addresses and words beside each comment."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from core.site.moments import moment_words
from core.site.preferences import time_zone_of
from social.access import Target, moderates
from social.models import Comment, Thread, ThreadKind
from social.models.comments import BODY_LENGTH
from social.selectors.comment_trees import CommentNode, CommentSort, ThreadPage
from social.services.comments import DEPTH_MAX

LEVELS = 5
"""How far a page indents: what is nested deeper opens as a conversation of its own."""
SORT_WORDS = {
    CommentSort.BEST: gettext_lazy("Best"),
    CommentSort.NEW: gettext_lazy("New"),
    CommentSort.OLD: gettext_lazy("Old"),
    CommentSort.CONTROVERSIAL: gettext_lazy("Controversial"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its words; `part` is what a script fetches instead."""

    words: Any
    href: str
    part: str = ""
    is_chosen: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment with what hangs on it. `shield`: why it is covered, "" when it is not."""

    comment: Comment
    node: CommentNode
    html: SafeString
    shield: str = ""
    level: int = 0
    is_focus: bool = False
    replies: Sequence["CommentView"] = ()
    more: Link | None = None
    deeper: Link | None = None

    @property
    def path(self) -> str:
        """Its own address."""
        return reverse("comment", args=[self.comment.pk])

    @property
    def can_reply(self) -> bool:
        """Whether anything can still be nested below it."""
        return not self.node.is_gone and self.comment.depth < DEPTH_MAX

    @property
    def branch_size(self) -> int:
        """How many replies hang on it directly."""
        return self.comment.reply_count


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposerView:
    """A form to write in. `draft`: under which name the tab keeps what is typed; `refused`: why it came back."""

    action: str
    draft: str
    body: str = ""
    is_spoiler: bool = False
    spoils_episode: int | None = None
    anime_id: int | None = None
    episode_number: int | None = None
    refused: str = ""
    cancel: str = ""
    kind: str = "new"
    limit: int = BODY_LENGTH
    nonce: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def id(self) -> str:
        """Of its text's field."""
        return f"write-{self.draft}".replace(":", "-").replace("/", "-")

    @property
    def has_time(self) -> bool:
        """Whether it stands beside a video whose time can be named."""
        return self.episode_number is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """A whole conversation. `closed`: why the viewer cannot write ("" when they can, or have to sign in first)."""

    target: Target
    path: str
    count: int
    nodes: Sequence[CommentView]
    sort: CommentSort
    sorts: Sequence[Link]
    more: Link | None = None
    first: Link | None = None
    focus: uuid.UUID | None = None
    above: Link | None = None
    closed: str = ""
    sign_in: str = ""
    composer: ComposerView | None = None
    is_locked: bool = False

    @property
    def covered_count(self) -> int:
        """How many of the shown comments are covered."""
        return sum(_covered(view) for view in self.nodes)


def _covered(view: CommentView) -> int:
    return bool(view.shield) + sum(_covered(reply) for reply in view.replies)


def thread_path(target: Target) -> str:
    """The address of a target's conversation as a page of its own."""
    match target.kind:
        case ThreadKind.ANIME:
            return reverse("thread-anime", args=[target.anime_id])
        case ThreadKind.EPISODE:
            return reverse("thread-episode", args=[target.anime_id, target.episode_number])
        case ThreadKind.POST:
            return reverse("thread-post", args=[target.post_id])
    return reverse("thread-collection", args=[target.collection_id])


def sort_of(request: HttpRequest) -> CommentSort:
    """The order that the address asks for (`?sort=`), else the best first."""
    try:
        return CommentSort(request.GET.get("sort", ""))
    except ValueError:
        return CommentSort.BEST


def address(path: str, **changes: object) -> str:
    """`path` with these parameters; empty ones and the default order are left out."""
    kept = {key: str(value) for key, value in changes.items() if value and value != CommentSort.BEST}
    return f"{path}?{urlencode(kept)}" if kept else path


def comment_views(
    nodes: Sequence[CommentNode], *, target: Target, sort: CommentSort, level: int = 0, focus: uuid.UUID | None = None
) -> list[CommentView]:
    """The nodes of one level with all below them, no deeper than `LEVELS`."""
    return [comment_view(node, target=target, sort=sort, level=level, focus=focus) for node in nodes]


def comment_view(
    node: CommentNode, *, target: Target, sort: CommentSort, level: int = 0, focus: uuid.UUID | None = None
) -> CommentView:
    """One node as a view. Below the last level its replies are a link to the conversation that begins with it."""
    comment = node.comment
    is_last = level >= LEVELS
    replies = [] if is_last else node.replies
    return CommentView(
        comment=comment,
        node=node,
        html=SafeString(comment.html),  # core.markup made it safe
        shield=shield_words(comment, target) if node.is_covered and not node.is_gone else "",
        level=level,
        is_focus=focus == comment.pk,
        replies=comment_views(replies, target=target, sort=sort, level=level + 1, focus=focus),
        more=None if is_last else more_replies(node, sort=sort, level=level),
        deeper=_deeper(node, target) if is_last and (node.replies or node.hidden_reply_count) else None,
    )


def more_replies(node: CommentNode, *, sort: CommentSort, level: int) -> Link | None:
    """The link to the replies of this node that are not on the page: how many more, where it shows some; else no number,
    since how much hangs on those is not known.
    """
    if not node.hidden_reply_count:
        return None
    path = reverse("comment-replies", args=[node.comment.pk])
    values = {"sort": sort, "cursor": node.replies_cursor, "level": level + 1}
    words = replies_words(node.hidden_reply_count) if node.replies else gettext("Continue this conversation")
    return Link(words, address(path, **values), address(path, **values, part="more"))


def replies_words(count: int) -> str:
    """How many replies a link leads to."""
    return ngettext("%(count)s more reply", "%(count)s more replies", count) % {"count": count}


def _deeper(node: CommentNode, target: Target) -> Link:
    path = thread_path(target)
    here, words = node.comment.pk, gettext("Continue this conversation")
    return Link(words, address(path, comment=here), address(path, comment=here, part="list"))


def shield_words(comment: Comment, target: Target) -> str:
    """Why a comment is covered."""
    if comment.is_spoiler or comment.spoils_episode is None:
        return gettext("Spoiler")
    return gettext("Spoils episode %(number)s") % {"number": comment.spoils_episode}


def sort_links(path: str, chosen: CommentSort) -> list[Link]:
    """The four orders; a script fetches the list alone."""
    return [
        Link(words, address(path, sort=sort), address(path, sort=sort, part="list"), sort == chosen, str(sort.value))
        for sort, words in SORT_WORDS.items()
    ]


def closed_words(request: HttpRequest, target: Target, thread: Thread | None) -> str:
    """Why this signed-in viewer cannot write here: muted until when, or the conversation is closed; "" when they can."""
    viewer = request.user
    if not viewer.is_authenticated:
        return ""
    until = viewer.muted_until
    if until is not None and until > timezone.now():
        moment = moment_words(until, time_zone_of(request))
        words = gettext("Until %(moment)s you cannot write comments.") % {"moment": moment}
        return f"{words} {gettext('Reason:')} {viewer.mute_reason}" if viewer.mute_reason else words
    if is_locked(target, thread) and not moderates(viewer):
        return gettext("This conversation is closed: it can be read, but not continued.")
    return ""


def is_locked(target: Target, thread: Thread | None) -> bool:
    """Whether staff closed the conversation or what it stands under."""
    return target.is_locked or (thread is not None and thread.is_locked)


def sign_in_path(back: str) -> str:
    """Where strangers are led who want to write; afterwards they are `back`."""
    return f"{reverse('account_login')}?{urlencode({'next': back})}"


def composer_of(target: Target, *, body: str = "", refused: str = "", **values: Any) -> ComposerView:
    """The form for a new comment of this target's conversation; about an episode it gives away that one, unless said otherwise."""
    defaults = {"spoils_episode": target.episode_number if target.kind == ThreadKind.EPISODE else None}
    path = thread_path(target)
    return ComposerView(
        action=path,
        draft=f"new:{path}",
        body=body,
        refused=refused,
        anime_id=target.anime_id,
        episode_number=target.episode_number if target.kind == ThreadKind.EPISODE else None,
        **{**defaults, **values},
    )


def page_more(page: ThreadPage, path: str, *, words: str = "", **values: object) -> Link | None:
    """The link to what follows this page of a conversation or of a comment's replies."""
    if not page.next_cursor:
        return None
    values |= {"sort": page.sort, "cursor": page.next_cursor}
    return Link(words or gettext("More comments"), address(path, **values), address(path, **values, part="more"))
