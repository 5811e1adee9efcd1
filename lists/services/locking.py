"""One lock for whatever changes much of one person's lists at once, so that two such changes wait instead of deadlocking."""

from typing import Any

from accounts.facade import User


def person_lock(user_id: Any) -> None:
    """Until the transaction ends nobody else changes many rows of this person's lists, or begins an import.

    Taken first, before any row: then the order in which two of them reach the rows does not matter. Changes of one entry
    and heartbeats do not take it; they hold one row of a kind at a time.
    """
    User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk", flat=True).first()
