"""Rows that name an anime go with it when it is merged or split."""

from django.db.models import F, QuerySet

from catalog.facade import AnimeMerged, AnimeSplit
from downloads.models import LIVE_KEY, LIVE_STATES, Download, DownloadState, LibraryFile, VariantFollow


def downloads_follow_merge(event: AnimeMerged) -> None:
    """Downloads, files and standing orders are now those of the anime that stays; what both have, it keeps.

    A live download that the other anime has too is cancelled: it would become the same file.
    """
    taken = Download.objects.filter(anime=event.keep_id, state__in=LIVE_STATES)
    keys = set(taken.values_list(*LIVE_KEY[1:]))
    _cancel_doubles(Download.objects.filter(anime=event.duplicate_id, state__in=LIVE_STATES), keys)
    Download.objects.filter(anime=event.duplicate_id).update(anime=event.keep_id)
    LibraryFile.objects.filter(anime=event.duplicate_id).update(anime=event.keep_id)
    known = set(VariantFollow.objects.filter(anime=event.keep_id).values_list("variant_kind", "variant_language"))
    for follow in VariantFollow.objects.filter(anime=event.duplicate_id):
        if (follow.variant_kind, follow.variant_language) in known:
            follow.delete()
        else:
            VariantFollow.objects.filter(pk=follow.pk).update(anime=event.keep_id)


def _cancel_doubles(rows: QuerySet[Download], keys: set[tuple]) -> None:
    for row in rows:
        if tuple(row.live_key.values())[1:] in keys:
            Download.objects.filter(pk=row.pk).update(state=DownloadState.CANCELLED)


def downloads_follow_split(event: AnimeSplit) -> None:
    """What hangs on the episodes that went to the other anime goes with them.

    A standing order that begins before them stays, and stands for the other anime too.
    """
    if not event.kind:
        return
    span = {"anime": event.from_id, "episode_kind": event.kind}
    numbers = {"episode_number__gte": event.first, "episode_number__lte": event.last}
    Download.objects.filter(**span, **numbers).update(
        anime=event.to_id, episode_number=F("episode_number") + event.offset
    )
    LibraryFile.objects.filter(**span, first__gte=event.first, last__lte=event.last).update(
        anime=event.to_id, first=F("first") + event.offset, last=F("last") + event.offset
    )
    if event.moves_watching:
        _orders_split(event)


def _orders_split(event: AnimeSplit) -> None:
    for order in VariantFollow.objects.filter(anime=event.from_id, first_episode__lte=event.last):
        begins = max(order.first_episode, event.first) + event.offset
        if order.first_episode >= event.first:
            VariantFollow.objects.filter(pk=order.pk).update(anime=event.to_id, first_episode=begins)
            continue
        VariantFollow.objects.get_or_create(
            anime_id=event.to_id,
            variant_kind=order.variant_kind,
            variant_language=order.variant_language,
            defaults={"first_episode": begins, "quality": order.quality, "set_by_id": order.set_by_id},
        )
