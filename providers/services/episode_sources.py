"""From a provider's episodes to the catalogue: where each belongs, and what plays of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from catalog.facade import Origin, SourceDraft, SourcePlace, source_places, sources_put, sources_retire
from providers.models import Provider, ProviderEpisode, ProviderTitle
from providers.numbering.places import Placed, Places
from providers.numbering.seasons import REGULAR
from providers.services.mirrors import mirrors_of

_BATCH = 500
_Link = ProviderEpisode.sources.through


@dataclass(slots=True)
class _Plan:
    """What should be: new drafts by anime, each with the entry that it comes from; and the sources that are none of their
    entry's any more, as pairs (entry, source).
    """

    drafts: dict[int, list[tuple[int, SourceDraft]]] = field(default_factory=lambda: defaultdict(list))
    unlinked: set[tuple[int, int]] = field(default_factory=set)


def sources_sync(*, title: ProviderTitle) -> int:
    """Place a title's episodes anew and bring the catalogue's sources up to date with their mirrors; how many are new.

    Sources move with their numbers (a rematch, an override) and keep what staff set; one whose mirror is not listed any more,
    or whose title is gone, is dead, one that is listed again is alive. A title without an anime has none. Nothing is asked of anybody.
    """
    with transaction.atomic():
        held = ProviderTitle.objects.select_for_update(of=("self",)).select_related("provider").get(pk=title.pk)
        rows = list(held.episodes.all())
        placed = _place(rows, Places.of(held))
        origin = Origin(held.provider.name, held.provider.label, held.provider.position)
        linked = _linked(held)
        plan = _Plan()
        for row in rows:
            is_playable = held.gone_at is None and row.gone_at is None and not row.is_batch
            drafts = _drafts(row, placed[row.pk], held.provider) if is_playable else []
            _compare(plan, row, drafts, linked.get(row.pk, ()), origin)
        created = sum(_put(plan, anime_id, origin) for anime_id in sorted(plan.drafts))
        _unlink(plan)
    return created


def _place(rows: Iterable[ProviderEpisode], places: Places) -> dict[int, Placed]:
    """{entry: what it is}, stored where it is new."""
    placed: dict[int, Placed] = {}
    changed = []
    for row in rows:
        found = placed[row.pk] = places.of_episode(row)
        said = [[place.anime_id, place.kind, place.number] for place in found.places]
        if (row.places, row.rule) != (said, found.rule):
            row.places, row.rule = said, found.rule
            changed.append(row)
    rows_update(changed, ["places", "rule"])
    return placed


def rows_update(rows: Sequence[ProviderEpisode], fields: Sequence[str]) -> None:
    """Write fields of many stored entries, whose title the caller holds: an upsert takes a tenth of `bulk_update`'s time."""
    ProviderEpisode.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _linked(title: ProviderTitle) -> dict[int, list[SourcePlace]]:
    """{entry: the catalogue's sources that came from it}."""
    pairs = list(_Link.objects.filter(providerepisode__title=title).values_list("providerepisode", "episodesource"))
    stored = source_places([source for _, source in pairs])
    linked: dict[int, list[SourcePlace]] = defaultdict(list)
    for row, source in pairs:
        linked[row].append(stored[source])
    return linked


def _drafts(row: ProviderEpisode, placed: Placed, provider: Provider) -> list[tuple[int, SourceDraft, bool]]:
    """(anime, source, whether it may be played) of every mirror of an entry at every episode that it is."""
    return [
        (
            place.anime_id,
            SourceDraft(
                episode_kind=place.kind,
                number=place.number,
                variant=mirror.variant,
                kind=mirror.kind,
                url=mirror.url,
                path=mirror.path,
                quality=mirror.quality,
                label=mirror.label,
                title="" if place.kind == REGULAR else row.label,
            ),
            mirror.is_playable,
        )
        for mirror in mirrors_of(row, provider)
        for place in placed.places
    ]


def _compare(
    plan: _Plan,
    row: ProviderEpisode,
    drafts: Iterable[tuple[int, SourceDraft, bool]],
    linked: Iterable[SourcePlace],
    origin: Origin,
) -> None:
    """Note what of an entry's mirrors the catalogue lacks, what has to move there, and what is no more."""
    wanted = {(anime_id, draft.key(origin)): (draft, may_play) for anime_id, draft, may_play in drafts}
    there = {(place.anime_id, place.key): place.id for place in linked}
    astray: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for (anime_id, key), source_id in there.items():
        if (anime_id, key) not in wanted:
            astray[key.code, key.url, key.path].append(source_id)
    for (anime_id, key), (draft, may_play) in wanted.items():
        movable = astray[key.code, key.url, key.path]
        if (anime_id, key) not in there and (may_play or movable):
            plan.drafts[anime_id].append((row.pk, replace(draft, moves=movable.pop() if movable else None)))
    plan.unlinked |= {(row.pk, source_id) for left in astray.values() for source_id in left}


def _put(plan: _Plan, anime_id: int, origin: Origin) -> int:
    """Put the new sources of one anime and remember whose they are; how many were made."""
    drafts = plan.drafts[anime_id]
    done = sources_put(anime_id=anime_id, drafts=[draft for _, draft in drafts], origin=origin)
    links = []
    for row, draft in drafts:
        source_id = done.ids.get(draft.key(origin))
        if source_id is not None:
            links.append(_Link(providerepisode_id=row, episodesource_id=source_id))
        if draft.moves is not None and draft.moves != source_id:
            plan.unlinked.add((row, draft.moves))
    _Link.objects.bulk_create(links, batch_size=_BATCH, ignore_conflicts=True)
    return done.created


def _unlink(plan: _Plan) -> None:
    """Forget what is no entry's any more; what no other entry has either is out of play."""
    ids = {source_id for _, source_id in plan.unlinked}
    if not ids:
        return
    links = list(_Link.objects.filter(episodesource__in=ids))
    gone = {link.pk for link in links if (link.providerepisode_id, link.episodesource_id) in plan.unlinked}
    _Link.objects.filter(pk__in=gone).delete()
    kept = {link.episodesource_id for link in links if link.pk not in gone}
    if ids - kept:
        sources_retire(source_ids=ids - kept)
