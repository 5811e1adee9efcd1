"""Two anime are about to become one, or one two: whoever writes about either finishes first, or waits until it is done."""

from django.db import connection

from catalog.facade import AnimeMerging, AnimeSplitting
from social.models import Comment, Notification, Post

HELD = (Comment, Post, Notification)
"""In the order in which those who write take their rows."""


def tables_hold(event: AnimeMerging | AnimeSplitting) -> None:
    """Hold what people write in until the transaction of the merge or split ends; reading goes on.

    Who writes holds a comment or a post and then needs its anime, at the commit at the latest; a merge holds the anime and
    then needs those: row by row that is a deadlock. SQLite has one writer anyway.
    """
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in HELD)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


__all__ = ["tables_hold"]
