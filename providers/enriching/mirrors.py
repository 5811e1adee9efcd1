"""Ways to play new episodes, read where the operator lets players reach the hosts of them."""

from django.conf import settings
from django.utils import timezone

from providers.adapters import adapter_class
from providers.adapters.contract import Capability
from providers.adapters.drafts import EpisodeDraft
from providers.enriching.asking import asked
from providers.enriching.run import Run
from providers.models import ProviderEpisode, ProviderTitle
from providers.services.mirrors import mirror_keep

MAX_EPISODES = 24
"""How many episodes of a title are read in one enrichment, the newest first; the next one goes on."""


def mirrors_read(run: Run, title: ProviderTitle) -> None:
    """Read the mirrors of a title's episodes that have none yet; each episode for itself. Not those of what the list has no
    more, nor of batches: neither is played.

    Without `PLAYER_HOSTS` no remote mirror could be played, so none is asked for.
    """
    found = adapter_class(title.provider.adapter)
    if (
        found is None
        or Capability.MIRRORS not in found.capabilities
        or not (settings.PLAYER_HOSTS or not found.is_remote)
    ):
        return
    adapter = found()
    unread = title.episodes.filter(mirrors_at=None, gone_at=None, is_batch=False)
    for episode in unread.order_by("-position", "-pk")[:MAX_EPISODES]:
        if episode.pk not in run.done("mirrored"):
            with run.trying(title.provider.name, "mirrored", episode.pk, is_kept=False):
                with asked(title.provider, "mirrors", run.beat) as ask:
                    mirrors = adapter.mirrors(ask, draft_of(episode))
                episode.mirrors = [mirror_keep(mirror) for mirror in mirrors]
                episode.mirrors_at = timezone.now()
                episode.save(update_fields=["mirrors", "mirrors_at"])


def draft_of(episode: ProviderEpisode) -> EpisodeDraft:
    """The line of the list as its adapter told it."""
    return EpisodeDraft(
        label=episode.label,
        url=episode.url,
        first=episode.first,
        last=episode.last,
        season=episode.season,
        released_on=episode.released_on,
        is_batch=episode.is_batch,
        variants=tuple((kind, language) for kind, language in episode.variants),
    )
