"""Ways to play that others found: put beside the episodes they are of, and out of play when they are gone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from catalog.events import EpisodePublished
from catalog.models import Anime, Episode, EpisodeKind, EpisodeSource, FieldProvenance, SourceHealth, Translation
from catalog.selectors.releases import variants_of_many
from catalog.services.changes import catalog_touch
from core.events import emit

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """Who found them: `name` begins the codes of its translations (at most 40 letters of a slug), `label` is their team.

    Its sources get `position`.
    """

    name: str
    label: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class SourceKey:
    """What one source is: the episode by (kind, number), the translation's `code` ("": none), and where it lies."""

    episode_kind: str
    number: int
    code: str
    url: str
    path: str


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A way to play episode `number` of `episode_kind`; fields as in `EpisodeSource`. `variant` is (sub/dub/raw, language).

    `title` names an episode that has to be made. `moves` is the source that becomes this one, where it stands elsewhere now.
    """

    episode_kind: str
    number: int
    variant: tuple[str, str] | None
    kind: str
    url: str = ""
    path: str = ""
    quality: int = 0
    label: str = ""
    title: str = ""
    moves: int | None = None

    def key(self, origin: Origin) -> SourceKey:
        """The identity of the source that it becomes."""
        return SourceKey(self.episode_kind, self.number, translation_code(origin, self.variant), self.url, self.path)


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A stored source: of which anime, and what it is."""

    id: int
    anime_id: int
    key: SourceKey


@dataclass(slots=True)
class SourcesPut:
    """How many sources and episodes were made, sources moved or revived. `ids` are the origin's own sources by what they are."""

    created: int = 0
    moved: int = 0
    revived: int = 0
    episodes: int = 0
    ids: dict[SourceKey, int] = field(default_factory=dict)


def translation_code(origin: Origin, variant: tuple[str, str] | None) -> str:
    """The code of an origin's translation of a variant, "" for none."""
    return "-".join((origin.name, *variant)).lower()[:64] if variant else ""


def sources_put(*, anime_id: int, drafts: Sequence[SourceDraft], origin: Origin) -> SourcesPut:
    """Make of the drafts what is not there yet: episodes, translations, sources. Nothing for an anime that is merged away.

    One that is dead counts as not checked: it is there again. Never enables what was switched off, takes nothing from rows
    that others made, and asks nothing of hosts: the caller says which addresses are fit. `EpisodePublished` tells each
    variant that did not play before. Constant queries per 500.
    """
    return sources_put_many(puts={anime_id: drafts}, origin=origin)[anime_id]


def sources_put_many(
    *, puts: Mapping[int, Sequence[SourceDraft]], origin: Origin, is_quiet: bool = False
) -> dict[int, SourcesPut]:
    """`sources_put` for several anime in one transaction that rebuilds their documents together; {anime: what was done}.

    The caller keeps the transaction short: some ten anime, some hundreds of drafts. `is_quiet` says nothing of what plays
    from now on (tens of thousands of files of a library that is new here): the passes over all sources find it later.
    """
    done = {anime_id: SourcesPut() for anime_id in sorted(puts)}
    with transaction.atomic():
        rows = Anime.objects.select_for_update(no_key=True).filter(pk__in=list(done), merged_into=None).order_by("pk")
        current = [anime_id for anime_id in rows.values_list("pk", flat=True) if puts[anime_id]]
        numbers = {anime_id: set() if is_quiet else _regular(puts[anime_id]) for anime_id in current}
        before = variants_of_many(numbers)
        known = _episodes({anime_id: puts[anime_id] for anime_id in current})
        episodes = {
            anime_id: _episodes_make(anime_id, puts[anime_id], known[anime_id], done[anime_id]) for anime_id in current
        }
        left = _sources_make(episodes, {anime_id: puts[anime_id] for anime_id in current}, origin, done)
        changed = {key for key, one in done.items() if one.created or one.moved or one.revived or one.episodes}
        touched = changed | left
        published = variants_of_many({anime_id: numbers[anime_id] for anime_id in changed}) - before
        for new in sorted(published, key=lambda new: (new.anime_id, new.number, new.kind, new.language)):
            emit(EpisodePublished(new.anime_id, new.number, new.kind, new.language))
        catalog_touch(anime_ids=touched)
    return done


