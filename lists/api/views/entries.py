"""`/anime-list`: the caller's own list, and the lists of others."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.facade import anime_id_by_shikimori, anime_ids_current
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.throttles import Limit
from lists import services
from lists.access import entries_of, get_list
from lists.api.entry_filters import OWN, OWN_PARAMETERS, PARAMETERS, SHARED, entry_query_of
from lists.api.serializers.entries import (
    EntryChangesIn,
    EntryIn,
    EntryOut,
    EntryPageOut,
    EntrySavedOut,
    EntryTagOut,
    EpisodeCountedOut,
    EpisodeIn,
)
from lists.errors import NotOnList
from lists.models import ChangeSource, ListActivity
from lists.selectors.entries import EntryRow, entries_page, entry_row, tags_of
from lists.services.wanted_anime import anime_id_wanted

PRIVATE = {"Cache-Control": "private, no-store"}
LIST_LIMIT = Limit("lists-read", 240, 60)
HIDDEN_ANSWER = {"410": "This anime was taken down"}
_TAGS = ["Anime list"]


def _wanted(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry in a body; a date of null is none."""
    return {name: "" if value is None and name.endswith("_on") else value for name, value in data.items()}


def _page(request: Request, entries: Any) -> Response:
    page, query = PageQuery.of(request.query_params), entry_query_of(request.query_params)
    found = entries_page(request.user, entries, query, offset=page.offset, size=page.size)
    rows = EntryOut(found.rows, many=True).data
    body = page_envelope(request.path, request.query_params, page, count=found.count, results=rows)
    return Response(body, headers=PRIVATE)


def _row(request: Request, anime_id: int) -> EntryRow:
    row = entry_row(request.user, anime_ids_current([anime_id]).get(anime_id, anime_id))
    if row is None:
        raise NotOnList()
    return row


def _saved(request: Request, anime_id: int, activity: ListActivity | None) -> dict[str, Any]:
    return {**EntryOut(_row(request, anime_id)).data, "activity_id": str(activity.pk) if activity else None}


class UserEntries(View):
    access, scopes, query = Public, Scope.LISTS_READ, SHARED
    limits = {"GET": (LIST_LIMIT,)}

    @extend_schema(operation_id="user_anime_list", tags=_TAGS, parameters=PARAMETERS, responses=EntryPageOut)
    def get(self, request: Request, username: str) -> Response:
        """Somebody's list as its owner shows it: without private entries and notes. 404 when it is not shown at all."""
        return _page(request, get_list(request.user, username).entries)


class Entries(View):
    access, query = SignedIn, OWN
    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.LISTS_WRITE}
    also_answers = {"404": "No such anime", **HIDDEN_ANSWER}

    @extend_schema(operation_id="anime_list", tags=_TAGS, parameters=OWN_PARAMETERS, responses=EntryPageOut)
    def get(self, request: Request) -> Response:
        """The caller's own list."""
        return _page(request, entries_of(request.user, request.user))

    @extend_schema(
        operation_id="anime_list_add",
        tags=_TAGS,
        request=EntryIn,
        responses={200: EntrySavedOut, 201: EntrySavedOut},
    )
    def post(self, request: Request) -> Response:
        """Add an anime or change its entry (200). An unknown Shikimori id becomes a stub that enrichment fills."""
        data = self.parse(EntryIn)
        ids = {name: data.pop(name, None) for name in ("anime_id", "shikimori_id")}
        anime_id = anime_id_wanted(user=request.user, **ids)
        done = services.entry_set(user=request.user, anime_id=anime_id, source=ChangeSource.API, **_wanted(data))
        body = _saved(request, done.entry.anime_id, done.activity)
        return Response(body, status=201 if done.is_new else 200)


class Entry(View):
    access, query = SignedIn, frozenset[str]()
    scopes = {"GET": Scope.LISTS_READ, "PATCH": Scope.LISTS_WRITE, "DELETE": Scope.LISTS_WRITE}
    also_answers = HIDDEN_ANSWER

    @extend_schema(operation_id="anime_list_entry", tags=_TAGS, responses=EntryOut)
    def get(self, request: Request, anime_id: int) -> Response:
        """Whether an anime is on the caller's list, and how: 404 `not_on_list` when it is not."""
        return Response(EntryOut(_row(request, anime_id)).data, headers=PRIVATE)

    @extend_schema(operation_id="anime_list_change", tags=_TAGS, request=EntryChangesIn, responses={200: EntrySavedOut})
    def patch(self, request: Request, anime_id: int) -> Response:
        """Change an entry. Without a status it keeps its own; an anime that is not on the list joins it as planned."""
        data = _wanted(self.parse(EntryChangesIn))
        done = services.entry_set(user=request.user, anime_id=anime_id, source=ChangeSource.API, **data)
        return Response(_saved(request, done.entry.anime_id, done.activity))

    @extend_schema(operation_id="anime_list_remove", tags=_TAGS, request=None, responses={204: None})
    def delete(self, request: Request, anime_id: int) -> Response:
        """Take an anime off the list, its score with it. The history undoes it."""
        if services.entry_remove(user=request.user, anime_id=anime_id, source=ChangeSource.API) is None:
            raise NotOnList()
        return Response(status=204)


class EntryByShikimori(View):
    access, scopes = SignedIn, Scope.LISTS_WRITE

    @extend_schema(operation_id="anime_list_remove_by_shikimori", tags=_TAGS, request=None, responses={204: None})
    def delete(self, request: Request, shikimori_id: str) -> Response:
        """Take off the list by Shikimori id, whatever the catalogue made of it."""
        anime_id = anime_id_by_shikimori(shikimori_id)
        removed = anime_id and services.entry_remove(user=request.user, anime_id=anime_id, source=ChangeSource.API)
        if not removed:
            raise NotOnList()
        return Response(status=204)


class EntryEpisode(View):
    access, scopes = SignedIn, Scope.LISTS_WRITE
    also_answers = {"409": "All episodes are counted already", **HIDDEN_ANSWER}

    @extend_schema(operation_id="anime_list_episode", tags=_TAGS, request=EpisodeIn, responses={200: EpisodeCountedOut})
    def post(self, request: Request, anime_id: int) -> Response:
        """Count the next episode. With `episode`, the one that is meant, sending it twice counts once."""
        expected = self.parse(EpisodeIn).get("episode")
        done = services.episode_next(user=request.user, anime_id=anime_id, source=ChangeSource.API, expected=expected)
        body = _saved(request, anime_id, done.activity)
        return Response({**body, "episode": done.episode_number, "is_counted": done.is_counted})


class EntryTags(View):
    access, scopes, query = SignedIn, Scope.LISTS_READ, frozenset[str]()

    @extend_schema(operation_id="anime_list_tags", tags=_TAGS, responses=EntryTagOut(many=True))
    def get(self, request: Request) -> Response:
        """The caller's folders: every tag with the number of entries that have it, by name."""
        rows = [{"name": name, "count": count} for name, count in tags_of(request.user)]
        return Response(rows, headers=PRIVATE)
