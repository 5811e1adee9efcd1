"""The whole franchise of an anime, in watch order."""

import datetime
import heapq
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from catalog.models import Anime, Relation, RelationKind

MAX_MEMBERS = 400

INVERSE = {
    RelationKind.SEQUEL: RelationKind.PREQUEL,
    RelationKind.PREQUEL: RelationKind.SEQUEL,
    RelationKind.PARENT: RelationKind.SIDE_STORY,
    RelationKind.SIDE_STORY: RelationKind.PARENT,
    RelationKind.SUMMARY: RelationKind.FULL_STORY,
    RelationKind.FULL_STORY: RelationKind.SUMMARY,
    RelationKind.SPIN_OFF: RelationKind.PARENT,
}
"""How the relation looks from the other end; what is not here looks the same from both."""

WALKED = (
    RelationKind.SEQUEL,
    RelationKind.PREQUEL,
    RelationKind.PARENT,
    RelationKind.SIDE_STORY,
    RelationKind.SUMMARY,
    RelationKind.FULL_STORY,
    RelationKind.ALTERNATIVE_VERSION,
    RelationKind.ALTERNATIVE_SETTING,
    RelationKind.SPIN_OFF,
)
"""What holds a franchise together. A shared character or "other" joins its neighbour only: a crossover is no franchise."""

_CHAIN = frozenset({RelationKind.SEQUEL, RelationKind.PREQUEL})

_MEMBERS = """
WITH RECURSIVE member(id) AS (
    SELECT CAST(%s AS bigint)
    UNION
    SELECT CASE WHEN r.from_anime_id = member.id THEN r.to_anime_id ELSE r.from_anime_id END
    FROM member JOIN catalog_relation r ON (r.from_anime_id = member.id OR r.to_anime_id = member.id)
    WHERE r.kind IN ({kinds})
)
SELECT id FROM member LIMIT {most}
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One anime of a franchise. `watch_order` counts from 1 over the whole franchise; `relation` is "self" for the asked one."""

    anime_id: int
    relation: str
    watch_order: int
    card: bytes


def franchise(anime: Anime, *, shows_hidden: bool = False) -> list[Member]:
    """All visible members with the asked one, in watch order; three queries however large it is.

    `relation` is what the member is to `anime`: the direct relation, else the one that the shortest path amounts to.
    """
    strong = member_ids(anime.pk)
    edges = list(
        Relation.objects.filter(Q(from_anime__in=strong, to_anime__in=strong) | _loose(anime.pk)).values_list(
            "from_anime_id", "to_anime_id", "kind"
        )
    )
    ids = strong | {pk for a, b, _kind in edges for pk in (a, b)}
    rows = Anime.objects.listed(shows_hidden=shows_hidden).filter(pk__in=ids)
    seen = {
        pk: (date, card)
        for pk, date, card in rows.values_list("pk", "start_date", "document__card")
        if card is not None
    }
    order = watch_order({pk: date for pk, (date, _card) in seen.items()}, edges)
    relations = relations_from(anime.pk, edges)
    return [
        Member(
            pk, "self" if pk == anime.pk else relations.get(pk, RelationKind.OTHER.value), number, seen[pk][1].encode()
        )
        for number, pk in enumerate(order, start=1)
    ]


def _loose(anime_id: int) -> Q:
    return (Q(from_anime=anime_id) | Q(to_anime=anime_id)) & ~Q(kind__in=WALKED)


def member_ids(anime_id: int) -> set[int]:
    """The ids of everything that `WALKED` relations reach, this one included, at most 400; one recursive statement."""
    kinds = ", ".join(f"'{kind.value}'" for kind in WALKED)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS.format(kinds=kinds, most=MAX_MEMBERS), [anime_id])
        return {row[0] for row in cursor.fetchall()}


def watch_order(dates: dict[int, datetime.date | None], edges: Iterable[tuple[int, int, str]]) -> list[int]:
    """Ids so that every prequel precedes its sequels; what that leaves open is decided by date, then id; unknown dates last.

    Contradictory data (a circle of sequels) is broken at its earliest member.
    """
    after: dict[int, set[int]] = defaultdict(set)
    waits: dict[int, int] = dict.fromkeys(dates, 0)
    for a, b, kind in edges:
        if kind not in _CHAIN or a not in dates or b not in dates:
            continue
        first, second = (a, b) if kind == RelationKind.SEQUEL else (b, a)
        if second not in after[first]:
            after[first].add(second)
            waits[second] += 1
    late = datetime.date.max

    def key(pk: int) -> tuple[datetime.date, int]:
        return dates[pk] or late, pk

    ready = [key(pk) for pk, count in waits.items() if count == 0]
    heapq.heapify(ready)
    left, order = set(dates), []
    while left:
        date_pk = heapq.heappop(ready) if ready else min(key(pk) for pk in left)
        pk = date_pk[1]
        if pk not in left:
            continue
        left.discard(pk)
        order.append(pk)
        for follower in after[pk]:
            waits[follower] -= 1
            if waits[follower] == 0 and follower in left:
                heapq.heappush(ready, key(follower))
    return order


def relations_from(anime_id: int, edges: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    """{other id: what it is to `anime_id`} over the shortest paths; a direct relation wins over its inverse."""
    steps: dict[int, dict[int, str]] = defaultdict(dict)
    for a, b, kind in edges:
        steps[a][b] = kind
        steps[b].setdefault(a, INVERSE.get(RelationKind(kind), RelationKind(kind)).value)
    for a, b, kind in edges:  # what is stored wins over what was turned round
        steps[a][b] = kind
    found: dict[int, str] = {}
    pending: deque[int] = deque([anime_id])
    while pending:
        here = pending.popleft()
        for there, kind in sorted(steps[here].items()):
            if there != anime_id and there not in found:
                found[there] = kind if here == anime_id else composed(found[here], kind)
                pending.append(there)
    return found


def composed(first: str, second: str) -> str:
    """What the `second` of a `first` is: a sequel's sequel is a sequel, a sequel's side story a side story."""
    if first == second:
        return first
    if first in _CHAIN:
        return RelationKind.OTHER.value if second in _CHAIN else second
    return first if second in _CHAIN else RelationKind.OTHER.value
