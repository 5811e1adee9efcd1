"""A row in every model of the community that belongs to a person, a file a noun."""

from accounts.models import User
from catalog.models import Anime
from tests.privacy_social_comments import comments_of
from tests.privacy_social_feed import feed_of
from tests.privacy_social_notifications import notifications_of
from tests.privacy_social_posts import posts_of
from tests.privacy_social_relations import relations_of
from tests.privacy_social_reports import reports_of


def social_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have in the community; `words` stand in every text of theirs."""
    for make in (relations_of, comments_of, posts_of, notifications_of, reports_of, feed_of):
        make(user, anime, words=words)
