"""A row in every model of comments and votes that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from catalog.models import Anime


def comments_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of comments and votes; `words` stand in every text of theirs."""
