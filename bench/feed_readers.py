"""People whose feeds cost most: with many friends, who follow many that are quiet, with few friends who do much."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

MANY, FEW, QUIET, TOLD, LINES = 500, 40, 500, 50, 400
LONG_AGO = timedelta(days=170)


def feed_readers() -> "dict[str, User]":
    """{kind: somebody of the load whose friends and followed people are of that kind}; made anew at each call."""
    from accounts.models import User

    loaded = list(User.objects.filter(username__startswith="load_").order_by("-username")[: MANY + FEW + 3])
    many, quiet, few, *others = loaded
    _befriend(many, others[FEW:])
    _befriend(few, others[:FEW])
    _chatter(others[:FEW])
    _follow_quiet(quiet)
    return {"many": many, "quiet": quiet, "few": few}


def _befriend(reader: "User", people: "list[User]") -> None:
    from social.models import Friendship, FriendshipStatus

    pairs = [sorted((reader.pk, one.pk)) for one in people]
    rows = [
        Friendship(low_id=low, high_id=high, requester=reader, status=FriendshipStatus.ACCEPTED) for low, high in pairs
    ]
    Friendship.objects.bulk_create(rows, ignore_conflicts=True)


def _chatter(people: "list[User]") -> None:
    """Each of them finishes an anime every few hours."""
    _lines(people, LINES, timedelta(hours=9), timedelta())


def _follow_quiet(reader: "User") -> None:
    from accounts.models import User
    from social.models import Follow

    names = [f"quiet_{number:04}" for number in range(QUIET)]
    rows = [User(username=name, email=f"{name}@example.org", password="!") for name in names]
    User.objects.bulk_create(rows, ignore_conflicts=True)
    people = list(User.objects.filter(username__in=names).order_by("username"))
    Follow.objects.bulk_create([Follow(follower=reader, followed=one) for one in people], ignore_conflicts=True)
    _lines(people[:TOLD], 3, timedelta(hours=5), LONG_AGO)


def _lines(people: "list[User]", count: int, step: timedelta, since: timedelta) -> None:
    from django.utils import timezone

    from social.models import FeedItem, FeedVerb

    anime_id = FeedItem.objects.filter(anime__isnull=False).values_list("anime_id", flat=True)[0]
    now = timezone.now() - since
    FeedItem.objects.bulk_create(
        [
            FeedItem(
                user=one,
                verb=FeedVerb.COMPLETED,
                anime_id=anime_id,
                created_at=now - step * number - timedelta(seconds=place),
                updated_at=now - step * number - timedelta(seconds=place),
            )
            for place, one in enumerate(people)
            for number in range(count)
        ],
        batch_size=2_000,
    )


__all__ = ["feed_readers"]
