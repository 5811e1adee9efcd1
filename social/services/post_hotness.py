"""Writing how hot posts are: batches of what can still move, told by `post_ranks`."""

from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from social.models import Post
from social.services.post_ranks import MOVES_FOR, hotness

BATCH = 500


def hotness_refresh(*, now: datetime | None = None) -> int:
    """Work out anew how hot the posts of the last `MOVES_FOR` are; how many changed. Idempotent: a second run changes none.

    Two statements a batch, none of them over rows that stay as they are; no lock outlives its statement, so nobody who
    reacts meanwhile waits for more than that, and what they add is in the next run.
    """
    rows = Post.objects.filter(deleted_at=None, created_at__gte=(now or timezone.now()) - MOVES_FOR)
    rows = rows.annotate(said=Coalesce(F("thread__comment_count"), 0)).only("score", "hot", "created_at").order_by("pk")
    changed, last = 0, None
    while batch := list(_after(rows, last)[:BATCH]):
        moved = [post for post in batch if _is_moved(post)]
        Post.objects.bulk_update(moved, ["hot"])
        changed, last = changed + len(moved), batch[-1].pk
    return changed


def _after(rows: QuerySet[Post], last: object) -> QuerySet[Post]:
    return rows if last is None else rows.filter(pk__gt=last)


def _is_moved(post: Post) -> bool:
    """Whether its number is another now; the row has it then."""
    before = post.hot
    post.hot = hotness(score=post.score, comments=post.said, created_at=post.created_at)  # type: ignore[attr-defined]
    return post.hot != before


__all__ = ["BATCH", "hotness_refresh"]
