"""`/posts`: browsing, one of them, writing, what staff do with them; `/categories`."""

from typing import Any, cast
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import Role, User, person_by_username
from core.api.pagination import page_address, whole_number
from core.api.permissions import Public, SignedIn, role_in
from core.api.scopes import ProgramCredential, Scope
from core.api.views import View
from core.errors import NotFound, ValidationFailed
from social.api.serializers.posts import (
    CategoryOut,
    PostIn,
    PostNewIn,
    PostOut,
    PostPageOut,
    PostRevisionOut,
    PostWholeOut,
    PreviewIn,
    PreviewOut,
    linked_out,
)
from social.limits import POST_EDITS, POSTS, PREVIEWS
from social.selectors.posts import (
    Period,
    PostQuery,
    PostSort,
    categories,
    linked_cards,
    post_detail,
    post_is_covered,
    posts_page,
    revisions_of,
)
from social.services import posts as services
from social.services.post_texts import post_preview

TAGS = ["Community"]
Moderators = role_in(Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN)
SEARCH_LENGTH = 100
_PLACES = {"cursor", "limit"}
_PERIOD = OpenApiParameter("period", str, enum=[*Period], description="Of `top`; week unless said.")
_CATEGORY = OpenApiParameter("category", str, description="A slug.")
_PAGE = [
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("limit", int, description="At most 100, 20 unless said."),
]


def _chosen(params: QueryDict, wrong: dict[str, list[str]], name: str, among: list[str], default: str) -> str:
    value = params.get(name) or default
    if value not in among:
        wrong[name] = [_("One of: %(names)s.") % {"names": ", ".join(among)}]
    return value


def query_of(request: Request, *, sort: str = "") -> PostQuery:
    """What `GET /posts` is asked for. Raises `ValidationFailed`, and `NotFound` for an author who is none."""
    params, wrong = request.query_params, dict[str, list[str]]()
    chosen = sort or _chosen(params, wrong, "sort", list(PostSort), PostSort.RECENT)
    period = _chosen(params, wrong, "period", list(Period), Period.WEEK)
    search, category = params.get("q", "").strip(), params.get("category", "")
    if len(search) > SEARCH_LENGTH or not search.replace("\t", " ").isprintable():
        wrong["q"] = [_("At most %(limit)s characters.") % {"limit": SEARCH_LENGTH}]
    if category and category not in {found.slug for found in categories()}:
        wrong["category"] = [_("There is no such category.")]
    if wrong:
        raise ValidationFailed(wrong)
    author = params.get("author", "")
    return PostQuery(
        sort=chosen,
        period=period,
        category=category,
        anime_id=whole_number(params, "anime", 0, highest=2**31 - 1) or None,
        author_id=_author(request, author) if author else None,
        search=search,
    )


def _author(request: Request, username: str) -> UUID:
    """Whose posts are asked for. Raises `NotFound` for nobody, and for who shows the caller no profile (as the page does)."""
    seen = person_by_username(request.user, username)
    if seen.is_private:
        raise NotFound()
    return seen.user.pk


def _page(request: Request, query: PostQuery) -> Response:
    params = request.query_params
    limit = whole_number(params, "limit", 20, highest=100)
    page = posts_page(request.user, query, cursor=params.get("cursor", ""), limit=limit)

    def address(cursor: str) -> str | None:
        return page_address(request.path, params, cursor=cursor) if cursor else None

    body = {
        "next": address(page.next_cursor),
        "previous": address(page.previous_cursor),
        "pinned": PostOut(page.pinned, many=True).data,
        "results": PostOut(page.rows, many=True).data,
    }
    return Response(body)


def as_staff(request: Request) -> bool:
    """A key carries its person's name but never their rights as staff (threat 30)."""
    return not isinstance(request.auth, ProgramCredential)


class Posts(View):
    access = {"GET": Public, "POST": SignedIn}
    scopes = {"GET": Scope.SOCIAL_READ, "POST": Scope.SOCIAL_WRITE}
    limits = {"POST": (POSTS,)}
    query = frozenset({"sort", "period", "category", "anime", "author", "q"} | _PLACES)
    also_answers = {
        "403": "`muted`, or `category_closed`: only staff post there",
        "404": "There is nobody of this name (`author`), or no such anime",
    }

    @extend_schema(
        operation_id="posts_list",
        tags=TAGS,
        parameters=[
            OpenApiParameter("sort", str, enum=[*PostSort], description="recent unless said."),
            _PERIOD,
            _CATEGORY,
            OpenApiParameter("anime", int, description="What is about this anime."),
            OpenApiParameter("author", str, description="A username."),
            OpenApiParameter("q", str, description="Words, each the beginning of one in title or text."),
            *_PAGE,
        ],
        responses=PostPageOut,
    )
    def get(self, request: Request) -> Response:
        """Posts of the community, the newest first; `pinned` is filled on the first page of recent and hot ones."""
        return _page(request, query_of(request))

    @extend_schema(operation_id="post_create", tags=TAGS, request=PostNewIn, responses={201: PostWholeOut})
    def post(self, request: Request) -> Response:
        """Post to the community; a retry with the same `nonce` answers the first post and makes none."""
        data = self.parse(PostNewIn)
        nonce = data.pop("nonce", "")
        draft = services.PostDraft(**data, host=request.get_host())
        made = services.post_publish(
            actor=cast(User, request.user), draft=draft, nonce=nonce, as_staff=as_staff(request)
        )
        return Response(PostWholeOut(post_detail(request.user, made.pk)).data, status=201)


