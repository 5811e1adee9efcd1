"""Finding people and looking at their profiles."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers.profiles import PeopleOut, PeoplePageOut, PersonOut
from accounts.errors import TooManyPeople
from accounts.selectors.users import people_by_ids, people_search, person_by_username
from core.api.pagination import MAX_PAGE_SIZE, PageQuery, page_envelope, whole_number
from core.api.permissions import Public
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from core.throttles import Limit

SEARCH_LIMIT = Limit("users-search", 60, 60)
BATCH_LIMIT = Limit("users-batch", 120, 60)
PROFILE_LIMIT = Limit("users-profile", 240, 60)
QUERY_MAX = 50
PAGE_MAX = 100
IDS_MAX = 200
PRIVATE = {"Cache-Control": "private, no-store"}


class UserSearch(View):
    access = Public
    scopes = Scope.PROFILE_READ
    query = frozenset({"q", "page", "page_size"})
    limits = {"GET": (SEARCH_LIMIT,)}

    @extend_schema(
        operation_id="users_search",
        tags=["Users"],
        parameters=[
            OpenApiParameter(
                "q", str, required=True, description="1 to 50 characters of a username or a display name."
            ),
            OpenApiParameter("page", int, description="1 to 100."),
            OpenApiParameter("page_size", int, description="1 to 100, 20 by default."),
        ],
        responses=PeoplePageOut,
    )
    def get(self, request: Request) -> Response:
        """Search people by username or display name: whole names first, then beginnings, then the rest.

        Who shows their profile to nobody is found by the whole username alone.
        """
        text = request.query_params.get("q", "").strip()
        if not 1 <= len(text) <= QUERY_MAX or "\x00" in text:
            raise ValidationFailed({"q": ["1 to 50 characters."]})
        page = PageQuery(
            page=whole_number(request.query_params, "page", 1, highest=PAGE_MAX),
            size=whole_number(request.query_params, "page_size", 20, highest=MAX_PAGE_SIZE),
        )
        count, found = people_search(request.user, text, offset=page.offset, size=page.size)
        body = page_envelope(
            request.path, request.query_params, page, count=count, results=PersonOut(found, many=True).data
        )
        return Response(body, headers=PRIVATE)


class UserBatch(View):
    access = Public
    scopes = Scope.PROFILE_READ
    query = frozenset({"ids"})
    limits = {"GET": (BATCH_LIMIT,)}

    @extend_schema(
        operation_id="users_batch",
        tags=["Users"],
        parameters=[
            OpenApiParameter(
                "ids", str, required=True, description="Up to 200 UUIDs, separated by commas, or `ids` repeated."
            )
        ],
        responses=PeopleOut,
    )
    def get(self, request: Request) -> Response:
        """Up to 200 people by id, in the order asked for; invalid and unknown ids are silently dropped.

        `last_seen_at` is there only when that person's `online_status_visibility` is `everyone`, or for oneself.
        422 `too_many_ids` for more than 200.
        """
        found = people_by_ids(request.user, ids_read(request.query_params.getlist("ids")))
        return Response({"results": PersonOut(found, many=True).data}, headers=PRIVATE)


class UserProfile(View):
    access = Public
    scopes = Scope.PROFILE_READ
    query = frozenset()
    limits = {"GET": (PROFILE_LIMIT,)}

    @extend_schema(operation_id="users_get", tags=["Users"], responses=PersonOut)
    def get(self, request: Request, username: str) -> Response:
        """The public profile of a username in any case.

        Who shows their profile to others only gives a card with `is_private: true`: names, picture, role. 404 for names
        that nobody has, and for people who are suspended, leaving, or whom a block hides.
        """
        return Response(PersonOut(person_by_username(request.user, username)).data, headers=PRIVATE)


def ids_read(values: list[str]) -> list[UUID]:
    """The UUIDs in `ids=a,b&ids=c`, each once, without what is none. Raises `TooManyPeople` past 200."""
    words = [word for value in values for word in value.split(",") if word.strip()]
    if len(words) > IDS_MAX:
        raise TooManyPeople(f"At most {IDS_MAX}.")
    found: dict[UUID, None] = {}
    for word in words:
        try:
            found[UUID(word.strip())] = None
        except ValueError:
            continue
    return list(found)
