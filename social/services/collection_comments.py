"""Deleting comments of collections as the reference has it: owners and authors by one address, admins by another."""

import uuid

from accounts.facade import User, role_allows
from core.errors import NotFound
from social.access import may_delete
from social.models import Comment
from social.services.comments import comment_delete

DELETE_PERMISSION = "social.delete_comment"
"""Which roles have is in `accounts.permissions`: admins and above, while moderators hide through their own address."""


def collection_comment_delete(*, actor: User, comment_id: uuid.UUID, as_admin: bool = False) -> None:
    """Delete a comment of a collection softly: its author and the collection's owner may, and admins who say so (`as_admin`).

    Raises `NotFound` for anybody else, for comments of other things and for what was deleted before (reference).
    """
    rows = Comment.objects.live().filter(pk=comment_id, thread__collection__isnull=False)
    found = rows.select_related("thread__post", "thread__collection").first()
    if found is None:
        raise NotFound()
    if as_admin:
        if not role_allows(actor.role, DELETE_PERMISSION):
            raise NotFound()
    elif not may_delete(actor, found, as_staff=False):
        raise NotFound()
    comment_delete(actor=actor, comment_id=comment_id)


__all__ = ["collection_comment_delete"]
