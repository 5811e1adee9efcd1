"""A row in every model of notifications and wishes that belongs to a person, for tests of export and erasure."""

from django.utils import timezone

from accounts.models import User
from catalog.models import Anime
from social.models import DigestPreference, EpisodeWish, Notification, NotificationActor


def notifications_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have of notifications and wishes; `words` stand in every text of theirs."""
    now = timezone.now()
    other = User.objects.create_user("told_of_it", "told@example.org")
    context = {"about": words, "excerpt": words}
    for number, reader in enumerate((user, other)):
        row = Notification.objects.create(
            user=reader,
            kind="reply",
            group=f"reply:{number}",
            context=context,
            url="/notifications",
            anime=anime,
            actor_count=2 - number,
            created_at=now,
            updated_at=now,
        )
        NotificationActor.objects.create(notification=row, user=user, created_at=now)
    shared = Notification.objects.create(
        user=other,
        kind="reply",
        group="reply:shared",
        context=context,
        url="/notifications",
        actor_count=2,
        created_at=now,
        updated_at=now,
    )
    for actor in (user, other):
        NotificationActor.objects.create(notification=shared, user=actor, created_at=now)
    EpisodeWish.objects.create(user=user, kind="dub", language="ru")
    EpisodeWish.objects.create(user=user, anime=anime, is_muted=True)
    DigestPreference.objects.create(user=user, frequency="weekly", time_zone="Europe/Riga", language="ru")
