"""What other apps may ask of the catalogue."""

from catalog.access import (
    EpisodePlace,
    anime_adult_filter,
    anime_id_by_shikimori,
    anime_visible_filter,
    episode_place_query,
)
from catalog.access import check_adult as anime_adult_check
from catalog.access import get_anime as anime_get_visible
from catalog.access import get_episode_place as episode_place_get
from catalog.access import hold_anime as anime_hold
from catalog.api.serializers.cards import CardOut
from catalog.events import AnimeMerged, AnimeMerging, AnimeSplit, AnimeSplitting, EpisodePublished
from catalog.filters.registry import register_filter
from catalog.importing import cleaning
from catalog.importing.calendar import season_of
from catalog.importing.external_sites import IDENTIFYING_SITES, id_is_formed, ids_ordered
from catalog.importing.jikan import anime_map as jikan_anime_map
from catalog.importing.languages import country_of, language_of
from catalog.importing.naming import slug_of
from catalog.importing.precedence import RANKS as SOURCE_RANKS
from catalog.importing.records import (
    AnimeRecord,
    BadRecord,
    BroadcastDraft,
    EpisodeRecord,
    LabelDraft,
    LinkDraft,
    RelationDraft,
    ScoreDraft,
    StudioDraft,
    TitleDraft,
)
from catalog.models import (
    AgeRating,
    AnimeKind,
    AnimeSource,
    AnimeStatus,
    RelationKind,
    SeasonName,
    StudioRole,
    TagCategory,
    TitleKind,
    TranslationKind,
)
from catalog.pages.cards import Badge, CardView, Image, anime_path, card_view, cover_draw, image_of, title_pick
from catalog.pages.paging import Pages, page_number, pages_of
from catalog.pages.schedule_feed import FeedEvent, feed_events, feed_window, ical_response
from catalog.search.changes import State as CatalogState
from catalog.search.changes import changes_since as catalog_changes_since
from catalog.search.changes import is_behind as catalog_is_behind
from catalog.search.changes import state_now as catalog_state_now
from catalog.search.normalise import fold as title_fold
from catalog.search.normalise import season_fold as title_season_fold
from catalog.search.service import titles_search, titles_search_many
from catalog.selectors.anime_facts import AnimeFacts, anime_facts
from catalog.selectors.anime_fields import FieldNow, anime_field_labels, anime_fields
from catalog.selectors.audiences import Audience, anime_audiences
from catalog.selectors.calendar import Airing, Calendar, Window, calendar
from catalog.selectors.cards import (
    anime_cards,
    anime_ids_current,
    anime_ids_existing,
    anime_ids_popular,
    anime_ids_visible,
    episodes_existing,
)
from catalog.selectors.details import anime_detail
from catalog.selectors.episode_numbers import EpisodeNumbers, episode_numbers
from catalog.selectors.external_ids import Site, anime_ids_by_external, external_ids_of, stubs_named
from catalog.selectors.franchise import member_ids as franchise_ids
from catalog.selectors.keeping import (
    EpisodeIdentity,
    FetchableSource,
    episode_identity,
    episode_places,
    episode_timecode,
    sources_fetchable,
)
from catalog.selectors.keeping_many import (
    AirDays,
    AnimeSpan,
    EpisodeKnown,
    air_days,
    anime_spans,
    episodes_known,
    sources_of_many,
    today_in_tokyo,
)
from catalog.selectors.labels_of_many import (
    LabelledAnime,
    genres_counted,
    genres_of_many,
    studios_of_many,
    tags_of_many,
)
from catalog.selectors.mal_labels import LabelPage, anime_of_mal_label, mal_label_id
from catalog.selectors.names import AnimeName, NamedAnime, Names, names_of
from catalog.selectors.news import Upcoming, Updated, anime_upcoming, anime_updated
from catalog.selectors.observed import Observed, Span, observed_register
from catalog.selectors.outlines import AnimeOutline, anime_outlines
from catalog.selectors.posters import AnimePoster, anime_posters, posters_after, posters_missing
from catalog.selectors.ratings import rating_expression, rating_of, ratings_each, ratings_of
from catalog.selectors.releases import Variant, anime_ids_announced, translation_languages, variants_playable
from catalog.selectors.serials import SERIES, SerialPart, episodes_by_tvdb, episodes_in_season, serial_of
from catalog.selectors.similar import co_ratings_register
from catalog.selectors.source_facts import episode_source_facts
from catalog.selectors.standings import AnimeStanding, anime_standings
from catalog.services.anime import anime_create, anime_hide, anime_publish, anime_restrict, anime_update
from catalog.services.anime import fields_lock as anime_fields_lock
from catalog.services.anime_labels import Collections as AnimeCollections
from catalog.services.anime_labels import anime_describe
from catalog.services.changes import catalog_touch
from catalog.services.documents import documents_rebuild_aired, documents_rebuild_stale
from catalog.services.enriching import CHOOSABLE, Applied, record_apply, records_apply, records_apply_many
from catalog.services.enriching import fields_release as anime_fields_release
from catalog.services.episode_extras import thumbnails_set, timecodes_propose
from catalog.services.episode_facts import episodes_apply
from catalog.services.episode_sources import (
    Origin,
    SourceDraft,
    SourceKey,
    SourcePlace,
    SourcesPut,
    source_places,
    sources_put,
    sources_put_many,
    sources_retire,
)
from catalog.services.episode_subtitles import SubtitleDraft, subtitles_below, subtitles_put, subtitles_remove
from catalog.services.local_paths import LocalFacts, local_paths_move, local_sources_describe, sources_at
from catalog.services.merging import anime_merge
from catalog.services.posters import anime_poster_set
from catalog.services.ratings import rating_set, ratings_set, ratings_statistics_refresh
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split, episodes_give
from catalog.services.stubs import StubDraft, anime_stubs_create, anime_stubs_delete
from catalog.services.timecodes import Spans as TimecodeSpans
from catalog.streaming.files import file_of as stored_file
from catalog.streaming.files import library_root, root_register
from catalog.streaming.ranges import file_response
from catalog.streaming.remade import MASTER as MASTER_PLAYLIST
from catalog.streaming.remade import MadeText, Playable, Remaker, remade_register

