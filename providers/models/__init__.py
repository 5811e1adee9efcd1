"""Tables of the providers app, a file a noun."""

from providers.models.covers import CoverHash
from providers.models.enrichments import Enrichment
from providers.models.episodes import NumberingOverride, ProviderEpisode
from providers.models.health import HostHour, PageFailure, RememberedPage
from providers.models.numbering import EpisodeRedirect, SeriesNumbering
from providers.models.posters import PosterCopy
from providers.models.providers import Provider, ProviderRole
from providers.models.snapshots import FieldSource, MetadataSnapshot
from providers.models.titles import DECIDED_BY_PEOPLE, MatchState, ProviderTitle

__all__ = [
    "DECIDED_BY_PEOPLE",
    "CoverHash",
    "Enrichment",
    "EpisodeRedirect",
    "FieldSource",
    "HostHour",
    "MatchState",
    "MetadataSnapshot",
    "NumberingOverride",
    "PageFailure",
    "PosterCopy",
    "Provider",
    "ProviderEpisode",
    "ProviderRole",
    "ProviderTitle",
    "RememberedPage",
    "SeriesNumbering",
]
