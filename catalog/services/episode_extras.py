"""What was worked out of local files: seek pictures of a way to play, openings and endings that nobody has reviewed yet."""

from collections.abc import Mapping

from django.db import transaction

from catalog.models import Anime, Episode, EpisodeKind, EpisodeSource, SourceKind, Timecode
from catalog.services.changes import catalog_change_record
from catalog.services.timecodes import SLACK_SECONDS, Spans

DERIVED = "derived:"


@transaction.atomic
def thumbnails_set(*, path: str, thumbnails: str) -> int:
    """Give all local sources of the stored `path` this track of seek pictures ("derived:…"); how many got it.

    One that staff set ("library:…") stands.
    """
    rows = EpisodeSource.objects.select_for_update(of=("self",)).filter(kind=SourceKind.LOCAL, path=path)
    changing = [
        row
        for row in rows.select_related("episode").order_by("pk")
        if row.thumbnails_path != thumbnails and (not row.thumbnails_path or row.thumbnails_path.startswith(DERIVED))
    ]
    for row in changing:
        row.thumbnails_path = thumbnails
    EpisodeSource.objects.bulk_update(changing, ["thumbnails_path"])
    if changing:
        catalog_change_record(anime_ids={row.episode.anime_id for row in changing})
    return len(changing)


@transaction.atomic
def timecodes_propose(*, anime_id: int, spans: Mapping[int, Spans]) -> list[int]:
    """Write openings and endings, {number of a regular episode: spans}, for all translations; the numbers that were written.

    Only where no row of the episode is: what a person reviewed, for any translation, stands, and so does what was proposed before.
    Spans that lie outside of the episode or over each other are passed over, episodes without a row too.
    """
    anime = Anime.objects.select_for_update().filter(pk=anime_id, merged_into=None).first()
    if anime is None:
        return []
    episodes = Episode.objects.filter(anime=anime, kind=EpisodeKind.REGULAR, number__in=list(spans)).order_by("number")
    known = set(anime.timecodes.filter(episode_number__in=list(spans)).values_list("episode_number", flat=True))
    made = [
        Timecode(
            anime=anime,
            episode_number=episode.number,
            intro_start=found.intro_start,
            intro_end=found.intro_end,
            outro_start=found.outro_start,
            outro_end=found.outro_end,
        )
        for episode in episodes
        if episode.number not in known
        and _is_sound(found := spans[episode.number], episode.duration_seconds or anime.duration_seconds)
    ]
    Timecode.objects.bulk_create(made)
    if made:
        catalog_change_record(anime_ids=[anime.pk])
    return [row.episode_number for row in made]


def _is_sound(spans: Spans, length: int | None) -> bool:
    """Whether there is an opening or an ending, each a span within the episode, the one before the other."""
    opening, ending = (spans.intro_start, spans.intro_end), (spans.outro_start, spans.outro_end)
    latest = length + SLACK_SECONDS if length else float("inf")
    found = [pair for pair in (opening, ending) if pair != (None, None)]
    for start, end in found:
        if start is None or end is None or not 0 <= start < end <= latest:
            return False
    return bool(found) and (len(found) < 2 or (opening[1] or 0) <= (ending[0] or 0))