class TopPosts(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, frozenset({"period", "category"} | _PLACES)

    @extend_schema(operation_id="posts_top", tags=TAGS, parameters=[_PERIOD, _CATEGORY, *_PAGE], responses=PostPageOut)
    def get(self, request: Request) -> Response:
        """What got the most reactions of what was posted within the period."""
        return _page(request, query_of(request, sort=PostSort.TOP))


class PostDetail(View):
    access = {"GET": Public, "PATCH": SignedIn, "DELETE": SignedIn}
    scopes = {"GET": Scope.SOCIAL_READ, "PATCH": Scope.SOCIAL_WRITE, "DELETE": Scope.SOCIAL_WRITE}
    limits = {"PATCH": (POST_EDITS,), "DELETE": (POST_EDITS,)}
    query = frozenset[str]()
    also_answers = {"403": "`muted`, or `category_closed`", "409": "`thread_locked`: staff closed it"}

    @extend_schema(operation_id="post_read", tags=TAGS, responses=PostWholeOut)
    def get(self, request: Request, id: UUID) -> Response:
        """One post with its text."""
        return Response(PostWholeOut(post_detail(request.user, id)).data)

    @extend_schema(operation_id="post_update", tags=TAGS, request=PostIn, responses=PostWholeOut)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change some of its fields; its author alone. What it said before is kept (`/revisions`)."""
        data = self.parse(PostIn, partial=True)
        data["host"] = request.get_host()
        services.post_edit(actor=cast(User, request.user), post_id=id, as_staff=as_staff(request), **data)
        return Response(PostWholeOut(post_detail(request.user, id)).data)

    @extend_schema(operation_id="post_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take it away: its author, and moderators signed in themselves (404 for others). It is kept for moderation."""
        services.post_delete(actor=cast(User, request.user), post_id=id, as_staff=as_staff(request))
        return Response(status=204)


class PostRevisions(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, frozenset[str]()

    @extend_schema(operation_id="post_revisions", tags=TAGS, responses=PostRevisionOut(many=True))
    def get(self, request: Request, id: UUID) -> Response:
        """What it said before each of the latest hundred edits, the latest first; an array, for whoever may read the post."""
        revisions = revisions_of(request.user, id)
        context = {"is_covered": bool(revisions) and post_is_covered(request.user, revisions[0].post)}
        return Response(PostRevisionOut(revisions, many=True, context=context).data)


class PostPin(View):
    access, limits = Moderators, {"POST": (POST_EDITS,), "DELETE": (POST_EDITS,)}

    @extend_schema(operation_id="post_pin", tags=TAGS, request=None, responses=PostWholeOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Keep it at the top of the community; moderators and above."""
        services.post_pin(actor=cast(User, request.user), post_id=id)
        return Response(PostWholeOut(post_detail(request.user, id)).data)

    @extend_schema(operation_id="post_unpin", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Let it go from the top."""
        services.post_pin(actor=cast(User, request.user), post_id=id, is_pinned=False)
        return Response(status=204)


class PostLock(View):
    access, limits = Moderators, {"POST": (POST_EDITS,), "DELETE": (POST_EDITS,)}

    @extend_schema(operation_id="post_lock", tags=TAGS, request=None, responses=PostWholeOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Close its conversation: it is read on, and only staff write or edit; moderators and above."""
        services.post_lock(actor=cast(User, request.user), post_id=id)
        return Response(PostWholeOut(post_detail(request.user, id)).data)

    @extend_schema(operation_id="post_unlock", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Open its conversation again."""
        services.post_lock(actor=cast(User, request.user), post_id=id, is_locked=False)
        return Response(status=204)


class PostPreview(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_READ, {"POST": (PREVIEWS,)}

    @extend_schema(operation_id="post_preview", tags=TAGS, request=PreviewIn, responses=PreviewOut)
    def post(self, request: Request) -> Response:
        """The HTML that a post with this text would have, and the cards of what it links to; nothing is kept."""
        actor = cast(User, request.user)
        made = post_preview(viewer=actor, body=self.parse(PreviewIn)["body"], host=request.get_host())
        return Response({"html": made.html, "linked": linked_out(linked_cards(actor, made.linked))})


class Categories(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, frozenset[str]()

    @extend_schema(operation_id="post_categories", tags=TAGS, responses=CategoryOut(many=True))
    def get(self, request: Request) -> Response:
        """The categories of posts in the order of staff; an array."""
        found: Any = categories()
        return Response(CategoryOut(found, many=True).data)
