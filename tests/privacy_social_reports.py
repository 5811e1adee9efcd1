"""A row in every model of reports and votes on anime that belongs to a person, for tests of export and erasure."""

from accounts.models import User
from catalog.models import Anime


def reports_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of reports and votes on anime; `words` stand in every text of theirs."""
