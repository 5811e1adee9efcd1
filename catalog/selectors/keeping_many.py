"""What an app that keeps files must know of many anime at once: their episodes, when they air, where they can be had."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import DateField, Max, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.importing.calendar import TOKYO
from catalog.models import Anime, AnimeStatus, Episode, EpisodeKind, EpisodeSource, SourceHealth
from catalog.selectors.keeping import FETCHABLE, HEALTH_ORDER, FetchableSource, Place
from catalog.selectors.releases import NATIVE

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AnimeSpan:
    """How many episodes an anime has (None: not known) and since when it airs. `language` is the one spoken in it (BCP 47)."""

    id: int
    title: str
    status: str
    start_date: datetime.date | None
    episode_count: int | None
    language: str

    def has_aired(self, number: int, aired_on: datetime.date | None, *, newest: int, today: datetime.date) -> bool:
        """Whether regular episode `number` was shown by `today` (in Tokyo). `newest` is the highest whose day is past, 0 for none.

        Its own day decides. Without one: all that came before `newest`, nothing of what has not begun, all of what is over;
        of what airs as many as weeks began, where no episode has a day.
        """
        if aired_on is not None:
            return aired_on <= today
        if number <= newest:
            return True
        if not self.is_open(today):
            return True
        if newest or self.status != AnimeStatus.AIRING:
            return False
        return self.start_date is None or number <= (today - self.start_date) // WEEK + 1

    def is_open(self, today: datetime.date) -> bool:
        """Whether episodes without a day may still be to come."""
        return self.status in (AnimeStatus.UPCOMING, AnimeStatus.AIRING) or (
            self.start_date is not None and self.start_date > today
        )


@dataclass(frozen=True, slots=True)
class AirDays:
    """Regular episodes that may be to come: `open` has those whose day is not past, and where the anime is not over those
    without one (None). `newest` is then the highest whose day is past, 0 for none.
    """

    newest: int = 0
    open: dict[int, datetime.date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EpisodeKnown:
    """An episode that has a row. `aired_on` is Tokyo's day, `season` TheTVDB's; None where not known."""

    anime_id: int
    kind: str
    number: int
    title: str
    aired_on: datetime.date | None
    season: int | None
    season_number: int | None


def anime_spans(anime_ids: Collection[int]) -> dict[int, AnimeSpan]:
    """{id: span} of those that exist and were not merged away, whoever may see them; one query."""
    rows = Anime.objects.filter(pk__in=set(anime_ids), merged_into=None)
    fields = ("pk", "title", "status", "start_date", "episode_count", "country")
    return {
        pk: AnimeSpan(pk, title, status, start, count, NATIVE.get(country, "ja"))
        for pk, title, status, start, count, country in rows.values_list(*fields)
    }


def episodes_known(anime_ids: Collection[int]) -> dict[int, dict[Place, EpisodeKnown]]:
    """{anime id: {(kind, number): episode}}, in order; one query."""
    fields = ("anime_id", "kind", "number", "title", "aired_on", "season__number", "season_number")
    rows = Episode.objects.filter(anime__in=set(anime_ids)).order_by("anime", "kind", "number")
    found: dict[int, dict[Place, EpisodeKnown]] = defaultdict(dict)
    for row in rows.values_list(*fields):
        found[row[0]][row[1], row[2]] = EpisodeKnown(*row)
    return dict(found)


def air_days(spans: Iterable[AnimeSpan], *, today: datetime.date) -> dict[int, AirDays]:
    """{anime id: days} of those that have any, without reading the rows of what aired long ago: of an anime that is over, only
    what has a day to come. Three queries.
    """
    ids: dict[bool, set[int]] = {False: set(), True: set()}
    for span in spans:
        ids[span.is_open(today)].add(span.id)
    rows = Episode.objects.filter(kind=EpisodeKind.REGULAR).order_by()
    newest = (
        rows.filter(anime__in=ids[True], aired_on__lte=today).values_list("anime_id").annotate(newest=Max("number"))
    )
    found = {anime_id: AirDays(number) for anime_id, number in newest}
    # What is to come is little, whoever's it is, and has an index. What has no day is looked for among these anime's rows: by
    # the index of days it would be everything undated that there is.
    known = ids[True] | ids[False]
    to_come = rows.filter(aired_on__gt=today).values_list("anime_id", "number", "aired_on")
    for anime_id, number, day in to_come if known else ():
        if anime_id in known:
            found.setdefault(anime_id, AirDays()).open[number] = day
    never = Value(datetime.date.max, output_field=DateField())
    undated = rows.filter(anime__in=ids[True]).alias(day=Coalesce("aired_on", never)).filter(day=never)
    for anime_id, number in undated.values_list("anime_id", "number"):
        found.setdefault(anime_id, AirDays()).open[number] = None
    return found


def sources_of_many(anime_ids: Collection[int]) -> dict[int, dict[Place, list[FetchableSource]]]:
    """{anime id: {(kind, number): sources}} as `sources_fetchable` tells of one, in its order; one query."""
    rows = EpisodeSource.objects.filter(
        episode__anime__in=set(anime_ids), kind__in=FETCHABLE, is_enabled=True, health__in=list(HEALTH_ORDER)
    )
    fields = (
        "episode__anime",
        "episode__kind",
        "episode__number",
        "health",
        "pk",
        "kind",
        "url",
        "translation__kind",
        "translation__language",
        "quality",
        "label",
    )
    found: dict[int, dict[Place, list[FetchableSource]]] = defaultdict(lambda: defaultdict(list))
    ordered = rows.order_by("position", "-quality", "pk").values_list(*fields)
    for row in sorted(ordered, key=lambda row: HEALTH_ORDER[SourceHealth(row[3])]):
        anime_id, episode_kind, number, _health, pk, kind, url, variant, language, height, label = row
        one = FetchableSource(pk, kind, url, variant or "", language or "", height, label)
        found[anime_id][episode_kind, number].append(one)
    return {anime_id: dict(places) for anime_id, places in found.items()}


def today_in_tokyo() -> datetime.date:
    """The day that dates of broadcasts are compared with."""
    return timezone.now().astimezone(TOKYO).date()
