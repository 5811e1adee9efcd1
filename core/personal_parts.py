"""What core itself knows about a person: their jobs, their realtime log, the pictures they sent."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from core.media.images import image_files
from core.models import Job, RealtimeEvent, RealtimeSequence, StoredImage
from core.personal_data import FIRST, LATE, Person, Row, erase_part, exempt, export_part, rows_of

exempt("core.RealtimeSequence", of="export", reason="A counter: how many events there were.")


@export_part("core/jobs", label=_("Work done for you in the background"), models=["core.Job"])
def jobs(user: Person) -> Iterator[Row]:
    """What was done and when; payloads may hold secrets, and what they concern is in other parts."""
    fields = ("id", "kind", "state", "created_at", "started_at", "finished_at", "error_code")
    return rows_of(Job.objects.filter(owner=user), *fields)


@erase_part("core/jobs", models=["core.Job"], order=FIRST)
def jobs_erase(user: Person) -> None:
    """A running one stops at its next heartbeat: its row is gone."""
    Job.objects.filter(owner=user).delete()


@export_part("core/realtime", label=_("What was sent to your open pages lately"), models=["core.RealtimeEvent"])
def realtime(user: Person) -> Iterator[Row]:
    return rows_of(RealtimeEvent.objects.filter(user=user), "seq", "type", "payload", "created_at")


@erase_part("core/realtime", models=["core.RealtimeEvent", "core.RealtimeSequence"], order=LATE)
def realtime_erase(user: Person) -> None:
    RealtimeEvent.objects.filter(user=user).delete()
    RealtimeSequence.objects.filter(user=user).delete()


@export_part("core/pictures", label=_("Pictures you sent"), models=["core.StoredImage"])
def pictures(user: Person) -> Iterator[Row]:
    fields = ("id", "purpose", "sha256", "width", "height", "bytes", "created_at")
    return rows_of(StoredImage.objects.filter(owner=user), *fields)


@erase_part("core/pictures", models=["core.StoredImage"], order=LATE)
def pictures_erase(user: Person) -> None:
    """After all that shows them: what nothing shows any more goes, a poster that staff sent stays without a sender."""
    for image in StoredImage.objects.filter(owner=user).order_by("pk"):
        picture_release(image)
    StoredImage.objects.filter(owner=user).update(owner=None)


def picture_release(image: StoredImage) -> bool:
    """Delete a picture, files first, unless a row of any model still points at it. Returns whether it went."""
    for relation in StoredImage._meta.get_fields(include_hidden=True):
        if relation.one_to_many or relation.one_to_one:
            model, name = relation.related_model, relation.field.name  # type: ignore[union-attr]
            if model._default_manager.filter(**{name: image.pk}).exists():  # type: ignore[union-attr]
                return False
    for stored in image_files(image):
        default_storage.delete(stored)
    image.delete()
    return True
