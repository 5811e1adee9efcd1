"""The places of comments in their tree: what shows no longer leaves it, with all that only stood for it."""

from social.models import Comment


def place_vanish(comment: Comment) -> None:
    """A comment shows no longer: what it answered has one reply less, and vanishes too when it only stood for that.

    Within the caller's transaction; the comments above are locked on the way up.
    """
    parent_id = comment.parent_id
    while parent_id is not None:
        parent = Comment.objects.select_for_update(no_key=True).get(pk=parent_id)
        parent.reply_count = max(0, parent.reply_count - 1)
        parent.save(update_fields=["reply_count"])
        if parent.deleted_at is None or parent.reply_count:
            return
        parent_id = parent.parent_id


def place_reappear(comment: Comment) -> None:
    """The opposite of `place_vanish`."""
    parent_id = comment.parent_id
    while parent_id is not None:
        parent = Comment.objects.select_for_update(no_key=True).get(pk=parent_id)
        parent.reply_count += 1
        parent.save(update_fields=["reply_count"])
        if parent.deleted_at is None or parent.reply_count > 1:
            return
        parent_id = parent.parent_id


__all__ = ["place_reappear", "place_vanish"]
