"""What the posters of anime look like: a hash for each, kept until the poster is another one."""

from django.db import transaction
from django.utils import timezone

from catalog.facade import AnimePoster
from providers.models import CoverHash


def poster_file(poster: AnimePoster) -> str:
    """The smallest file of our own copy, which is fine enough; "" where there is none."""
    variants = poster.image.variants if poster.image else {}
    return variants[min(variants, key=int)].get("webp", "") if variants else ""


def poster_address(poster: AnimePoster) -> str:
    """What names the picture: the file of our own copy, else where it lies. Another picture has another one."""
    return poster_file(poster) or poster.url


def poster_hash(poster: AnimePoster) -> int | None:
    """The hash that is kept of this very picture; None where there is none."""
    row = CoverHash.objects.filter(anime=poster.anime_id, url=poster_address(poster)).only("value").first()
    return row.value if row else None


def poster_hash_keep(*, poster: AnimePoster, value: int | None) -> None:
    """Note the hash of this very picture, so that nobody reads it again. `value` None: there is nothing on it."""
    anime_id, address = poster.anime_id, poster_address(poster)
    row = CoverHash.objects.filter(anime=anime_id).first()
    if row is not None and (row.url, row.value) == (address, value):
        return
    with transaction.atomic():
        # Replaced, never changed: `covers.lookup` knows new rows by their ids.
        CoverHash.objects.filter(anime=anime_id).delete()
        if value is not None:
            row = CoverHash(anime_id=anime_id, url=address, value=value, hashed_at=timezone.now())
            CoverHash.objects.bulk_create([row], ignore_conflicts=True)
