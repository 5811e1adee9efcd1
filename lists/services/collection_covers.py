"""Covers of collections: sent first, shown by a collection afterwards, deleted when nothing shows them any more."""

import uuid
from typing import IO, Any

from django.core.cache import cache
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import PayloadTooLarge, ValidationFailed
from core.media.images import image_store
from core.models import StoredImage
from core.personal_parts import picture_release
from lists.models import Collection

COVER_MAX_BYTES = 5 * 1024 * 1024
WAITING_KEPT = 5
"""Covers of one person that no collection shows yet: older ones go when another comes."""
SENT_SECONDS = 86_400


def cover_store(*, user: User, file: IO[bytes]) -> StoredImage:
    """Re-encode what `user` sent as AVIF and WebP of 320, 640 and 1,280 pixels; nothing of the original is kept.

    JPEG, PNG, WebP, AVIF and GIF (its first frame), told by content; all metadata goes. Raises `PayloadTooLarge` (413)
    past 5 MiB before anything is decoded, `ImageUnreadable` (SVG too) and `ImageTooLarge` (400). Call it outside of a
    transaction: decoding takes time. The reference writes under `collections/covers/{user_id}/` of its R2 bucket; ours
    go through the image pipeline, whose names are made of hashes and tell nobody's id.
    """
    data = file.read(COVER_MAX_BYTES + 1)
    if len(data) > COVER_MAX_BYTES:
        raise PayloadTooLarge()
    image = image_store(file=data, purpose="cover", owner=user)
    if image.owner_id != user.pk:  # the same file was sent by somebody else before: it is as good as this person's own
        cache.set(_sent_key(user, image.pk), True, SENT_SECONDS)
    _waiting_release(user, but=image.pk)
    return image


def cover_take(*, user: User, cover_id: uuid.UUID | str) -> StoredImage:
    """The cover that `user` sent or shows already, held until the transaction ends. Raises `ValidationFailed`."""
    try:
        image = StoredImage.objects.select_for_update().filter(pk=cover_id, purpose="cover").first()
    except (ValueError, TypeError, DjangoValidationError):
        image = None
    if image is None or not _is_own(user, image):
        raise ValidationFailed({"cover_id": [_("You have not sent this picture.")]})
    return image


def cover_release(image_id: uuid.UUID | None) -> None:
    """Once the transaction is committed, delete a cover and its files unless a row of any model points at it."""
    if image_id is not None:
        transaction.on_commit(lambda: _release(image_id))


def _release(image_id: uuid.UUID) -> None:
    with transaction.atomic():
        image = StoredImage.objects.select_for_update().filter(pk=image_id, purpose="cover").first()
        if image is not None:
            picture_release(image)


def _is_own(user: User, image: StoredImage) -> bool:
    if image.owner_id == user.pk or cache.get(_sent_key(user, image.pk)):
        return True
    return Collection.objects.filter(owner=user, cover=image).exists()


def _waiting_release(user: User, *, but: uuid.UUID) -> None:
    shown = Collection.objects.exclude(cover=None).values("cover_id")
    waiting = StoredImage.objects.filter(owner=user, purpose="cover").exclude(pk__in=shown).exclude(pk=but)
    for image_id in list(waiting.order_by("-created_at").values_list("pk", flat=True)[WAITING_KEPT - 1 :]):
        _release(image_id)


def _sent_key(user: Any, image_id: uuid.UUID) -> str:
    return f"cover-sent:{user.pk}:{image_id}"


__all__ = ["COVER_MAX_BYTES", "cover_release", "cover_store", "cover_take"]
