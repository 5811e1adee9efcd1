"""Two anime are about to become one, or one two: whoever gives a title to either finishes first, or waits until it is done."""

from django.db import connection

from catalog.facade import AnimeMerging, AnimeSplitting
from providers.models import CoverHash, ProviderTitle

HELD = (ProviderTitle, CoverHash)


def titles_hold(event: AnimeMerging | AnimeSplitting) -> None:
    """Hold titles and hashes until the transaction of the merge or split ends; reading goes on.

    Who writes them needs their anime afterwards, at the commit at the latest; a merge holds the anime and then needs them.
    Whoever waited here finds out afterwards which anime stands for the other now. SQLite has one writer anyway.
    """
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in HELD)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


__all__ = ["titles_hold"]
