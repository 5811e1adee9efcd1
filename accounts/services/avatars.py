"""Pictures of people: made by the image pipeline, deleted with their files when nobody uses them any more."""

import hashlib
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import ManyToOneRel

from accounts import permissions
from accounts.models import User
from core.errors import PayloadTooLarge, PermissionDenied, ServiceUnavailable
from core.media.images import image_delete, image_store
from core.models import StoredImage

AVATAR_MAX_BYTES = 5 * 1024 * 1024
TURNS = 3


def avatar_prepare(*, user: User, file: IO[bytes]) -> bytes:
    """Read and re-encode what `user` sent as squares of 64, 128 and 256 pixels; gives its bytes for `avatar_set`.

    JPEG, PNG, WebP, AVIF and GIF (its first frame), told by content. Raises `PayloadTooLarge` (413) past 5 MiB,
    `ImageUnreadable` and `ImageTooLarge` (400). Call it outside of a transaction: decoding takes time.
    """
    data = file.read(AVATAR_MAX_BYTES + 1)
    if len(data) > AVATAR_MAX_BYTES:
        raise PayloadTooLarge()
    image_store(file=data, purpose="avatar", owner=user)
    return data


def avatar_set(*, user: User, data: bytes) -> User:
    """Make prepared bytes the picture of `user`; the one before goes unless somebody else uses it."""
    for _turn in range(TURNS):
        image = image_store(file=data, purpose="avatar", owner=user)  # a look-up: it was prepared
        if _put(user, image):
            return user
    raise ServiceUnavailable()


def avatar_remove(*, user: User) -> User:
    """Take the picture away; nothing happens without one."""
    _put(user, None)
    return user


def avatar_abandon(*, data: bytes) -> None:
    """Forget prepared bytes that did not become anybody's picture."""
    image = StoredImage.objects.filter(purpose="avatar", sha256=hashlib.sha256(data).hexdigest()).first()
    if image is not None:
        avatar_drop(image_id=image.pk)


def _put(user: User, image: StoredImage | None) -> bool:
    """Whether it was done: not when somebody whose picture was the same file took it away just now, row and files."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if image is not None and not StoredImage.objects.select_for_update().filter(pk=image.pk).exists():
            return False
        before = locked.avatar_id
        locked.avatar = image
        locked.save(update_fields=["avatar"])
        if before is not None and before != locked.avatar_id:
            avatar_drop(image_id=before)
    user.avatar = image
    return True


def avatar_drop(*, image_id: UUID) -> None:
    """Delete a picture and its files unless a row of any model points at it."""
    with transaction.atomic():
        image = StoredImage.objects.select_for_update().filter(pk=image_id, purpose="avatar").first()
        if image is not None and not _is_used(image):
            image_delete(image=image)


def _is_used(image: StoredImage) -> bool:
    """Whether a row of any model points at it; models that come later are asked by themselves."""
    relations = (
        field for field in StoredImage._meta.get_fields(include_hidden=True) if isinstance(field, ManyToOneRel)
    )
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: image}).exists() for relation in relations
    )


def avatar_moderate(*, actor: User, user: User) -> None:
    """Take away the picture of somebody below `actor`. Raises `PermissionDenied`."""
    if not permissions.can_moderate(actor.role, User.objects.get(pk=user.pk).role):
        raise PermissionDenied()
    _put(user, None)