def _regular(drafts: Iterable[SourceDraft]) -> set[int]:
    return {draft.number for draft in drafts if draft.episode_kind == EpisodeKind.REGULAR}


def sources_retire(*, source_ids: Collection[int]) -> int:
    """Put sources out of play that are gone where they came from (health: dead); how many. Their rows and switches stay."""
    with transaction.atomic():
        rows = EpisodeSource.objects.filter(pk__in=list(source_ids)).exclude(health=SourceHealth.DEAD)
        anime_ids = set(rows.order_by().values_list("episode__anime", flat=True))
        count = rows.update(health=SourceHealth.DEAD)
        catalog_touch(anime_ids=anime_ids)
    return count


def source_places(source_ids: Collection[int]) -> dict[int, SourcePlace]:
    """{id: where it stands} of those that exist; a query per 500."""
    ids = sorted(source_ids)
    fields = ("pk", "episode__anime", "episode__kind", "episode__number", "translation__code", "url", "path")
    found: dict[int, SourcePlace] = {}
    for start in range(0, len(ids), _BATCH):
        rows = EpisodeSource.objects.filter(pk__in=ids[start : start + _BATCH]).order_by()
        for pk, anime_id, kind, number, code, url, path in rows.values_list(*fields):
            found[pk] = SourcePlace(pk, anime_id, SourceKey(kind, number, code or "", url, path))
    return found


def _episodes_make(
    anime_id: int, drafts: Sequence[SourceDraft], found: dict[tuple[str, int], int], done: SourcesPut
) -> dict[tuple[str, int], int]:
    """{(kind, number): id} of the episodes of the drafts, those made that are missing (not in `found`) unless staff locked
    the list.
    """
    missing = {
        (draft.episode_kind, draft.number): draft.title
        for draft in drafts
        if (draft.episode_kind, draft.number) not in found
    }
    if not missing:
        return found
    if FieldProvenance.objects.filter(anime=anime_id, field="episodes", is_locked=True).exists():
        return found
    made = [
        Episode(anime_id=anime_id, kind=kind, number=number, title=title[:500])
        for (kind, number), title in sorted(missing.items())
    ]
    Episode.objects.bulk_create(made, batch_size=_BATCH, ignore_conflicts=True)
    done.episodes = len(made)
    return _episodes({anime_id: drafts})[anime_id]


def _episodes(puts: Mapping[int, Iterable[SourceDraft]]) -> dict[int, dict[tuple[str, int], int]]:
    """{anime: {(kind, number): id}} of the kinds that the drafts name; one query."""
    found: dict[int, dict[tuple[str, int], int]] = {anime_id: {} for anime_id in puts}
    kinds = {draft.episode_kind for drafts in puts.values() for draft in drafts}
    rows = Episode.objects.filter(anime__in=list(puts), kind__in=kinds).order_by()
    for anime_id, kind, number, pk in rows.values_list("anime_id", "kind", "number", "pk"):
        found[anime_id][kind, number] = pk
    return found


@dataclass(slots=True)
class _Plan:
    """What becomes of the drafts of all anime: rows to create, sources to give to another episode, dead ones that play again."""

    created: list[tuple[int, SourceKey, EpisodeSource]] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)
    revived: list[int] = field(default_factory=list)


