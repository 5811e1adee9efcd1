"""How a person's lines of the feed are exported and erased."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import Person, Row, erase_part, export_part, rows_of
from social.models import FeedItem


@export_part("social/feed", label=_("What the feed tells of you"), models=["social.FeedItem"])
def lines(user: Person) -> Iterator[Row]:
    """Lines that were removed too, with when."""
    fields = ("verb", "anime_id", "post_id", "collection_id", "first_episode", "last_episode", "score", "parts")
    more = ("created_at", "updated_at", "hidden_at")
    return rows_of(FeedItem.objects.filter(user=user), *fields, *more, title=F("anime__title"))


@erase_part("social/feed", models=["social.FeedItem"])
def lines_erase(user: Person) -> None:
    FeedItem.objects.filter(user=user).delete()
