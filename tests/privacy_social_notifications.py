"""A row in every model of notifications and wishes that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from catalog.models import Anime


def notifications_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of notifications and wishes; `words` stand in every text of theirs."""
