"""Stored pictures: made once from what people or providers send, served in variants, deleted with their files."""

import hashlib
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model
from PIL import Image

from core.media.decoding import image_decoded, source_read
from core.media.encoding import FORMATS, PURPOSES, dominant_colour, image_fitted, placeholder_made, variants_encoded
from core.models.images import StoredImage

Variants = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ImageSources:
    """What a template needs for `<picture>`: srcset per format, a fallback `src`, size in pixels, colour, placeholder."""

    avif: str
    webp: str
    src: str
    width: int
    height: int
    colour: str
    placeholder: str


def image_store(*, file: IO[bytes] | bytes, purpose: str, owner: Model | None = None) -> StoredImage:
    """Re-encode a picture for a purpose (a key of `PURPOSES`) and store its variants; the same file again is the same row.

    The format is told by content, never by name. Raises `ImageUnreadable` and `ImageTooLarge` (400). The work of decoding
    is done outside any transaction of its own; `owner` is the user who sent it first.
    """
    wanted = PURPOSES[purpose]
    data = source_read(file)
    sha256 = hashlib.sha256(data).hexdigest()
    if known := StoredImage.objects.filter(purpose=purpose, sha256=sha256).first():
        return known
    # A square cut from a long picture needs its short side large enough.
    image = image_fitted(image_decoded(data, wanted_side=wanted.widths[-1]), wanted)
    written: list[str] = []
    try:
        variants, size = _variants_written(image, purpose, sha256, written)
        with transaction.atomic():
            stored, is_new = StoredImage.objects.get_or_create(
                purpose=purpose,
                sha256=sha256,
                defaults={
                    "width": image.width,
                    "height": image.height,
                    "bytes": size,
                    "variants": variants,
                    "colour": dominant_colour(image),
                    "placeholder": placeholder_made(image),
                    "owner_id": None if owner is None else owner.pk,
                },
            )
    except BaseException:
        _files_delete(written)
        raise
    if not is_new:  # another call was faster: its files stay, ours go unless they are the same
        _files_delete([name for name in written if name not in image_files(stored)])
    return stored


def image_delete(*, image: StoredImage) -> None:
    """Delete the row now and its files once the transaction is committed."""
    names = image_files(image)
    with transaction.atomic():
        image.delete()
        transaction.on_commit(lambda: _files_delete(names))


def image_files(image: StoredImage) -> list[str]:
    """Storage names of all variants."""
    return [name for formats in image.variants.values() for name in formats.values()]


def image_srcset(image: StoredImage, kind: str) -> str:
    """`url 150w, url 300w` for one of `FORMATS`, narrow to wide; "" when there is none."""
    found = sorted((int(width), formats[kind]) for width, formats in image.variants.items() if kind in formats)
    return ", ".join(f"{default_storage.url(name)} {width}w" for width, name in found)


def image_url(image: StoredImage, *, width: int, kind: str = "webp") -> str:
    """The URL of the narrowest variant at least `width` pixels wide, else of the widest; "" when there is none."""
    found = sorted((int(key), formats[kind]) for key, formats in image.variants.items() if kind in formats)
    if not found:
        return ""
    return default_storage.url(next((name for wide, name in found if wide >= width), found[-1][1]))


def image_sources(image: StoredImage, *, width: int) -> ImageSources:
    """Everything for `<picture>`; `width` (pixels) chooses the fallback."""
    return ImageSources(
        avif=image_srcset(image, "avif"),
        webp=image_srcset(image, "webp"),
        src=image_url(image, width=width),
        width=image.width,
        height=image.height,
        colour=image.colour,
        placeholder=image.placeholder,
    )


def _variants_written(image: Image.Image, purpose: str, sha256: str, written: list[str]) -> tuple[Variants, int]:
    """Write each variant under a name made of hashes alone; `written` lists the names also when a later one fails."""
    variants: Variants = {}
    size = 0
    for width, kind, data in variants_encoded(image, PURPOSES[purpose]):
        digest = hashlib.sha256(data).hexdigest()[:16]
        # The source's hash in front: two sources never share a file, so deleting one cannot break the other.
        wanted = f"images/{purpose}/{sha256[:2]}/{sha256[:32]}-{digest}-{width}.{kind}"
        name = default_storage.save(wanted, ContentFile(data))
        written.append(name)
        variants.setdefault(str(width), {})[kind] = name
        size += len(data)
    return variants, size


def _files_delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


__all__ = [
    "FORMATS",
    "PURPOSES",
    "ImageSources",
    "image_delete",
    "image_files",
    "image_sources",
    "image_srcset",
    "image_store",
    "image_url",
]
