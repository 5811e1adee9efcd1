"""What notifications and wishes for episodes know about a person: how it is exported and erased."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import EARLY, Person, Row, erase_part, exempt, export_part, rows_of
from social.models import DigestPreference, EpisodeWish, Notification, NotificationActor
from social.services.notice_withdrawal import context_blanked, live_forget

CHUNK = 500

exempt(
    "social.NotificationActor",
    of="export",
    reason="Who did what others were told of: the deeds are in the parts of what was done, the readers are others.",
)


@export_part("social/notifications", label=_("What you were told"), models=["social.Notification"])
def notifications(user: Person) -> Iterator[Row]:
    fields = ("id", "kind", "context", "url", "anime_id", "count", "actor_count", "created_at", "updated_at")
    more = ("read_at", "mailed_at", "by_site", "by_digest")
    return rows_of(Notification.objects.filter(user=user), *fields, *more)


@erase_part("social/notifications", models=["social.Notification"])
def notifications_erase(user: Person) -> None:
    Notification.objects.filter(user=user).delete()


@erase_part("social/notification-actors", models=["social.NotificationActor"], order=EARLY)
def actors_erase(user: Person) -> Iterator[None]:
    """Others are told of the person no more: rows about nobody else go, of the others the words go that may be theirs."""
    live_forget(actor_id=user.pk)
    yield
    while keys := list(
        NotificationActor.objects.filter(user=user).order_by("pk").values_list("notification_id", flat=True)[:CHUNK]
    ):
        NotificationActor.objects.filter(user=user, notification__in=keys).delete()
        rows = Notification.objects.filter(pk__in=keys)
        rows.filter(actors=None).delete()
        for row in rows.only("context"):
            Notification.objects.filter(pk=row.pk).update(
                context=context_blanked(row.context), actor_count=F("actor_count") - 1
            )
        yield


@export_part("social/episode-wishes", label=_("Of which episodes you want to hear"), models=["social.EpisodeWish"])
def wishes(user: Person) -> Iterator[Row]:
    found = EpisodeWish.objects.filter(user=user)
    return rows_of(found, "anime_id", "kind", "language", "is_muted", title=F("anime__title"))


@erase_part("social/episode-wishes", models=["social.EpisodeWish"])
def wishes_erase(user: Person) -> None:
    EpisodeWish.objects.filter(user=user).delete()


@export_part("social/digest", label=_("How often the digest comes"), models=["social.DigestPreference"])
def digest(user: Person) -> Iterator[Row]:
    return rows_of(DigestPreference.objects.filter(user=user), "frequency", "time_zone", "language", "due_at")


@erase_part("social/digest", models=["social.DigestPreference"])
def digest_erase(user: Person) -> None:
    DigestPreference.objects.filter(user=user).delete()