TRANSLATION_KINDS = frozenset(TranslationKind.values)
"""sub, dub and raw."""

__all__ = [
    "CHOOSABLE",
    "IDENTIFYING_SITES",
    "MASTER_PLAYLIST",
    "SERIES",
    "SOURCE_RANKS",
    "TRANSLATION_KINDS",
    "AgeRating",
    "AirDays",
    "Airing",
    "AnimeCollections",
    "AnimeFacts",
    "AnimeKind",
    "AnimeMerged",
    "AnimeMerging",
    "AnimeName",
    "AnimeOutline",
    "AnimePoster",
    "AnimeRecord",
    "AnimeSource",
    "AnimeSpan",
    "AnimeSplit",
    "AnimeSplitting",
    "AnimeStanding",
    "AnimeStatus",
    "Applied",
    "Audience",
    "BadRecord",
    "Badge",
    "BroadcastDraft",
    "Calendar",
    "CardOut",
    "CardView",
    "CatalogState",
    "EpisodeIdentity",
    "EpisodeKnown",
    "EpisodeNumbers",
    "EpisodePlace",
    "EpisodePublished",
    "EpisodeRecord",
    "EpisodeSpan",
    "FeedEvent",
    "FetchableSource",
    "FieldNow",
    "Image",
    "LabelDraft",
    "LabelPage",
    "LabelledAnime",
    "LinkDraft",
    "LocalFacts",
    "MadeText",
    "NamedAnime",
    "Names",
    "Observed",
    "Origin",
    "Pages",
    "Playable",
    "RelationDraft",
    "RelationKind",
    "Remaker",
    "ScoreDraft",
    "SeasonName",
    "SerialPart",
    "Site",
    "SourceDraft",
    "SourceKey",
    "SourcePlace",
    "SourcesPut",
    "Span",
    "SplitDraft",
    "StubDraft",
    "StudioDraft",
    "StudioRole",
    "SubtitleDraft",
    "TagCategory",
    "TimecodeSpans",
    "TitleDraft",
    "TitleKind",
    "Upcoming",
    "Updated",
    "Variant",
    "Window",
    "air_days",
    "anime_adult_check",
    "anime_adult_filter",
    "anime_audiences",
    "anime_cards",
    "anime_create",
    "anime_describe",
    "anime_detail",
    "anime_facts",
    "anime_field_labels",
    "anime_fields",
    "anime_fields_lock",
    "anime_fields_release",
    "anime_get_visible",
    "anime_hide",
    "anime_hold",
    "anime_id_by_shikimori",
    "anime_ids_announced",
    "anime_ids_by_external",
    "anime_ids_current",
    "anime_ids_existing",
    "anime_ids_popular",
    "anime_ids_visible",
    "anime_merge",
    "anime_of_mal_label",
    "anime_outlines",
    "anime_path",
    "anime_poster_set",
    "anime_posters",
    "anime_publish",
    "anime_restrict",
    "anime_spans",
    "anime_split",
    "anime_standings",
    "anime_stubs_create",
    "anime_stubs_delete",
    "anime_upcoming",
    "anime_update",
    "anime_updated",
    "anime_visible_filter",
    "calendar",
    "card_view",
    "catalog_changes_since",
    "catalog_is_behind",
    "catalog_state_now",
    "catalog_touch",
    "cleaning",
    "co_ratings_register",
    "country_of",
    "cover_draw",
    "documents_rebuild_aired",
    "documents_rebuild_stale",
    "episode_identity",
    "episode_numbers",
    "episode_place_get",
    "episode_place_query",
    "episode_places",
    "episode_source_facts",
    "episode_timecode",
    "episodes_apply",
    "episodes_by_tvdb",
    "episodes_existing",
    "episodes_give",
    "episodes_in_season",
    "episodes_known",
    "external_ids_of",
    "feed_events",
    "feed_window",
    "file_response",
    "franchise_ids",
    "genres_counted",
    "genres_of_many",
    "ical_response",
    "id_is_formed",
    "ids_ordered",
    "image_of",
    "jikan_anime_map",
    "language_of",
    "library_root",
    "local_paths_move",
    "local_sources_describe",
    "mal_label_id",
    "names_of",
    "observed_register",
    "page_number",
    "pages_of",
    "posters_after",
    "posters_missing",
    "rating_expression",
    "rating_of",
    "rating_set",
    "ratings_each",
    "ratings_of",
    "ratings_set",
    "ratings_statistics_refresh",
    "record_apply",
    "records_apply",
    "records_apply_many",
    "register_filter",
    "remade_register",
    "root_register",
    "season_of",
    "serial_of",
    "slug_of",
    "source_places",
    "sources_at",
    "sources_fetchable",
    "sources_of_many",
    "sources_put",
    "sources_put_many",
    "sources_retire",
    "stored_file",
    "stubs_named",
    "studios_of_many",
    "subtitles_below",
    "subtitles_put",
    "subtitles_remove",
    "tags_of_many",
    "thumbnails_set",
    "timecodes_propose",
    "title_fold",
    "title_pick",
    "title_season_fold",
    "titles_search",
    "titles_search_many",
    "today_in_tokyo",
    "translation_languages",
    "variants_playable",
]
