"""Two anime have become one: lines of the feed name the one that stays."""

from catalog.facade import AnimeMerged
from social.models import FeedItem


def feed_follow_merge(event: AnimeMerged) -> None:
    """Inside the merge's transaction. Lines of both stay lines: what was told is not told anew."""
    FeedItem.objects.filter(anime_id=event.duplicate_id).update(anime_id=event.keep_id)
