"""Noticing episodes that became playable, and telling who watches the anime, by the variants that they wish for."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from catalog.facade import EpisodePublished, Variant, anime_ids_announced, anime_outlines, variants_playable
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job, JobState
from lists.facade import Watcher, watchers_of
from social.models import EpisodeRelease, ReleaseScan
from social.notices import NEW_EPISODE
from social.services.episode_wishes import ANYTHING, Release, releases_wanted, wishes_of_many
from social.services.notifications import Notice, notify

KIND = "social.new_episodes"
SOURCES_A_STEP, PEOPLE_A_STEP = 2_000, 500
FULL_EVERY = timedelta(hours=1)
"""How often all sources are read again: one may have been switched on, or been written before one with a smaller id."""
JOBS_A_RUN = 500
KEPT = timedelta(days=7)

Episodes = Mapping[int, Collection[Release]]


def releases_scan() -> int:
    """Make a row of every variant that plays now and had none; how many there were. Every minute, by several workers at will.

    Each step holds the one row of `ReleaseScan`, so a crash loses nothing. The first pass over the library is the
    baseline: it tells nobody. Nor does what appears of hidden, restricted or adult anime, ever.
    """
    _full_pass_begin()
    made, step = 0, _scan_step()
    while step is not None:
        made, step = made + step, _scan_step()
    return made


def _full_pass_begin() -> None:
    ReleaseScan.objects.get_or_create(pk=1)
    due = ReleaseScan.objects.filter(pk=1, full_at__lt=timezone.now() - FULL_EVERY)
    due.update(last_source_id=0, full_at=timezone.now())


@transaction.atomic
def _scan_step() -> int | None:
    """One step of the pass; None at its end."""
    scan = ReleaseScan.objects.select_for_update().get(pk=1)
    found = variants_playable(after_id=scan.last_source_id, limit=SOURCES_A_STEP)
    if found.last_id is None:
        if scan.full_at is None:
            ReleaseScan.objects.filter(pk=1).update(full_at=timezone.now())
        return None
    made = _releases_make(found.variants, is_baseline=scan.full_at is None)
    ReleaseScan.objects.filter(pk=1).update(last_source_id=found.last_id)
    return made


def release_note(event: EpisodePublished) -> None:
    """Make the row of a variant that plays from now on, inside the transaction that says so: the next round of telling,
    within the minute, finds it. The pass over all sources would too, and makes no second one; before its baseline is over
    this tells nobody either.
    """
    variant = Variant(event.anime_id, event.number, event.kind, event.language)
    is_baseline = not ReleaseScan.objects.filter(pk=1, full_at__isnull=False).exists()
    _releases_make([variant], is_baseline=is_baseline)


def _releases_make(variants: Collection[Variant], *, is_baseline: bool) -> int:
    anime_ids = {one.anime_id for one in variants}
    rows = EpisodeRelease.objects.filter(anime__in=anime_ids, episode_number__in={one.number for one in variants})
    known = set(rows.values_list("anime_id", "episode_number", "kind", "language"))
    fresh = [one for one in variants if (one.anime_id, one.number, one.kind, one.language) not in known]
    announced = set() if is_baseline or not fresh else anime_ids_announced({one.anime_id for one in fresh})
    now = timezone.now()
    made = [
        EpisodeRelease(
            anime_id=one.anime_id,
            episode_number=one.number,
            kind=one.kind,
            language=one.language,
            told_at=None if one.anime_id in announced else now,
        )
        for one in fresh
    ]
    EpisodeRelease.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    return len(made)


def releases_tell() -> int:
    """Enqueue a job for each anime with releases that nobody was told of; how many. One at a time for an anime."""
    waiting = EpisodeRelease.objects.filter(told_at=None).order_by().values_list("anime_id", flat=True).distinct()
    begun = 0
    for anime_id in list(waiting[:JOBS_A_RUN]):
        try:
            job_enqueue(kind=KIND, payload={"anime_id": anime_id}, unique_key=str(anime_id))
        except JobExists:
            continue
        begun += 1
    return begun


@job_kind(KIND)
def new_episodes_tell(context: JobContext) -> dict[str, int]:
    """Tell everybody who watches the anime, in chunks: a run after a crash goes on behind the last one that was told."""
    payload = context.payload
    anime_id = int(payload["anime_id"])
    if "release_ids" not in payload:
        waiting = EpisodeRelease.objects.filter(anime=anime_id, told_at=None)
        payload["release_ids"] = list(waiting.order_by("pk").values_list("pk", flat=True))
        Job.objects.filter(id=context.job_id).update(payload=payload)
    fresh, earlier = _by_episode(anime_id, payload["release_ids"])
    outline = anime_outlines(anime_ids_announced([anime_id])).get(anime_id)
    while outline is not None and fresh:
        with transaction.atomic():
            context.report()  # holds the job's row: who lost the lease tells nobody
            after = uuid.UUID(payload["after"]) if payload.get("after") else None
            people = watchers_of(anime_id, after=after, limit=PEOPLE_A_STEP)
            if not people:
                break
            told = _tell(anime_id, outline.title, people, fresh, earlier)
            payload = {**payload, "after": str(people[-1].user_id), "told": payload.get("told", 0) + told}
            Job.objects.filter(id=context.job_id).update(payload=payload)
    EpisodeRelease.objects.filter(pk__in=payload["release_ids"]).update(told_at=timezone.now())
    return {"told": payload.get("told", 0)}


def _by_episode(anime_id: int, release_ids: Collection[int]) -> tuple[Episodes, Episodes]:
    """(what is to be told, what was there before), by episode."""
    rows = EpisodeRelease.objects.filter(anime=anime_id).order_by("pk")
    fresh, earlier = defaultdict(list), defaultdict(list)
    of_now = set(release_ids)
    for pk, number, kind, language, told_at in rows.values_list("pk", "episode_number", "kind", "language", "told_at"):
        if pk in of_now:
            fresh[number].append((kind, language))
        elif told_at is not None:
            earlier[number].append((kind, language))
    return fresh, earlier


def _tell(anime_id: int, title: str, people: list[Watcher], fresh: Episodes, earlier: Episodes) -> int:
    """Tell these people, those of the same wishes and progress together."""
    wishes = wishes_of_many([one.user_id for one in people], anime_id)
    groups: dict[tuple[tuple[int, ...], tuple[Release, ...]], list[uuid.UUID]] = defaultdict(list)
    for one in people:
        episodes, variants = [], set[Release]()
        for number in fresh:
            if number <= one.episodes_watched:
                continue
            wished = wishes.get(one.user_id, ANYTHING)
            if wanted := releases_wanted(wished, fresh=fresh[number], earlier=earlier.get(number, ())):
                episodes.append(number)
                variants |= wanted
        if episodes:
            groups[tuple(sorted(episodes)), tuple(sorted(variants))].append(one.user_id)
    return sum(
        notify(user_ids=who, notice=new_episode_notice(anime_id, title, episodes, variants))
        for (episodes, variants), who in sorted(groups.items())
    )


def new_episode_notice(anime_id: int, title: str, episodes: Collection[int], variants: Collection[Release]) -> Notice:
    """What somebody is told of `episodes` that play in `variants` now. It leads to the first of them."""
    first = min(episodes)
    names = "+".join(f"{kind}-{language}" for kind, language in variants)
    return Notice(
        kind=NEW_EPISODE,
        group=f"episode:{anime_id}:{first}:{names}"[:120],
        url=reverse("watch", args=[anime_id, first]),
        context={"about": title, "episodes": list(episodes), "variants": [list(one) for one in variants]},
        anime_id=anime_id,
    )


def jobs_trim() -> int:
    """Delete the rows of jobs of this kind that were over a week ago; how many went."""
    over = Job.objects.filter(kind=KIND, finished_at__lt=timezone.now() - KEPT)
    return over.filter(state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED]).delete()[0]
