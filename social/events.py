"""What happens between people that upper apps may listen to, inside the transaction in which it happened."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FriendshipMade:
    """Two people became friends."""

    user_id: uuid.UUID
    friend_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class FriendshipEnded:
    """Two people are friends no more, by whichever of them."""

    user_id: uuid.UUID
    friend_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PeopleBlocked:
    """`blocker_id` blocked `blocked_id`: whatever they share has to part them (rooms, invitations, conversations)."""

    blocker_id: uuid.UUID
    blocked_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PostPublished:
    """Somebody posted to the community."""

    post_id: uuid.UUID
    author_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class CommentPublished:
    """Somebody wrote in a thread. `parent_author_id`: whom they answered, None at the top or when nobody is left."""

    comment_id: uuid.UUID
    author_id: uuid.UUID
    thread_id: uuid.UUID
    parent_author_id: uuid.UUID | None
    mentioned_ids: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportClosed:
    """Staff decided on a report; `is_upheld`: something was done."""

    report_id: uuid.UUID
    is_upheld: bool
