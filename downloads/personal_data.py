"""What the downloads app knows about a person: what they asked for as staff, and their tickets."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import Person, Row, erase_part, export_part, rows_of
from downloads.models import Download, DownloadTicket, QueueControl, VariantFollow


@export_part("downloads/downloads", label=_("Downloads you asked for"), models=["downloads.Download"])
def downloads(user: Person) -> Iterator[Row]:
    found = Download.objects.filter(requested_by=user)
    fields = ("anime_id", "episode_kind", "episode_number", "variant_kind", "variant_language", "state", "created_at")
    return rows_of(found, *fields, title=F("anime__title"))


@erase_part("downloads/downloads", models=["downloads.Download"])
def downloads_forget(user: Person) -> None:
    """The file stays; who asked for it goes."""
    Download.objects.filter(requested_by=user).update(requested_by=None)


@export_part("downloads/tickets", label=_("Your tickets for files"), models=["downloads.DownloadTicket"])
def tickets(user: Person) -> Iterator[Row]:
    """Without the ticket itself: only its hash is known."""
    return rows_of(DownloadTicket.objects.filter(user=user), "download_id", "created_at", "expires_at")


@erase_part("downloads/tickets", models=["downloads.DownloadTicket"])
def tickets_forget(user: Person) -> None:
    DownloadTicket.objects.filter(user=user).delete()


@export_part("downloads/follows", label=_("Standing orders you set"), models=["downloads.VariantFollow"])
def follows(user: Person) -> Iterator[Row]:
    found = VariantFollow.objects.filter(set_by=user)
    fields = ("anime_id", "variant_kind", "variant_language", "first_episode", "set_at")
    return rows_of(found, *fields, title=F("anime__title"))


@erase_part("downloads/follows", models=["downloads.VariantFollow"])
def follows_forget(user: Person) -> None:
    """The order stands; who gave it goes."""
    VariantFollow.objects.filter(set_by=user).update(set_by=None)


@export_part("downloads/queue", label=_("Whether you last set the queue going"), models=["downloads.QueueControl"])
def queue(user: Person) -> Iterator[Row]:
    return rows_of(QueueControl.objects.filter(set_by=user), "mode", "set_at")


@erase_part("downloads/queue", models=["downloads.QueueControl"])
def queue_forget(user: Person) -> None:
    """The queue stays as it is; who set it so goes."""
    QueueControl.objects.filter(set_by=user).update(set_by=None)
