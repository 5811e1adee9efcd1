"""A row in every model of friends, follows and blocks that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from catalog.models import Anime


def relations_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of friends, follows and blocks; `words` stand in every text of theirs."""
