"""Which anime a provider's title is: decided by the matcher, or by a person, whose word is final."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from catalog.facade import anime_ids_current
from core import generation
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job
from providers.matching.matcher import Match, matcher
from providers.matching.queries import Query
from providers.models import DECIDED_BY_PEOPLE, MatchState, ProviderTitle

if TYPE_CHECKING:
    from accounts.models import User
    from catalog.models import Anime

MATCH_JOB = "providers.match"
BATCH = 200
"""Titles that are matched between two reports and stored in one transaction."""
_UNDECIDED = (MatchState.OPEN, MatchState.QUEUED, MatchState.NONE)
_STATES = {"auto": MatchState.AUTO, "queue": MatchState.QUEUED, "none": MatchState.NONE}


def title_match(*, title: ProviderTitle, places_episodes: bool = True) -> ProviderTitle:
    """Match and store state, anime, confidence, reasons and at most five candidates; what a person decided stays.

    Call it outside a transaction. Its episodes follow to another anime; without `places_episodes` those of a title that had
    none are left to the caller, who puts them in their places later. Returns the row as it is afterwards.
    """
    if title.match_state not in DECIDED_BY_PEOPLE:
        match = matcher().match(query_of(title))
        with transaction.atomic():
            before = _anime_held(title)
            stored = _store(title, match, anime_ids_current(_ids(match)))
            if stored is not None and stored["anime_id"] != before:
                _anime_changed(title, places_episodes=places_episodes or before is not None)
    title.refresh_from_db()
    return title


def title_decide(*, actor: "User", title: ProviderTitle, anime: "Anime | None") -> ProviderTitle:
    """A person says which anime it is, or (None) that it is none of ours. The caller checked that they may.

    An anime that was merged away stands for the one it is part of. The title's episodes and sources follow at once.
    """
    with transaction.atomic():
        before = _anime_held(title)
        anime_id = anime_ids_current([anime.pk])[anime.pk] if anime is not None else None
        ProviderTitle.objects.filter(pk=title.pk).update(
            match_state=MatchState.HUMAN if anime_id else MatchState.REJECTED,
            anime_id=anime_id,
            confidence=100 if anime_id else 0,
            reasons=["decided by a person"],
            decided_by=actor,
            matched_at=timezone.now(),
        )
        _anime_changed(title, places_episodes=anime_id != before)
    title.refresh_from_db()
    return title


def title_reopen(*, actor: "User", title: ProviderTitle) -> ProviderTitle:
    """Take a decision back: nobody has looked at it yet, and the matcher may again. The caller checked that they may."""
    with transaction.atomic():
        before = _anime_held(title)
        ProviderTitle.objects.filter(pk=title.pk).update(
            match_state=MatchState.OPEN,
            anime=None,
            confidence=0,
            reasons=[],
            candidates=[],
            decided_by=actor,
            matched_at=None,
        )
        _anime_changed(title, places_episodes=before is not None)
    title.refresh_from_db()
    return title


def query_of(title: ProviderTitle) -> Query:
    """What a stored title says of itself. Words that are not texts are left out: they came from a page."""
    others = [title.english_title, title.native_title, *title.alternative_titles]
    return Query(
        title.title,
        tuple(dict.fromkeys(text for text in others if isinstance(text, str) and text and text != title.title)),
        year=title.year,
        kind=title.kind,
        episodes=title.episode_count,
        cover_hash=title.cover_hash if title.cover_hashed_url and title.cover_hashed_url == title.cover_url else None,
        provider=title.provider.name,
    )


def titles_rematch_request() -> bool:
    """Look again at everything that nobody decided, in the background; False when that is being done already."""
    try:
        job_enqueue(kind=MATCH_JOB, unique_key="all")
    except JobExists:
        return False
    return True


@job_kind(MATCH_JOB)
def titles_rematch(context: JobContext) -> dict[str, int]:
    """Match every open, queued or unmatched title again, in batches: a run after a crash goes on behind the last one."""
    done = dict(context.payload) or {"after": 0, "looked_at": 0, "matched": 0}
    total = ProviderTitle.objects.filter(match_state__in=_UNDECIDED).count()
    while titles := _batch(done["after"]):
        context.report(stage="matching", progress=min(99.0, 100 * done["looked_at"] / max(total, 1)))
        matches = matcher().match_many(query_of(title) for title in titles)
        with transaction.atomic():
            context.report()  # holds the job's row: who lost the lease stores nothing
            _hold(titles)
            current = anime_ids_current(set().union(*map(_ids, matches)))
            for title, match in zip(titles, matches, strict=True):
                stored = _store(title, match, current)
                if stored is not None and stored["anime_id"] is not None:
                    _anime_changed(title)
                    done["matched"] += 1
            done["after"] = titles[-1].pk
            done["looked_at"] += len(titles)
            Job.objects.filter(id=context.job_id).update(payload=done)
    return {"looked_at": done["looked_at"], "matched": done["matched"]}


def _batch(after: int) -> list[ProviderTitle]:
    rows = ProviderTitle.objects.filter(pk__gt=after, match_state__in=_UNDECIDED).exclude(title="")
    return list(rows.select_related("provider").order_by("pk")[:BATCH])


def _anime_held(title: ProviderTitle) -> int | None:
    """The anime that the title is of now; its row is held until the transaction ends."""
    held = ProviderTitle.objects.select_for_update().filter(pk=title.pk)
    return held.values_list("anime_id", flat=True).get()


def _hold(titles: Iterable[ProviderTitle]) -> None:
    """Hold their rows in the order in which everybody does; a merge of anime that is under way ends before."""
    rows = ProviderTitle.objects.select_for_update().filter(pk__in=[title.pk for title in titles]).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _anime_changed(title: ProviderTitle, *, places_episodes: bool = True) -> None:
    """A title is another anime's now: its episodes and sources go there. The caller holds a transaction and the row."""
    from providers.services.episodes import sources_sync

    generation.bump_on_commit()  # lists of what airs, and of where an anime is listed, are kept until then
    if places_episodes and title.episodes.exists():
        sources_sync(title=title)


def _store(title: ProviderTitle, match: Match, current: Mapping[int, int]) -> dict[str, Any] | None:
    """One conditional statement: a person who decided meanwhile is not overruled. What was stored, None where nothing was.

    `current` is {id: that of the anime that stands for it now} of the match's anime that are still there.
    """
    columns = _columns(match, current)
    undecided = ProviderTitle.objects.filter(pk=title.pk).exclude(match_state__in=DECIDED_BY_PEOPLE)
    return columns if undecided.update(matched_at=timezone.now(), **columns) else None


def _columns(match: Match, current: Mapping[int, int]) -> dict[str, Any]:
    state = _STATES[match.decision]
    anime_id = current.get(match.anime_id) if match.anime_id is not None else None
    if state == MatchState.AUTO and anime_id is None:  # it vanished since the index was read
        state = MatchState.QUEUED
    return {
        "match_state": state,
        "decided_by": None,
        "anime_id": anime_id if state == MatchState.AUTO else None,
        "confidence": match.confidence,
        "reasons": list(match.reasons),
        "candidates": [
            {
                "anime_id": current[candidate.anime_id],
                "confidence": candidate.confidence,
                "reasons": list(candidate.reasons),
            }
            for candidate in match.candidates
            if candidate.anime_id in current
        ],
    }


def _ids(match: Match) -> set[int]:
    return {candidate.anime_id for candidate in match.candidates}
