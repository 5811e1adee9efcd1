"""Which conversations there are about an anime, and how much is said in each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

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
    found = list(rows.values_list("kind", "episode_number", _left(viewer)))
    return ThreadCounts(
        whole=sum(count for kind, _, count in found if kind == ThreadKind.ANIME),
        episodes=tuple((number, count) for _, number, count in found if number is not None),
    )


def episode_comment_count(viewer: "Viewer", anime_id: int, episode_number: int) -> int:
    """How much is said about one episode, 0 where the viewer may read none of it; one query."""
    rows = _spoken(viewer).filter(kind=ThreadKind.EPISODE, anime_id=anime_id, episode_number=episode_number)
    return max(0, rows.values_list(_left(viewer), flat=True).first() or 0)


def comment_count_for(viewer: "Viewer", thread: Thread) -> int:
    """How many comments of a thread there are for the viewer; one query for who is signed in and does not moderate."""
    if not viewer.is_authenticated or moderates(viewer):
        return thread.comment_count
    return max(0, Thread.objects.filter(pk=thread.pk).values_list(_left(viewer), flat=True).first() or 0)


def hidden_comments(viewer: "Viewer", thread: Any) -> Any:
    """For querysets: how many comments of `thread` (an id, or an `OuterRef` to one) a block hides from the viewer.

    `Thread.comment_count` has them too: it is everybody's. 0 for strangers and for who moderates.
    """
    if not viewer.is_authenticated or moderates(viewer):
        return Value(0)
    made, suffered = Block.objects.filter(blocker=viewer.pk), Block.objects.filter(blocked=viewer.pk)
    hidden = Q(author__in=made.values("blocked")) | Q(author__in=suffered.values("blocker"))
    counted = Comment.objects.live().filter(hidden, thread=thread).order_by().values("thread").annotate(n=Count("pk"))
    # Asked once for the statement: for who has nothing to do with blocks nothing is counted.
    blocks = Exists(Block.objects.of(viewer.pk))
    return Case(When(blocks, then=Coalesce(Subquery(counted.values("n")), 0)), default=Value(0))


def _left(viewer: "Viewer") -> Any:
    return F("comment_count") - hidden_comments(viewer, OuterRef("pk"))


def _spoken(viewer: "Viewer") -> QuerySet[Thread]:
    """Threads in which somebody says something to the viewer: not those of only people whom a block parts from them."""
    comments = Comment.objects.shown_to(viewer).filter(thread=OuterRef("pk"))
    if viewer.is_authenticated and not moderates(viewer):
        comments = comments.exclude(Exists(Block.objects.hiding("author_id", viewer.pk)))
    return Thread.objects.filter(Exists(comments), comment_count__gt=0)
