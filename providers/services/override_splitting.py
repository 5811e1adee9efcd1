"""Episodes that staff gave to another anime stay there, though the lists of providers go on as they were."""

from collections import defaultdict

from catalog.facade import AnimeSplit
from providers.models import NumberingOverride, ProviderEpisode, ProviderTitle
from providers.numbering.rules import Rule
from providers.services.episode_sources import sources_sync

Run = tuple[int, int | None, int]
"""A title, its season, and what has to be added to its numbers."""


def numbers_follow_split(event: AnimeSplit) -> None:
    """Say of every list with the moved episodes that they are the other anime's now; without it the next look would move
    them back. Where people spoke of the numbers already, what they said was cut before (`titles_follow_split`).

    Then the ways to play of titles that went with their name follow: only now are their numbers known.
    """
    if event.kind:
        _overrides_make(event)
    for title in ProviderTitle.objects.filter(anime=event.to_id, episodes__isnull=False).distinct().order_by("pk"):
        sources_sync(title=title)


def _overrides_make(event: AnimeSplit) -> None:
    runs: dict[Run, list[int]] = defaultdict(list)
    rows = ProviderEpisode.objects.filter(title__anime__in=[event.from_id, event.to_id], first__isnull=False)
    fields = ("title_id", "season", "first", "places")
    for title_id, season, first, places in rows.exclude(rule=Rule.OVERRIDE).values_list(*fields):
        for place, (anime_id, kind, number) in enumerate(places):
            if anime_id == event.from_id and kind == event.kind and event.first <= number <= event.last:
                runs[title_id, season, number - first - place].append(first + place)
    NumberingOverride.objects.bulk_create(
        [
            NumberingOverride(
                title_id=title_id,
                season=season,
                first=min(numbers),
                last=max(numbers),
                anime_id=event.to_id,
                target_kind=event.kind,
                target_first=min(numbers) + shift + event.offset,
            )
            for (title_id, season, shift), numbers in runs.items()
        ],
        ignore_conflicts=True,
    )
