"""Making two anime of one that mixed two works, and giving episodes of one to another."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.events import AnimeSplit, AnimeSplitting
from catalog.models import (
    Anime,
    Episode,
    EpisodeKind,
    ExternalId,
    ExternalScore,
    RelationKind,
    Season,
    Timecode,
    Title,
    TitleKind,
)
from catalog.services.anime import anime_create, fields_lock
from catalog.services.changes import catalog_touch
from catalog.services.relations import relation_add
from core.errors import Conflict, ValidationFailed
from core.events import emit

_INHERITED = ("visibility", "moderation_reason")
"""What staff decided about all that was one anime: taken-down episodes are not shown under another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSpan:
    """Episodes `first` to `last` of one kind. `is_renumbered`: in the other anime they count from 1."""

    first: int
    last: int
    kind: str = EpisodeKind.REGULAR.value
    is_renumbered: bool = True

    @property
    def offset(self) -> int:
        return 1 - self.first if self.is_renumbered else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitDraft:
    """What the new anime gets: `fields` as `anime_create` takes them (`title` is needed), rows of the old one by their keys,
    its episodes. `relation`: what the new one is to the old (a `RelationKind`, "" for nothing).
    """

    fields: Mapping[str, Any]
    title_ids: Collection[int] = ()
    external_id_ids: Collection[int] = ()
    episodes: EpisodeSpan | None = None
    relation: str = ""


