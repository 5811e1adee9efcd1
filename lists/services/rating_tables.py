"""Fills a site with many people's lists at once: for trying recommendations on, and for load tests."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.facade import User
from catalog.facade import Site, StubDraft, anime_ids_by_external, anime_stubs_create, ratings_set
from lists.models import ListEntry
from lists.recommending.ratings_file import RatingLine

STUBS_LIMIT = 20_000
"""Anime of one table that the catalogue does not know: as many as one list file has lines. Nobody but the operator can run
this, with a file of their own choice, so that the budgets of imports (`LISTS_STUBS_A_DAY`) do not hold; a table of other
numbers than MAL's stops here, before anything is written.
"""


class TooManyUnknown(ValueError):
    """The table names more unknown anime than `STUBS_LIMIT`: a wrong table, or a catalogue that is not there yet."""


def rating_table_load(*, lines: Iterable[RatingLine], prefix: str = "rater") -> dict[str, int]:
    """Make a person ("rater_0", who cannot sign in) for each in the table, with their list and scores.

    Anime that the catalogue does not know become stubs. People who are there already are filled up; run twice, it is the
    same. Returns {"people", "entries", "stubs"}. Raises `TooManyUnknown` and writes nothing then.
    """
    by_person: dict[str, list[RatingLine]] = defaultdict(list)
    for line in lines:
        by_person[line.person].append(line)
    anime, stubs = _anime_of({line.mal_id for lines in by_person.values() for line in lines})
    password = make_password(None)
    for person, found in by_person.items():
        name = f"{prefix}_{person}"
        with transaction.atomic():
            user = User.objects.filter(username=name).first()
            if user is None:
                user = User(username=name, email=f"{name}@example.invalid", password=password)
                user.search_name = user.search_name_made()
                user.save()
            _list_store(user, [(anime[line.mal_id], line) for line in found])
    return {"people": len(by_person), "entries": sum(map(len, by_person.values())), "stubs": stubs}


def _anime_of(mal_ids: set[int]) -> tuple[dict[int, int], int]:
    """({MAL id: our id}, how many were made)."""
    known = anime_ids_by_external((Site.MAL, str(mal_id)) for mal_id in mal_ids)
    found = {int(value): min(ids) for (_site, value), ids in known.items() if ids}
    missing = sorted(mal_ids - found.keys())
    if len(missing) > STUBS_LIMIT:
        raise TooManyUnknown(f"{len(missing)} anime that the catalogue does not know; at most {STUBS_LIMIT} are taken")
    for start in range(0, len(missing), 500):
        part = missing[start : start + 500]
        drafts = [StubDraft(f"MAL {mal_id}", ((Site.MAL, str(mal_id)),)) for mal_id in part]
        found.update(zip(part, anime_stubs_create(drafts), strict=True))
    return found, len(missing)


def _list_store(user: User, rows: list[tuple[int, RatingLine]]) -> None:
    entries = {
        anime_id: ListEntry(user=user, anime_id=anime_id, status=line.status, episodes_watched=line.episodes_watched)
        for anime_id, line in rows
    }
    ListEntry.objects.bulk_create(
        entries.values(),
        update_conflicts=True,
        unique_fields=["user", "anime"],
        update_fields=["status", "episodes_watched"],
        batch_size=500,
    )
    ratings_set(user=user, scores={anime_id: line.score for anime_id, line in rows if line.score is not None})
