"""Which anime services are asked about next: what airs every day, what is over for long four times a year."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence

from catalog.facade import AnimeStanding, AnimeStatus, anime_standings, external_ids_of
from providers.metadata.client import MetadataClient
from providers.models import MetadataSnapshot

AIRING, UPCOMING, ENDED_LATELY, OTHERWISE = (datetime.timedelta(days=days) for days in (1, 3, 14, 90))
"""How old what a service said may become, by how the anime stands."""
LATELY = datetime.timedelta(days=365)
_CHUNK = 400

Looks = dict[int, dict[str, datetime.datetime]]
"""{anime's id: {service: when it last said or confirmed something of it, be it that there is no such id}}."""


def age_allowed(standing: AnimeStanding, today: datetime.date) -> datetime.timedelta:
    """How old what is known of this anime may become."""
    if standing.status == AnimeStatus.AIRING:
        return AIRING
    if standing.status == AnimeStatus.UPCOMING:
        return UPCOMING
    is_late = standing.ended_on is not None and today - standing.ended_on <= LATELY
    return ENDED_LATELY if is_late else OTHERWISE


def looks_of(services: Collection[str], anime_ids: Collection[int] | None = None) -> Looks:
    """When these services last spoke of these anime (None: of all). One query."""
    rows = MetadataSnapshot.objects.filter(source__in=list(services), anime__isnull=False)
    if anime_ids is not None:
        rows = rows.filter(anime__in=list(anime_ids))
    found: Looks = defaultdict(dict)
    for anime_id, source, at in rows.values_list("anime_id", "source", "checked_at"):
        found[anime_id][source] = max(at, found[anime_id].get(source, at))
    return found


def anime_due(clients: Sequence[MetadataClient], *, limit: int, now: datetime.datetime) -> list[int]:
    """At most `limit` anime of which one of the services should be asked: those nobody was ever asked about by
    popularity, then those that may age the least, the longest unasked first.
    """
    looks = looks_of([client.name for client in clients])
    waiting = []
    for standing in anime_standings():
        seen = looks.get(standing.id, {})
        age = age_allowed(standing, now.date())
        late = [client for client in clients if client.name not in seen or now - seen[client.name] >= age]
        if late:
            order = (age, min(seen.values()), 0) if seen else (datetime.timedelta(0), now, -standing.popularity)
            waiting.append((order, standing.id, late))
    waiting.sort(key=lambda found: found[:2])
    due: list[int] = []
    for start in range(0, len(waiting), _CHUNK):
        chunk = waiting[start : start + _CHUNK]
        ids = external_ids_of([anime_id for _order, anime_id, _late in chunk])
        due += [key for _order, key, late in chunk if any(client.id_among(ids.get(key, {})) for client in late)]
        if len(due) >= limit:
            break
    return due[:limit]
