"""Which conversations there are about an anime, and how much is said in each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from social.access import moderates
from social.models import Block, Comment, Thread, ThreadKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class ThreadCounts:
    """`whole`: comments on the anime; `episodes`: (number, comments) of the episodes that are talked about, in order."""

    whole: int
    episodes: tuple[tuple[int, int], ...]


def anime_thread_counts(viewer: "Viewer", anime_id: int) -> ThreadCounts:
    """How much is said about an anime and each of its episodes, where the viewer may read any of it; one query."""
    rows = _spoken(viewer).filter(anime_id=anime_id).order_by("episode_number")
    found = list(rows.values_list("kind", "episode_number", "comment_count"))
    return ThreadCounts(
        whole=sum(count for kind, _, count in found if kind == ThreadKind.ANIME),
        episodes=tuple((number, count) for _, number, count in found if number is not None),
    )


def episode_comment_count(viewer: "Viewer", anime_id: int, episode_number: int) -> int:
    """How much is said about one episode, 0 where the viewer may read none of it; one query."""
    rows = _spoken(viewer).filter(kind=ThreadKind.EPISODE, anime_id=anime_id, episode_number=episode_number)
    return rows.values_list("comment_count", flat=True).first() or 0


def _spoken(viewer: "Viewer") -> QuerySet[Thread]:
    """Threads in which somebody says something to the viewer: not those of only people whom a block parts from them."""
    comments = Comment.objects.shown_to(viewer).filter(thread=OuterRef("pk"))
    if viewer.is_authenticated and not moderates(viewer):
        comments = comments.exclude(Exists(Block.objects.hiding("author_id", viewer.pk)))
    return Thread.objects.filter(Exists(comments), comment_count__gt=0)
