"""Standing orders: when an episode exists in a variant, it is fetched."""

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import EpisodePublished, anime_spans
from core.errors import DomainError, NotFound, ValidationFailed
from downloads.missing.filling import quality_checked, wish_checked
from downloads.missing.gathering import AnimeFacts, Place, evidence_of, facts_of_many, is_held
from downloads.missing.states import FILLABLE, Wish, state_of
from downloads.models import Download, DownloadState, VariantFollow
from downloads.queue.enqueue import download_enqueue

log = structlog.get_logger("downloads")

MOST_A_RUN = 500
"""Downloads that one pass over all orders queues; the next pass goes on."""
MOST_ORDERS = 100_000
_BATCH = 50


def follow_set(
    *,
    actor: User | None,
    anime_id: int,
    variant_kind: str = "",
    variant_language: str = "",
    quality: int = 0,
    first_episode: int = 1,
) -> VariantFollow:
    """Order that every regular episode of an anime from `first_episode` on is fetched as soon as a source has it in this
    variant; what a source has already is queued at once. An order of the same variant is changed.

    Raises `NotFound` for an anime that there is not, `ValidationFailed`.
    """
    wish = wish_checked(variant_kind, variant_language)
    quality_checked(quality)
    if not 1 <= first_episode <= 100_000:
        raise ValidationFailed({"first_episode": [_("A number from 1 to 100000.")]})
    if anime_id not in anime_spans([anime_id]):
        raise NotFound()
    order, _made = VariantFollow.objects.update_or_create(
        anime_id=anime_id,
        variant_kind=wish.kind,
        variant_language=wish.language,
        defaults={"quality": quality, "first_episode": first_episode, "set_by": actor},
    )
    # Each download by itself, so that others can write meanwhile; what a crash leaves undone the next pass does.
    _serve([order], room=MOST_A_RUN)
    return order


def follow_remove(*, anime_id: int, variant_kind: str = "", variant_language: str = "") -> None:
    """End an order; what it queued stays in the queue. Raises `NotFound` where there is none."""
    rows = VariantFollow.objects.filter(anime=anime_id, variant_kind=variant_kind, variant_language=variant_language)
    if not rows.delete()[0]:
        raise NotFound()


def follows_of(anime_id: int) -> list[VariantFollow]:
    """The standing orders of an anime; one query."""
    return list(_orders().filter(anime=anime_id))


def follows_all(*, shows_hidden: bool = True) -> QuerySet[VariantFollow]:
    """Every standing order with its anime, by title; without those of hidden anime unless they are shown."""
    rows = _orders().select_related("anime").order_by("anime__title", "anime", "variant_kind", "variant_language")
    return rows if shows_hidden else rows.exclude(anime__visibility="hidden")


def episode_published(event: EpisodePublished) -> None:
    """Queue an episode that can be had now and could not before, for the orders that wait for it; inside the transaction that
    says so. Where nobody waits this is one query.
    """
    orders = list(_orders().filter(anime=event.anime_id, first_episode__lte=event.number))
    if orders:
        _serve(orders, room=len(orders), number=event.number, is_news=True)


def follows_catch_up() -> int:
    """Queue what standing orders wait for and sources have: what was there before the order, on hosts that were allowed only
    now, or came while nobody listened; how many. At most `MOST_A_RUN`; doing it twice changes nothing.
    """
    queued = 0
    orders = _orders().order_by("anime", "pk")[:MOST_ORDERS]
    batch: list[VariantFollow] = []
    for order in orders.iterator(chunk_size=500):
        if len(batch) >= _BATCH and order.anime_id != batch[-1].anime_id:
            queued += _serve(batch, room=MOST_A_RUN - queued)
            batch = []
        batch.append(order)
        if queued >= MOST_A_RUN:
            return queued
    return queued + _serve(batch, room=MOST_A_RUN - queued)


def _orders() -> QuerySet[VariantFollow]:
    return VariantFollow.objects.select_related("set_by")


def _serve(orders: list[VariantFollow], *, room: int, number: int | None = None, is_news: bool = False) -> int:
    """Queue at most `room` episodes for these orders, of all or of one `number`; how many."""
    facts = facts_of_many({order.anime_id for order in orders}) if orders else {}
    queued = 0
    for order in orders:
        mine = facts.get(order.anime_id)
        for wanted in _waiting(mine, order, is_news=is_news) if mine else ():
            if queued >= room:
                return queued
            if number is None or wanted == number:
                queued += _enqueue(order, wanted)
    return queued


def _waiting(facts: AnimeFacts, order: VariantFollow, *, is_news: bool) -> list[int]:
    """The episodes that an order is to queue: a source on an allowed host has them, and none stands in the way."""
    wish = Wish(order.variant_kind, order.variant_language, bool(order.variant_kind or order.variant_language))
    places = [place for place in facts.sources if place[0] == "regular" and place[1] >= order.first_episode]
    return sorted(
        place[1]
        for place in places
        if not _is_settled(facts, place, wish, is_news=is_news)
        and state_of(evidence_of(facts, place, wish)) in FILLABLE
    )


def _is_settled(facts: AnimeFacts, place: Place, wish: Wish, *, is_news: bool) -> bool:
    """Whether an order leaves an episode alone: it is on disk, was fetched in this variant and the file is not gone, or its
    last download was cancelled by a person or failed. A failure does not hold when a source is news.
    """
    if is_held(facts, place, wish):
        return True
    mine = [one for one in facts.downloads.get(place, ()) if wish.counts(one.variant_kind, one.variant_language)]
    if any(one.state == DownloadState.DONE and not one.reaped_at and one.path not in facts.gone for one in mine):
        return True
    last = mine[-1].state if mine else ""
    return last == DownloadState.CANCELLED or (last == DownloadState.FAILED and not is_news)


def _enqueue(order: VariantFollow, number: int) -> bool:
    try:
        with transaction.atomic():
            download: Download = download_enqueue(
                actor=order.set_by,
                anime_id=order.anime_id,
                number=number,
                variant_kind=order.variant_kind,
                variant_language=order.variant_language,
                quality=order.quality,
            )
    except DomainError as refused:
        log.info("order_not_queued", order=order.pk, number=number, error=refused.code)
        return False
    log.info("order_queued", order=order.pk, number=number, download=str(download.pk))
    return True
