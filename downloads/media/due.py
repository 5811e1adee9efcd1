"""Which files of the library get seek pictures and openings next: some an hour, so that a large library costs no whole day."""

from django.core.cache import cache

from downloads.media.jobs import assets_enqueue
from downloads.models import FileState, LibraryFile

AT_ONCE = 40
_CURSOR = "downloads:assets-due"


def assets_request_due() -> int:
    """Ask for the assets of the next files that play and have no seek pictures yet; how many files.

    In the order of their ids, from the beginning again after the last: what failed is tried once a round.
    """
    waiting = LibraryFile.objects.filter(
        state=FileState.MATCHED, probed_at__isnull=False, source__isnull=False, source__thumbnails_path=""
    )
    after = int(cache.get(_CURSOR) or 0)
    ids = list(waiting.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        cache.delete(_CURSOR)
        return 0
    assets_enqueue(file_ids=ids)
    cache.set(_CURSOR, ids[-1], 7 * 24 * 3600)
    return len(ids)
