"""Taking over what the mapping files say: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from core import generation
from providers.models import EpisodeRedirect, SeriesNumbering
from providers.numbering.anime_list import SeriesDraft
from providers.numbering.relations import RedirectDraft

_BATCH = 1000


def numbering_replace(
    *, redirects: Sequence[RedirectDraft] | None = None, series: Sequence[SeriesDraft] | None = None
) -> None:
    """Keep exactly these from now on, in one transaction; None leaves what is there. What people set is not touched."""
    with transaction.atomic():
        if redirects is not None:
            EpisodeRedirect.objects.all().delete()
            EpisodeRedirect.objects.bulk_create([EpisodeRedirect(**asdict(row)) for row in redirects], _BATCH)
        if series is not None:
            SeriesNumbering.objects.all().delete()
            SeriesNumbering.objects.bulk_create([SeriesNumbering(**asdict(row)) for row in series], _BATCH)
        generation.bump_on_commit()  # lists are kept with the places of their episodes
