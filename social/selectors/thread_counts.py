"""Which conversations there are about an anime, and how much is said in each."""

from dataclasses import dataclass

from social.models import Thread, ThreadKind


@dataclass(frozen=True, slots=True)
class ThreadCounts:
    """`whole`: comments on the anime; `episodes`: (number, comments) of the episodes that are talked about, in order."""

    whole: int
    episodes: tuple[tuple[int, int], ...]


def anime_thread_counts(anime_id: int) -> ThreadCounts:
    """How much is said about an anime and each of its episodes; one query."""
    rows = Thread.objects.filter(anime_id=anime_id, comment_count__gt=0).order_by("episode_number")
    found = list(rows.values_list("kind", "episode_number", "comment_count"))
    return ThreadCounts(
        whole=sum(count for kind, _, count in found if kind == ThreadKind.ANIME),
        episodes=tuple((number, count) for _, number, count in found if number is not None),
    )


def episode_comment_count(anime_id: int, episode_number: int) -> int:
    """How much is said about one episode; one query."""
    rows = Thread.objects.filter(kind=ThreadKind.EPISODE, anime_id=anime_id, episode_number=episode_number)
    return rows.values_list("comment_count", flat=True).first() or 0
