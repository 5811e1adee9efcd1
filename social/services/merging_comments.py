"""Two anime have become one: what was said about the duplicate and its episodes is said about the one that stays."""

from django.db.models import F

from catalog.facade import AnimeMerged
from social.models import Comment, Thread


def comments_follow_merge(event: AnimeMerged) -> None:
    """Inside the merge's transaction. Conversations about the same thing become one: closed if either was."""
    keep, duplicate = event.keep_id, event.duplicate_id
    rows = Thread.objects.select_for_update(no_key=True).filter(anime__in=[keep, duplicate]).order_by("pk")
    threads = list(rows)
    kept = {(row.kind, row.episode_number): row for row in threads if row.anime_id == keep}
    for row in threads:
        if row.anime_id != duplicate:
            continue
        same = kept.get((row.kind, row.episode_number))
        if same is None:
            Thread.objects.filter(pk=row.pk).update(anime=keep)
        else:
            threads_join(same, row)
    Comment.objects.filter(anime=duplicate).update(anime=keep)


def threads_join(same: Thread, gone: Thread) -> None:
    """All that was said in `gone` was said in `same`; both are held by the caller."""
    Comment.objects.filter(thread=gone).update(thread=same)
    moments = [moment for moment in (same.last_comment_at, gone.last_comment_at) if moment]
    Thread.objects.filter(pk=same.pk).update(
        comment_count=F("comment_count") + gone.comment_count,
        is_locked=same.is_locked or gone.is_locked,
        locked_by=same.locked_by_id or gone.locked_by_id,
        last_comment_at=max(moments, default=None),
    )
    gone.delete()
