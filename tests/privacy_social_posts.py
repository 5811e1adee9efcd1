"""A row in every model of posts, their pictures and reactions that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from catalog.models import Anime


def posts_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of posts, their pictures and reactions; `words` stand in every text of theirs."""
