"""Files for the player: `/stream/…`. Access is that of the anime's player, checked on every piece."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from catalog.access import check_adult, check_visible
from catalog.models import Anime, EpisodeSource, SourceKind, SubtitleTrack
from catalog.streaming.files import file_of, sibling_of
from catalog.streaming.ranges import file_response
from catalog.streaming.remade import piece_file
from core.api.problems import problem_response
from core.errors import DomainError, NotFound


@require_safe
def source_file(request: HttpRequest, source_id: int, name: str) -> HttpResponseBase:
    """The file of a local source, or one beside it (playlists name their segments relatively)."""
    try:
        source = _local_source(request, source_id)
        return file_response(request, sibling_of(source.path, name))
    except DomainError as error:
        return problem_response(error, request)


@require_safe
def made_file(request: HttpRequest, source_id: int, name: str) -> HttpResponseBase:
    """A playlist or a piece that is made of a local source's file while it is asked for."""
    try:
        source = _local_source(request, source_id)
        path, max_age = piece_file(source.path, name)
        return file_response(request, path, max_age=max_age)
    except DomainError as error:
        return problem_response(error, request)


@require_safe
def thumbnails_file(request: HttpRequest, source_id: int, name: str) -> HttpResponseBase:
    """The seek thumbnails of a source: a VTT track and the sprites that it names."""
    try:
        source = _local_source(request, source_id)
        if not source.thumbnails_path:
            raise NotFound()
        return file_response(request, sibling_of(source.thumbnails_path, name), max_age=86_400)
    except DomainError as error:
        return problem_response(error, request)


@require_safe
def subtitle_file(request: HttpRequest, track_id: int) -> HttpResponseBase:
    """One subtitle track."""
    try:
        track = SubtitleTrack.objects.select_related("episode__anime").filter(id=track_id).first()
        if track is None:
            raise NotFound()
        _check(request, track.episode.anime)
        return file_response(request, file_of(track.path))
    except DomainError as error:
        return problem_response(error, request)


def _local_source(request: HttpRequest, source_id: int) -> EpisodeSource:
    source = EpisodeSource.objects.select_related("episode__anime").filter(id=source_id, is_enabled=True).first()
    if source is None or source.kind != SourceKind.LOCAL:
        raise NotFound()
    _check(request, source.episode.anime)
    return source


def _check(request: HttpRequest, anime: Anime) -> None:
    """The rule of the player: `AnimeHidden`, `PlayerRestricted`; an anime that was merged away has no files of its own."""
    if anime.merged_into_id is not None:
        raise NotFound()
    check_visible(request.user, anime.visibility, anime.moderation_reason, for_player=True)
    check_adult(request.user, anime.is_adult)
