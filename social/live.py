"""What a page of somebody who is signed in shows at the start; afterwards their event log keeps it right."""

from uuid import UUID

from core.realtime.following import snapshot_register
from social.services.notifications import unread_counts


@snapshot_register("notifications")
def notifications_snapshot(user_id: UUID) -> dict[str, int]:
    """{unread}: for the badge."""
    return {"unread": unread_counts([user_id])[user_id]}
