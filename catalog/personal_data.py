"""What the catalogue knows about a person: their scores, and what staff set by hand."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from catalog.models import FieldProvenance, Rating, Timecode
from core import generation
from core.personal_data import Person, Row, erase_part, export_part, rows_of


@export_part("catalog/ratings", label=_("Your scores"), models=["catalog.Rating"])
def ratings(user: Person) -> Iterator[Row]:
    """Scores are 0–100."""
    return rows_of(Rating.objects.filter(user=user), "anime_id", "score", "updated_at", title=F("anime__title"))


@erase_part("catalog/ratings", models=["catalog.Rating"])
def ratings_erase(user: Person) -> None:
    if Rating.objects.filter(user=user).delete()[0]:
        generation.bump_on_commit()  # the community rating is read live, so caches move on


@export_part("catalog/timecodes", label=_("Openings and endings you marked"), models=["catalog.Timecode"])
def timecodes(user: Person) -> Iterator[Row]:
    """Times in seconds."""
    fields = ("anime_id", "episode_number", "translation_id", "intro_start", "intro_end", "outro_start", "outro_end")
    found = Timecode.objects.filter(updated_by=user)
    return rows_of(found, *fields, "updated_at", title=F("anime__title"))


@erase_part("catalog/timecodes", models=["catalog.Timecode"])
def timecodes_forget(user: Person) -> None:
    """The marks stay: they belong to the episode. Who made them goes."""
    Timecode.objects.filter(updated_by=user).update(updated_by=None)


@export_part("catalog/corrections", label=_("Fields of the catalogue you set"), models=["catalog.FieldProvenance"])
def corrections(user: Person) -> Iterator[Row]:
    found = FieldProvenance.objects.filter(set_by=user)
    return rows_of(found, "anime_id", "field", "is_locked", "set_at", title=F("anime__title"))


@erase_part("catalog/corrections", models=["catalog.FieldProvenance"])
def corrections_forget(user: Person) -> None:
    """The values stay and stay locked; who set them goes."""
    FieldProvenance.objects.filter(set_by=user).update(set_by=None)
