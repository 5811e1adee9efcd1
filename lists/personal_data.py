"""What lists know about a person: what is on their list, and where they stopped."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import Person, Row, erase_part, export_part, rows_of
from lists.models import ListEntry, WatchProgress


@export_part("lists/entries", label=_("Your list"), models=["lists.ListEntry"])
def entries(user: Person) -> Iterator[Row]:
    found = ListEntry.objects.filter(user=user)
    return rows_of(found, "anime_id", "status", "created_at", "updated_at", title=F("anime__title"))


@erase_part("lists/entries", models=["lists.ListEntry"])
def entries_erase(user: Person) -> None:
    ListEntry.objects.filter(user=user).delete()


@export_part("lists/progress", label=_("Where you stopped watching"), models=["lists.WatchProgress"])
def progress(user: Person) -> Iterator[Row]:
    """Positions and lengths in seconds."""
    fields = ("anime_id", "episode_number", "position", "duration", "translation_id", "updated_at")
    return rows_of(WatchProgress.objects.filter(user=user), *fields, title=F("anime__title"))


@erase_part("lists/progress", models=["lists.WatchProgress"])
def progress_erase(user: Person) -> None:
    WatchProgress.objects.filter(user=user).delete()