@dataclass(slots=True)
class _Wrong:
    """What is the matter with a draft, by its field."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        self.fields.setdefault(name, []).append(text)

    def raise_if_any(self) -> None:
        if self.fields:
            raise ValidationFailed(self.fields)


def anime_split(*, actor: User | None, anime: Anime, draft: SplitDraft) -> Anime:
    """A new anime with what `draft` takes from `anime`; gives the new one.

    Episodes bring their sources, subtitles and times; upper apps move what people have of them on `AnimeSplit`. A score
    elsewhere follows when no id of its site stays. List entries, ratings, labels, relations and counts stay: the count of
    both is for staff to set. Names, ids and episodes of the old one are locked, so that no import brings back what went.
    `anime_merge` makes one of them again, after `episodes_give` where episodes were renumbered.
    Raises `Conflict` for an anime that was merged away, `ValidationFailed` for a draft that does not fit; nothing has
    changed then.
    """
    with transaction.atomic():
        emit(AnimeSplitting(from_id=anime.pk))
        anime = _held(anime)
        titles = list(Title.objects.filter(anime=anime, pk__in=draft.title_ids))
        ids = list(ExternalId.objects.filter(anime=anime, pk__in=draft.external_id_ids))
        _check(anime, draft, titles, ids)
        made = anime_create(actor=actor, **{"is_adult": anime.is_adult, "country": anime.country, **draft.fields})
        Anime.objects.filter(pk=made.pk).update(**{name: getattr(anime, name) for name in _INHERITED})
        _titles_move(titles, made)
        _ids_move(ids, anime, made)
        if draft.episodes:
            _span_move(anime, made, draft.episodes, draft.episodes.offset)
        went = {"titles": titles, "external_ids": ids, "episodes": draft.episodes}
        fields_lock(anime=anime, names=[name for name, given in went.items() if given], actor=actor)
        if draft.relation:
            relation_add(actor=actor, from_anime=anime, to_anime=made, kind=draft.relation)
        emit(_event(anime, made, draft.episodes, ids))
        catalog_touch(anime_ids=[anime.pk, made.pk])
    made.refresh_from_db()
    return made


def episodes_give(*, actor: User | None, giver: Anime, taker: Anime, span: EpisodeSpan, offset: int) -> None:
    """Move episodes of one anime to another, each to its number plus `offset`; all that hangs on them follows.

    Raises `Conflict` for an anime that was merged away, the same one twice, or numbers that the other has already, and
    `ValidationFailed` where there are no such episodes.
    """
    if giver.pk == taker.pk:
        raise Conflict()
    with transaction.atomic():
        emit(AnimeSplitting(from_id=giver.pk))
        first, second = sorted((giver, taker), key=lambda one: one.pk)
        held = {one.pk: one for one in (_held(first), _held(second))}
        giver, taker = held[giver.pk], held[taker.pk]
        wrong = _Wrong()
        _span_check(giver, span, offset, wrong)
        wrong.raise_if_any()
        there = Episode.objects.filter(anime=taker, kind=span.kind)
        if there.filter(number__range=(span.first + offset, span.last + offset)).exists():
            raise Conflict(_("The other anime has episodes of these numbers already."))
        _span_move(giver, taker, span, offset)
        for one in (giver, taker):
            fields_lock(anime=one, names=["episodes"], actor=actor)
        emit(AnimeSplit(giver.pk, taker.pk, span.kind, span.first, span.last, offset))
        catalog_touch(anime_ids=[giver.pk, taker.pk])


def _held(anime: Anime) -> Anime:
    """The row as it is now. People may go on writing rows that name it (no key of it changes)."""
    row = Anime.objects.select_for_update(no_key=True).filter(pk=anime.pk).first()
    if row is None or row.merged_into_id:
        raise Conflict(_("This anime has become part of another."))
    return row


def _check(anime: Anime, draft: SplitDraft, titles: list[Title], ids: list[ExternalId]) -> None:
    wrong = _Wrong()
    if not str(draft.fields.get("title") or "").strip():
        wrong.add("title", _("The new anime needs a title."))
    if len(titles) != len(set(draft.title_ids)):
        wrong.add("title_ids", _("Some of these titles are not of this anime."))
    if any(title.kind == TitleKind.MAIN and title.text == anime.title for title in titles):
        wrong.add("title_ids", _("The main title stays where it is."))
    if len(ids) != len(set(draft.external_id_ids)):
        wrong.add("external_id_ids", _("Some of these ids are not of this anime."))
    if draft.relation and draft.relation not in RelationKind.values:
        wrong.add("relation", _("There is no such relation."))
    if draft.episodes:
        _span_check(anime, draft.episodes, draft.episodes.offset, wrong)
    wrong.raise_if_any()


def _span_check(anime: Anime, span: EpisodeSpan, offset: int, wrong: _Wrong) -> None:
    if span.kind not in EpisodeKind.values:
        wrong.add("episodes", _("There is no such kind of episode."))
    elif not 0 <= span.first <= span.last or span.first + offset < 0:
        wrong.add("episodes", _("The first episode comes before the last, and none before 0."))
    elif not _span_of(anime, span).exists():
        wrong.add("episodes", _("The anime has none of these episodes."))


def _span_of(anime: Anime, span: EpisodeSpan) -> Any:
    return Episode.objects.filter(anime=anime, kind=span.kind, number__range=(span.first, span.last))


def _titles_move(titles: list[Title], made: Anime) -> None:
    """A former main title is a synonym there: the new anime has one of its own."""
    known = set(made.titles.values_list("text", "language", "kind"))
    for title in titles:
        if title.kind == TitleKind.MAIN:
            title.kind = TitleKind.SYNONYM
        if (title.text, title.language, title.kind) in known:
            title.delete()
        else:
            title.anime = made
            title.save(update_fields=["anime", "kind"])


def _ids_move(ids: list[ExternalId], anime: Anime, made: Anime) -> None:
    ExternalId.objects.filter(pk__in=[row.pk for row in ids]).update(anime=made)
    left = set(ExternalId.objects.filter(anime=anime).values_list("site", flat=True))
    gone = {row.site for row in ids} - left
    ExternalScore.objects.filter(anime=anime, site__in=gone).update(anime=made)


def _span_move(giver: Anime, taker: Anime, span: EpisodeSpan, offset: int) -> None:
    """Sources and subtitles hang on the rows; seasons and timecodes are the anime's and follow by number."""
    rows = _span_of(giver, span)
    seasons = Season.objects.filter(pk__in=rows.exclude(season=None).values("season")).order_by("pk")
    for season in list(seasons):
        same, _is_new = Season.objects.get_or_create(anime=taker, number=season.number, defaults={"name": season.name})
        rows.filter(season=season).update(season=same)
        if not season.episodes.exists():
            season.delete()
    rows.update(anime=taker, number=F("number") + offset)
    if span.kind != EpisodeKind.REGULAR:
        return
    times = Timecode.objects.filter(anime=giver, episode_number__range=(span.first, span.last))
    taken = set(Timecode.objects.filter(anime=taker).values_list("episode_number", "translation_id"))
    double = [row.pk for row in times if (row.episode_number + offset, row.translation_id) in taken]
    Timecode.objects.filter(pk__in=double).delete()
    times.update(anime=taker, episode_number=F("episode_number") + offset)


def _event(anime: Anime, made: Anime, span: EpisodeSpan | None, ids: list[ExternalId]) -> AnimeSplit:
    pairs = tuple((row.site, row.value) for row in ids)
    if span is None:
        return AnimeSplit(anime.pk, made.pk, external_ids=pairs)
    return AnimeSplit(anime.pk, made.pk, span.kind, span.first, span.last, span.offset, pairs)
