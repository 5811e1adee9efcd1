"""Showing a picture that a machine fetched as the poster of an anime."""

import uuid

from django.db import transaction

from catalog.models import Anime, FieldProvenance
from catalog.services.changes import catalog_touch
from core.models import StoredImage
from core.personal_parts import picture_release


def anime_poster_set(*, anime_id: int, image: StoredImage, url: str, former_id: uuid.UUID | None = None) -> bool:
    """Make `image`, which lay at `url`, the poster where there is none or `former_id` (what the caller set before); whether
    it is the poster now.

    What people decided stays: a locked poster, another one that was set meanwhile, another origin. A colour that is empty
    or was the former poster's becomes this one's. One short transaction; of former and refused pictures those that nothing
    shows go once it is committed.
    """
    with transaction.atomic():
        anime = Anime.objects.select_for_update().filter(pk=anime_id, merged_into=None).first()
        # Somebody may have deleted the same picture of another anime just now, row and files.
        is_there = StoredImage.objects.select_for_update().filter(pk=image.pk).exists()
        if anime is not None and is_there and anime.poster_id == image.pk:
            return True
        if anime is None or not is_there or not _is_open(anime, url, former_id):
            transaction.on_commit(lambda: _unused_delete(image.pk))
            return False
        replaced = anime.poster
        Anime.objects.filter(pk=anime_id).update(poster=image, colour=_colour(anime, image))
        catalog_touch(anime_ids=[anime_id])
        if replaced is not None:
            transaction.on_commit(lambda: _unused_delete(replaced.pk))
    return True


def _is_open(anime: Anime, url: str, former_id: uuid.UUID | None) -> bool:
    if anime.poster_url != url or anime.poster_id not in (None, former_id):
        return False
    return not _is_locked(anime, "poster")


def _colour(anime: Anime, image: StoredImage) -> str:
    former = "" if anime.poster is None else anime.poster.colour
    is_free = anime.colour in ("", former) and not _is_locked(anime, "colour")
    return image.colour if is_free else anime.colour


def _is_locked(anime: Anime, field: str) -> bool:
    return FieldProvenance.objects.filter(anime=anime, field=field, is_locked=True).exists()


def _unused_delete(image_id: uuid.UUID) -> None:
    with transaction.atomic():
        image = StoredImage.objects.select_for_update().filter(pk=image_id).first()
        if image is not None:
            picture_release(image)
