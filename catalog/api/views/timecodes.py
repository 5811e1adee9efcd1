"""Openings and endings: reading them, and curating them for staff."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalog.access import anime_id_by_shikimori, get_anime, get_anime_id
from catalog.api.bodies import extended, page_body
from catalog.api.parameters import COPY, HIDDEN_ANSWER, PAGES, TRANSLATION
from catalog.api.permissions import TimecodeEditor
from catalog.api.serializers.cards import MissingPageOut
from catalog.api.serializers.timecodes import TimecodeIn, TimecodeOut
from catalog.selectors.timecodes import anime_timecodes, timecode_row, timecodes_missing
from catalog.services.timecodes import Spans, timecode_copy, timecode_delete, timecode_set
from core.api.documents import Ask, Document, DocumentView
from core.api.pagination import PageQuery
from core.api.renderers import json_bytes
from core.api.scopes import Scope
from core.api.views import Response, View
from core.errors import ValidationFailed

MAX_CODE = 64


def translation_of(request: Request, name: str = "translation_id", *, required: bool = False) -> str:
    """A translation's code in the query string; 422 when it is too long, or missing where it is required."""
    given = request.query_params.get(name)
    if given is None and required:
        raise ValidationFailed({name: [_("This parameter is required; it may be empty.")]})
    if given is not None and (len(given) > MAX_CODE or "\x00" in given):
        raise ValidationFailed({name: [_("There is no such translation.")]})
    return given or ""


class AnimeTimecodes(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset()
    also_answers = HIDDEN_ANSWER

    @extend_schema(responses=TimecodeOut(many=True))
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Every reviewed (episode, translation). Null pairs say "there is none"; "" is the fallback of all translations."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, id: int, **kwargs: Any) -> Document:
        return Document(json_bytes(anime_timecodes(get_anime(ask.user, id).pk)))


class AnimeTimecodesByShikimori(AnimeTimecodes):
    @extend_schema(responses=TimecodeOut(many=True))
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The same by Shikimori id; an empty list when the anime is unknown here."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, sid: str, **kwargs: Any) -> Document:
        anime_id = anime_id_by_shikimori(sid)
        return Document(b"[]") if anime_id is None else super().document(ask, id=anime_id)


class StaffTimecodes(View):
    access, query = TimecodeEditor, frozenset()
    also_answers = HIDDEN_ANSWER

    @extend_schema(responses=TimecodeOut(many=True))
    def get(self, request: Request, id: int) -> Response:
        """What the public list says, for the people who curate it."""
        return Response(anime_timecodes(get_anime(request.user, id).pk))


class StaffTimecode(View):
    access = TimecodeEditor
    also_answers = HIDDEN_ANSWER

    @extend_schema(parameters=[TRANSLATION], request=TimecodeIn, responses=TimecodeOut)
    def put(self, request: Request, id: int, ep: int) -> Response:
        """Write opening and ending of one (episode, translation)."""
        anime, code = get_anime(request.user, id), translation_of(request)
        spans = Spans(**self.parse(TimecodeIn))
        row = timecode_set(actor=request.user, anime=anime, episode_number=ep, translation_id=code, spans=spans)
        return Response(timecode_row(row))

    @extend_schema(parameters=[TRANSLATION], request=None, responses={204: None})
    def delete(self, request: Request, id: int, ep: int) -> Response:
        """Take the row away: the episode counts as not reviewed. Nothing happens when there is none."""
        anime, code = get_anime(request.user, id), translation_of(request)
        timecode_delete(anime=anime, episode_number=ep, translation_id=code)
        return Response(status=204)


class StaffTimecodeByShikimori(StaffTimecode):
    @extend_schema(parameters=[TRANSLATION], request=TimecodeIn, responses=TimecodeOut)
    def put(self, request: Request, sid: str, ep: int) -> Response:
        """Write opening and ending by Shikimori id."""
        return super().put(request, get_anime_id(sid), ep)

    @extend_schema(parameters=[TRANSLATION], request=None, responses={204: None})
    def delete(self, request: Request, sid: str, ep: int) -> Response:
        """Take the row away by Shikimori id."""
        return super().delete(request, get_anime_id(sid), ep)


class StaffTimecodeCopy(View):
    access = TimecodeEditor
    also_answers = HIDDEN_ANSWER

    @extend_schema(parameters=COPY, request=None, responses=TimecodeOut)
    def post(self, request: Request, id: int, ep: int) -> Response:
        """Copy one translation's times to another's of the same episode. 404 when there is nothing to copy."""
        anime = get_anime(request.user, id)
        source = translation_of(request, "from", required=True)
        target = translation_of(request, "to", required=True)
        row = timecode_copy(actor=request.user, anime=anime, episode_number=ep, source=source, target=target)
        return Response(timecode_row(row))


class StaffTimecodesMissing(DocumentView):
    access, query = TimecodeEditor, frozenset({"page", "page_size"})

    @extend_schema(parameters=PAGES, responses=MissingPageOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Anime with a playable episode that nobody has reviewed, best scores first."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        query = PageQuery.of(ask.params)
        page = timecodes_missing(query)
        items = [
            extended(card, missing_episodes=missing, first_missing_episode=first) for card, missing, first in page.items
        ]
        body = page_body(ask.path, ask.params, query, count=page.count, items=items)
        return Document(body, is_shared=False)
