"""Storing what today's rules make of texts that older ones made into HTML: a few at a time, while nobody waits."""

from django.db.models import Q

from core.markup import VERSION
from social.access import target_of_thread
from social.models import Comment
from social.selectors.comment_texts import texts_renew

CHUNK = 500


def comment_texts_store(*, limit: int = CHUNK) -> int:
    """Make at most `limit` old texts anew, the newest first; how many were. Pages renew what they show by themselves.

    A text that was edited meanwhile is left as its author made it.
    """
    old = Comment.objects.filter(~Q(body=""), html_version__lt=VERSION, deleted_at=None).order_by("-pk")
    rows = list(old.select_related("thread__anime", "thread__post", "thread__collection")[:limit])
    texts_renew([(row, target_of_thread(row.thread)) for row in rows])
    for row in rows:
        Comment.objects.filter(pk=row.pk, body=row.body).update(html=row.html, html_version=row.html_version)
    return len(rows)


__all__ = ["comment_texts_store"]
