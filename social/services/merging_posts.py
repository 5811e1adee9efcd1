"""Two anime have become one: posts about the duplicate are about the one that stays."""

from catalog.facade import AnimeMerged
from social.models import Post


def posts_follow_merge(event: AnimeMerged) -> None:
    """Inside the merge's transaction. Links in texts stay as written: their cards are looked up by what the anime became."""
    Post.objects.filter(anime_id=event.duplicate_id).update(anime_id=event.keep_id)
