"""What is known of one anime from providers: its titles there, and whether it is being looked at now."""

import datetime
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.facade import User
from catalog.facade import Site, anime_adult_check, anime_detail, anime_ids_by_external
from core.errors import NotFound
from core.models import Job, JobState
from providers.enriching.ages import EPISODES_FRESH, TRIED_AGAIN
from providers.errors import ProviderDisabled, ProviderUnknown, TitleGone
from providers.models import Enrichment, MatchState, Provider, ProviderEpisode, ProviderRole, ProviderTitle
from providers.selectors.title_visibility import title_check
from providers.services.titles import slug_is_formed


@dataclass(frozen=True, slots=True)
class Known:
    """All that is stored. `detail` is the anime's record of the catalogue, None while it is none of ours.

    `titles` have their episodes; `asked` is the title that was asked for, or the surest. `looked_at` is when an enrichment
    last came to an end, `enrichment` the one that stands for this question.
    """

    providers: tuple[Provider, ...]
    detail: dict[str, Any] | None
    mal_id: int | None
    titles: tuple[ProviderTitle, ...] = ()
    asked: ProviderTitle | None = None
    enrichment: Enrichment | None = None
    is_enriching: bool = False
    looked_at: datetime.datetime | None = None

    @property
    def anime_id(self) -> int | None:
        return self.detail["id"] if self.detail else None

    @property
    def is_empty(self) -> bool:
        """Whether neither the catalogue nor a provider says anything."""
        return self.detail is None and self.asked is None

    @property
    def is_known(self) -> bool:
        """Whether there is an episode list or page of a provider to tell."""
        return any(title.detail_at or title.episodes_at for title in self.titles)

    @property
    def is_stale(self) -> bool:
        """Whether asking providers again makes sense: a list is old or was never read, or nothing was ever looked for."""
        now = timezone.now()
        if any(title.episodes_at is None or now - title.episodes_at > EPISODES_FRESH for title in self.titles):
            return self.looked_at is None or now - self.looked_at > EPISODES_FRESH
        return not self.titles and (self.looked_at is None or now - self.looked_at > TRIED_AGAIN)


def provider_get(name: str) -> Provider:
    """The provider of titles with this name. Raises `ProviderUnknown`, `ProviderDisabled`."""
    found = Provider.objects.filter(name=name, role=ProviderRole.TITLES).first()
    if found is None:
        raise ProviderUnknown()
    if not found.is_enabled:
        raise ProviderDisabled()
    return found


def known_by_title(user: User | None, name: str, slug: str) -> Known:
    """What is known of a provider's title and of the anime it is.

    Raises `ProviderUnknown`, `ProviderDisabled`, `TitleGone` (404) for a slug that is gone or that the provider has not told
    of (nothing is known while it is being asked for one, which only those signed in are told), and what the catalogue
    refuses `user`: `AnimeHidden` (410), `AdultNotAllowed` (403); a title that may be a hidden anime is gone.
    """
    provider = provider_get(name)
    title = _titles().filter(provider=provider, slug=slug).first() if slug_is_formed(slug) else None
    if title is None or title.gone_at is not None:
        raise TitleGone()
    if not title.title and title.anime_id is None:
        nothing = _known(None, None, (), None, key=f"title:{title.pk}")
        if not (nothing.is_enriching and getattr(user, "is_authenticated", False)):
            raise TitleGone()
        return nothing
    if title.anime_id is None:
        title_check(user, title)
        return _known(None, None, (title,), title)
    return _of_anime(user, title.anime_id, title)


def known_by_mal(user: User | None, mal_id: int) -> Known:
    """What is known of the anime with this MAL id. Raises `NotFound` when the catalogue has none, and as `known_by_title`."""
    found = anime_ids_by_external([(Site.MAL, str(mal_id)), (Site.SHIKIMORI, str(mal_id))])
    ids = set().union(*found.values())
    if not ids:
        raise NotFound()
    return _of_anime(user, min(ids), None)


def _of_anime(user: User | None, anime_id: int, asked: ProviderTitle | None) -> Known:
    detail = orjson.loads(anime_detail(user, anime_id).text)
    anime_adult_check(user, detail["is_adult"])
    found = _titles().filter(anime=detail["id"], provider__is_enabled=True, gone_at__isnull=True)
    titles = tuple(found.order_by("provider__position", "provider__name", "-confidence", "pk"))
    surest = max(titles, key=lambda title: (title.match_state == MatchState.HUMAN, title.confidence), default=None)
    return _known(detail, detail["mal_id"], titles, asked or surest)


def _titles() -> QuerySet[ProviderTitle]:
    """With their lists as they are now: what a list has no more is left out."""
    episodes = ProviderEpisode.objects.filter(gone_at=None).defer("mirrors").order_by("position", "pk")
    return ProviderTitle.objects.select_related("provider").prefetch_related(Prefetch("episodes", episodes))


def _known(
    detail: dict[str, Any] | None,
    mal_id: int | None,
    titles: tuple[ProviderTitle, ...],
    asked: ProviderTitle | None,
    *,
    key: str = "",
) -> Known:
    key = f"anime:{detail['id']}" if detail else f"title:{asked.pk}" if asked else key
    row = Enrichment.objects.filter(key=key).first()
    ended_at = max((moment for moment in (row.succeeded_at, row.failed_at) if moment), default=None) if row else None
    providers = Provider.objects.filter(role=ProviderRole.TITLES, is_enabled=True).order_by("position", "name")
    return Known(
        tuple(providers),
        detail,
        mal_id,
        titles,
        asked,
        row,
        row is not None and _is_live(row, ended_at),
        ended_at,
    )


def _is_live(row: Enrichment, ended_at: datetime.datetime | None) -> bool:
    """Whether what was asked for last is queued or at work; a query only when it has not ended."""
    if row.job_id is None or (ended_at is not None and ended_at >= row.requested_at):
        return False
    return Job.objects.filter(id=row.job_id, state__in=(JobState.QUEUED, JobState.RUNNING)).exists()
