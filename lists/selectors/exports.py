"""What an export of somebody's list would hold, and what it would leave out."""

from dataclasses import dataclass

from accounts.facade import User
from catalog.facade import external_ids_of
from lists.exporting import FORMATS, ListFormat
from lists.exporting.entries import site_numbers
from lists.models import ListEntry


@dataclass(frozen=True, slots=True)
class ExportOutlook:
    """`without_id` entries have no id on the format's site: they are named in the file, but that site cannot take them."""

    format: ListFormat
    entries: int
    without_id: int


def export_outlooks(user: User) -> list[ExportOutlook]:
    """One for each format. One query, and one for 400 entries."""
    anime_ids = list(ListEntry.objects.filter(user=user).values_list("anime_id", flat=True))
    sites = sorted({site for found in FORMATS.values() for site in found.sites})
    ids = external_ids_of(anime_ids, sites=sites)
    return [
        ExportOutlook(
            format=found,
            entries=len(anime_ids),
            without_id=len(anime_ids) - len(site_numbers(ids, anime_ids, found.sites)) if found.sites else 0,
        )
        for found in FORMATS.values()
    ]
