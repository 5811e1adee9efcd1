"""A row in every model of friends, follows and blocks that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from social.services.relations import friendship_request, person_block, person_follow


def relations_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of friends, follows and blocks; `words` stand in every text of theirs."""
    friend, asked, asking, blocked, blocker = (
        UserFactory.create(username=f"relation_{name}") for name in ("friend", "asked", "asking", "blocked", "blocker")
    )
    friendship_request(actor=user, user_id=friend.pk)
    friendship_request(actor=friend, user_id=user.pk)
    friendship_request(actor=user, user_id=asked.pk)
    friendship_request(actor=asking, user_id=user.pk)
    person_follow(actor=user, user_id=friend.pk)
    person_follow(actor=friend, user_id=user.pk)
    person_block(actor=user, user_id=blocked.pk)
    person_block(actor=blocker, user_id=user.pk)
