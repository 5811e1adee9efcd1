"""What a source is, for an app above that keeps it with something somebody said of it."""

from typing import Any

from catalog.models import EpisodeKind, EpisodeSource


def episode_source_facts(source_id: int | None, *, anime_id: int, number: int) -> dict[str, Any] | None:
    """`id`, `label`, `kind`, `quality` (pixels, 0 unknown), `health`, `translation` ("" without one) and `team` of a source
    of this regular episode, without where it lies; None for any other. One query, none without an id.
    """
    if source_id is None or not 0 < source_id < 2**63:
        return None
    rows = EpisodeSource.objects.filter(
        pk=source_id, episode__anime=anime_id, episode__number=number, episode__kind=EpisodeKind.REGULAR
    )
    source = rows.select_related("translation").first()
    if source is None:
        return None
    translation = source.translation
    return {
        "id": source.pk,
        "label": source.label,
        "kind": source.kind,
        "quality": source.quality,
        "health": source.health,
        "translation": translation.code if translation else "",
        "team": str(translation) if translation else "",
    }