def _sources_make(
    episodes: Mapping[int, Mapping[tuple[str, int], int]],
    puts: Mapping[int, Sequence[SourceDraft]],
    origin: Origin,
    done: Mapping[int, SourcesPut],
) -> set[int]:
    """Create, move and revive; the anime that sources were moved away from. The ids of the origin's own go into `done`."""
    fit = {
        anime_id: {
            draft.key(origin): draft for draft in drafts if (draft.episode_kind, draft.number) in episodes[anime_id]
        }
        for anime_id, drafts in puts.items()
    }
    variants = {draft.variant for drafts in fit.values() for draft in drafts.values() if draft.variant}
    translations = _translations_make(variants, origin)
    stored = _stored({episodes[one][key.episode_kind, key.number] for one, drafts in fit.items() for key in drafts})
    plan = _Plan()
    for anime_id, drafts in fit.items():
        for key, draft in drafts.items():
            episode_id = episodes[anime_id][key.episode_kind, key.number]
            there = stored.get((episode_id, key.url, key.path))
            if there is not None:
                _revive(key, there, plan, done[anime_id])
            elif draft.moves is not None and draft.moves not in plan.moved:
                plan.moved[draft.moves] = episode_id
                done[anime_id].ids[key] = draft.moves
                done[anime_id].moved += 1
            else:
                row = _source(draft, episode_id, translations.get(key.code), origin)
                plan.created.append((anime_id, key, row))
                done[anime_id].created += 1
    made = EpisodeSource.objects.bulk_create([row for _anime, _key, row in plan.created], batch_size=_BATCH)
    for (anime_id, key, _row), row in zip(plan.created, made, strict=True):
        done[anime_id].ids[key] = row.pk
    if plan.revived:
        EpisodeSource.objects.filter(pk__in=plan.revived).update(health=SourceHealth.UNKNOWN, failures=0)
    return _move(plan.moved) if plan.moved else set()


def _revive(key: SourceKey, there: Mapping[str, tuple[int, str]], plan: _Plan, done: SourcesPut) -> None:
    """Note the stored source that a draft is, where it is the origin's own; one that was dead is there again."""
    if key.code not in there:
        return
    done.ids[key], health = there[key.code]
    if health == SourceHealth.DEAD:
        plan.revived.append(done.ids[key])
        done.revived += 1


def _stored(episode_ids: Collection[int]) -> dict[tuple[int, str, str], dict[str, tuple[int, str]]]:
    """{(episode, url, path): {translation code: (id, health)}} of what these episodes have."""
    found: dict[tuple[int, str, str], dict[str, tuple[int, str]]] = defaultdict(dict)
    ids = sorted(episode_ids)
    for start in range(0, len(ids), _BATCH):
        rows = EpisodeSource.objects.filter(episode__in=ids[start : start + _BATCH]).order_by()
        fields = ("episode_id", "url", "path", "translation__code", "pk", "health")
        for episode_id, url, path, code, pk, health in rows.values_list(*fields):
            found[episode_id, url, path][code or ""] = (pk, health)
    return found


def _translations_make(variants: Collection[tuple[str, str]], origin: Origin) -> dict[str, int]:
    """{code: id} of the origin's translations of these variants, made where they are missing."""
    rows = [
        Translation(code=translation_code(origin, variant), kind=variant[0], language=variant[1], team=origin.label)
        for variant in sorted(variants)
    ]
    if not rows:
        return {}
    codes = [row.code for row in rows]
    known = dict(Translation.objects.filter(code__in=codes).values_list("code", "pk"))
    if missing := [row for row in rows if row.code not in known]:
        Translation.objects.bulk_create(missing, ignore_conflicts=True)
        known = dict(Translation.objects.filter(code__in=codes).values_list("code", "pk"))
    return known


def _source(draft: SourceDraft, episode_id: int, translation_id: int | None, origin: Origin) -> EpisodeSource:
    return EpisodeSource(
        episode_id=episode_id,
        translation_id=translation_id,
        kind=draft.kind,
        url=draft.url,
        path=draft.path,
        quality=draft.quality,
        label=draft.label[:80],
        position=origin.position,
    )


def _move(moved: Mapping[int, int]) -> set[int]:
    """Give sources to other episodes, {source: episode}; the anime that had them."""
    rows = EpisodeSource.objects.select_related("episode").only("episode__anime").in_bulk(list(moved))
    left = {row.episode.anime_id for row in rows.values()}
    for pk, row in rows.items():
        row.episode_id = moved[pk]
    EpisodeSource.objects.bulk_update(rows.values(), ["episode"], batch_size=_BATCH)
    return left
