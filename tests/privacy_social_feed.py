"""A row in every model of the activity feed that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from catalog.models import Anime


def feed_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of the activity feed; `words` stand in every text of theirs."""
