"""A row in every model of the activity feed that belongs to a person, for tests of export and erasure."""

from django.utils import timezone

from accounts.models import User
from catalog.models import Anime
from social.models import FeedItem, FeedVerb


def feed_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of the activity feed; a line has no words of its own."""
    now = timezone.now()
    FeedItem.objects.create(user=user, anime=anime, verb=FeedVerb.RATED, score=77, created_at=now, updated_at=now)
