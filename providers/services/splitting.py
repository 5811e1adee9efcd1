"""What hangs on an anime follows when a part of it becomes another."""

from catalog.facade import AnimeSplit, names_of, title_fold
from providers.metadata.registry import client_classes
from providers.models import Enrichment, MatchState, MetadataSnapshot, NumberingOverride, ProviderTitle


def titles_follow_split(event: AnimeSplit) -> None:
    """What services said of an id goes with the id; titles that the matcher had put here go where their name went, those
    that a person put here stay; what people said of numbers goes with the episodes. Choices and the hash of the poster stay.
    """
    sites = {name: client.site for name, client in client_classes().items()}
    moved = {(site, value) for site, value in event.external_ids}
    snapshots = [
        row.pk
        for row in MetadataSnapshot.objects.filter(anime=event.from_id).only("source", "external_id")
        if (sites.get(row.source), row.external_id) in moved
    ]
    MetadataSnapshot.objects.filter(pk__in=snapshots).update(anime=event.to_id)
    keys = [f"{site}:{value}" for site, value in moved]
    Enrichment.objects.filter(anime=event.from_id, key__in=keys).update(anime=event.to_id)
    _titles_move(event)
    rows = NumberingOverride.objects.select_for_update().filter(anime=event.from_id, target_kind=event.kind)
    for override in rows:
        _override_cut(override, event)


def _titles_move(event: AnimeSplit) -> None:
    """Of those decided by the matcher: named as the new anime and not as the old one."""
    names = names_of([event.from_id, event.to_id]).names
    old = {title_fold(name.text) for name in names if name.anime_id == event.from_id}
    new = {title_fold(name.text) for name in names if name.anime_id == event.to_id} - old
    rows = ProviderTitle.objects.filter(anime=event.from_id, match_state=MatchState.AUTO).only("title")
    moving = [row.pk for row in rows if title_fold(row.title) in new]
    ProviderTitle.objects.filter(pk__in=moving).update(anime=event.to_id)


def _override_cut(override: NumberingOverride, event: AnimeSplit) -> None:
    """The part of it that leads to moved episodes leads to the other anime; what is before and behind stays as rows."""
    shift = override.target_first - override.first  # a provider's number plus this is the episode
    first = max(override.first, event.first - shift)
    last = event.last - shift if override.last is None else min(override.last, event.last - shift)
    if first > last:
        return
    after = None if override.last == last else last + 1
    before = None if override.first == first else first - 1
    whole = (override.first, override.last)
    override.delete()
    if before is not None:
        _override_part(override, whole[0], before, override.anime_id, shift)
    _override_part(override, first, last, event.to_id, shift + event.offset)
    if after is not None:
        _override_part(override, after, whole[1], override.anime_id, shift)


def _override_part(whole: NumberingOverride, first: int, last: int | None, anime_id: int | None, shift: int) -> None:
    NumberingOverride.objects.create(
        title_id=whole.title_id,
        season=whole.season,
        first=first,
        last=last,
        anime_id=anime_id,
        target_kind=whole.target_kind,
        target_first=first + shift,
        set_by_id=whole.set_by_id,
    )
