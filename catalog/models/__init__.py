"""The catalogue: an anime and everything that hangs on it."""

from catalog.models.anime import (
    DESCRIBED_FIELDS,
    AgeRating,
    Anime,
    AnimeKind,
    AnimeSource,
    AnimeStatus,
    SeasonName,
    Visibility,
)
from catalog.models.changes import CatalogChange
from catalog.models.documents import AnimeDocument
from catalog.models.episodes import Episode, EpisodeKind, Season
from catalog.models.external import ExternalId, ExternalScore, Site
from catalog.models.franchise import PendingRelation, Relation, RelationKind
from catalog.models.imports import ImportRun
from catalog.models.labels import AnimeStudio, AnimeTag, Genre, Studio, StudioRole, Tag, TagCategory
from catalog.models.provenance import FieldProvenance
from catalog.models.ratings import Rating
from catalog.models.schedule import BroadcastRule, OfficialLink
from catalog.models.sources import (
    EpisodeSource,
    SourceHealth,
    SourceKind,
    SubtitleFormat,
    SubtitleTrack,
    Translation,
    TranslationKind,
)
from catalog.models.timecodes import Timecode
from catalog.models.titles import Title, TitleKind

__all__ = [
    "DESCRIBED_FIELDS",
    "AgeRating",
    "Anime",
    "AnimeDocument",
    "AnimeKind",
    "AnimeSource",
    "AnimeStatus",
    "AnimeStudio",
    "AnimeTag",
    "BroadcastRule",
    "CatalogChange",
    "Episode",
    "EpisodeKind",
    "EpisodeSource",
    "ExternalId",
    "ExternalScore",
    "FieldProvenance",
    "Genre",
    "ImportRun",
    "OfficialLink",
    "PendingRelation",
    "Rating",
    "Relation",
    "RelationKind",
    "Season",
    "SeasonName",
    "Site",
    "SourceHealth",
    "SourceKind",
    "Studio",
    "StudioRole",
    "SubtitleFormat",
    "SubtitleTrack",
    "Tag",
    "TagCategory",
    "Timecode",
    "Title",
    "TitleKind",
    "Translation",
    "TranslationKind",
    "Visibility",
]
