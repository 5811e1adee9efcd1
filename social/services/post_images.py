"""Pictures of posts: sent first, shown by one post afterwards, gone when no post took them within a day."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User, muted_check
from core.errors import PayloadTooLarge, ValidationFailed
from core.media.images import image_store
from core.models import StoredImage
from core.personal_parts import picture_release
from social.errors import TooManyImages
from social.models import Post, PostImage
from social.models.posts import IMAGES_LIMIT

IMAGE_MAX_BYTES = 5 * 1024 * 1024
ALT_LENGTH = 300
WAITING_LIMIT = 30
"""Pictures of one person that no post shows yet."""
WAITING_KEPT = timedelta(days=1)
PURPOSE = "post"
SWEEP_BATCH = 200


def post_image_add(*, actor: User, file: IO[bytes], alt: str = "") -> PostImage:
    """Re-encode what `actor` sent for a post as AVIF and WebP; nothing of the original is kept.

    JPEG, PNG, WebP, AVIF and GIF (its first frame), told by content; all metadata goes. Raises `Muted` (403),
    `TooManyImages` (409), `ValidationFailed` for a description over 300 characters, `PayloadTooLarge` (413) past 5 MiB
    before anything is decoded, `ImageUnreadable` (SVG too) and `ImageTooLarge` (400). Call it outside of a transaction:
    decoding takes time.
    """
    muted_check(actor)
    if len(alt) > ALT_LENGTH:
        raise ValidationFailed({"alt": [_("At most %(limit)s characters.") % {"limit": ALT_LENGTH}]})
    _room_check(actor)
    data = file.read(IMAGE_MAX_BYTES + 1)
    if len(data) > IMAGE_MAX_BYTES:
        raise PayloadTooLarge()
    stored = image_store(file=data, purpose=PURPOSE, owner=actor)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=actor.pk)
        _room_check(actor)
        # Held until its row is written: a sweep that looks whether anything shows it waits, or has deleted it before.
        kept = StoredImage.objects.select_for_update(no_key=True).filter(pk=stored.pk).first()
        if kept is not None:
            return PostImage.objects.create(owner=actor, image=kept, alt=alt)
    return PostImage.objects.create(
        owner=actor, image=image_store(file=data, purpose=PURPOSE, owner=actor), alt=alt
    )  # the same picture was swept a moment ago


def images_take(
    *, actor: User, post: Post | None, wanted: Sequence[uuid.UUID], named: Sequence[str]
) -> list[PostImage]:
    """The pictures of a post about to be written, in order, held until the transaction ends.

    `wanted`: those the author chose, each of theirs and of no other post; `named`: ids that the text places, which count too
    where they are. Raises `ValidationFailed` (`image_ids`) for others' and for more than `IMAGES_LIMIT`.
    """
    order = list(dict.fromkeys([*wanted, *(found for found in map(uuid_of, named) if found is not None)]))
    rows = PostImage.objects.select_for_update(of=("self",)).select_related("image").filter(owner=actor)
    found = {row.pk: row for row in rows.filter(pk__in=order[: 4 * IMAGES_LIMIT]).order_by("pk")} if order else {}
    own = {pk: row for pk, row in found.items() if row.post_id is None or (post is not None and row.post_id == post.pk)}
    if any(pk not in own for pk in wanted):
        raise ValidationFailed({"image_ids": [_("You have not sent this picture, or another post shows it.")]})
    taken = [own[pk] for pk in order if pk in own]
    if len(taken) > IMAGES_LIMIT:
        raise ValidationFailed({"image_ids": [_("At most %(limit)s pictures.") % {"limit": IMAGES_LIMIT}]})
    return taken


def images_attach(post: Post, taken: Sequence[PostImage], *, covered: Collection[str] = ()) -> None:
    """Make these the pictures of a post whose row the caller holds; those that it showed before and no more are deleted.

    `covered`: ids, as the text writes them, of those that it places in spoilers alone.
    """
    hidden = {uuid_of(text) for text in covered}
    for position, row in enumerate(taken):
        row.post, row.position, row.is_covered = post, position, row.pk in hidden
    PostImage.objects.bulk_update(taken, ["post", "position", "is_covered"])
    dropped = PostImage.objects.filter(post=post).exclude(pk__in=[row.pk for row in taken])
    images_delete(list(dropped))


def images_delete(rows: Sequence[PostImage]) -> int:
    """Delete pictures of posts; once the transaction is committed, their files, unless something else shows the same."""
    stored_ids = sorted({row.image_id for row in rows})
    count, _by_model = PostImage.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for stored_id in stored_ids:
        transaction.on_commit(partial(_release, stored_id))
    return count


def images_sweep() -> int:
    """Delete pictures that no post took within a day; how many. Idempotent, in batches."""
    before, swept = timezone.now() - WAITING_KEPT, 0
    while True:
        with transaction.atomic():
            rows = PostImage.objects.select_for_update(skip_locked=True).filter(post=None, created_at__lt=before)
            batch = list(rows.order_by("created_at")[:SWEEP_BATCH])
            swept += images_delete(batch)
        if len(batch) < SWEEP_BATCH:
            return swept


def _room_check(actor: User) -> None:
    if PostImage.objects.filter(owner=actor, post=None).count() >= WAITING_LIMIT:
        raise TooManyImages()


def _release(stored_id: uuid.UUID) -> None:
    with transaction.atomic():
        stored = StoredImage.objects.select_for_update().filter(pk=stored_id, purpose=PURPOSE).first()
        if stored is not None:
            picture_release(stored)


def uuid_of(text: str) -> uuid.UUID | None:
    """The id that a text names, None when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


__all__ = [
    "IMAGE_MAX_BYTES",
    "images_attach",
    "images_delete",
    "images_sweep",
    "images_take",
    "post_image_add",
    "uuid_of",
]
