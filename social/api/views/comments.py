"""`/comments`: threads of anime, episodes and posts, what is written in them, and votes."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User, person_by_username
from core.api.pagination import page_address, whole_number
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from social.access import Target, get_anime_target, get_comment, get_post_target
from social.api.serializers.comments import (
    SORTS,
    AnimeCommentIn,
    CommentChangeIn,
    CommentIn,
    CommentOut,
    CommentPageOut,
    CommentPreviewIn,
    CommentPreviewOut,
    CommentTrailOut,
    PersonCommentOut,
    PersonCommentPageOut,
    VoteIn,
    VoteOut,
    vote_out,
)
from social.api.views.posts import as_staff
from social.limits import COMMENT_EDITS, COMMENTS, COMMENTS_HOURLY, PREVIEWS, VOTES
from social.models import Comment
from social.selectors import comment_trees as trees
from social.selectors.person_comments import person_comments
from social.services import comment_votes
from social.services import comments as services
from social.services.comments import SPOILS_MAX, CommentDraft
from social.services.texts import text_check, text_preview

TAGS = ["Comments"]
PRIVATE = {"Cache-Control": "private, no-store"}
WRITES = (COMMENTS, COMMENTS_HOURLY)
_MUTED = {"403": "`muted`: this person may not write until `muted_until`, or the key has no such scope"}
_HIDDEN = {"410": "`anime_hidden`: this anime was taken down"}
_WRITING = _MUTED | {"409": "`thread_locked`; of what is answered `comment_deleted`, `reply_too_deep`"}
_CHANGING = _MUTED | {"409": "`comment_deleted`, `edit_window_over`, `thread_locked`"}
_PAGE = [
    OpenApiParameter("cursor", str, description="From `next` or `replies_cursor`; belongs to its `sort`."),
    OpenApiParameter("page_size", int, description="1 to 100."),
]
_SORT = OpenApiParameter("sort", str, enum=SORTS)
_EPISODE = OpenApiParameter("episode", int, description="The thread of this episode instead of the anime's own.")
_QUERY = frozenset({"sort", "cursor", "page_size"})


class AnimeComments(View):
    access = {"GET": Public, "POST": SignedIn}
    scopes = {"GET": Scope.SOCIAL_READ, "POST": Scope.SOCIAL_WRITE}
    limits, query, also_answers = {"POST": WRITES}, _QUERY | {"episode"}, _WRITING | _HIDDEN

    @extend_schema(
        operation_id="anime_comments", tags=TAGS, parameters=[_EPISODE, _SORT, *_PAGE], responses=CommentPageOut
    )
    def get(self, request: Request, id: int) -> Response:
        """Comments on an anime, or with `episode` on that episode: a page of the top level, each with its first answers."""
        return _thread(request, get_anime_target(request.user, id, _episode(request)))

    @extend_schema(
        operation_id="anime_comment_add",
        tags=TAGS,
        parameters=[_EPISODE],
        request=AnimeCommentIn,
        responses={201: CommentOut},
    )
    def post(self, request: Request, id: int) -> Response:
        """Write under an anime, or with `episode` under that episode; ten a minute, 120 an hour."""
        data = self.parse(AnimeCommentIn)
        episode = data.pop("episode", None)
        episode = _episode(request) if episode is None else episode
        return _written(request, get_anime_target(request.user, id, episode), data)


class PostComments(View):
    access = {"GET": Public, "POST": SignedIn}
    scopes = {"GET": Scope.SOCIAL_READ, "POST": Scope.SOCIAL_WRITE}
    limits, query, also_answers = {"POST": WRITES}, _QUERY, _WRITING

    @extend_schema(operation_id="post_comments", tags=TAGS, parameters=[_SORT, *_PAGE], responses=CommentPageOut)
    def get(self, request: Request, id: UUID) -> Response:
        """Comments on a post: a page of the top level, each with its first answers."""
        return _thread(request, get_post_target(request.user, id))

    @extend_schema(operation_id="post_comment_add", tags=TAGS, request=CommentIn, responses={201: CommentOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Write under a post; ten a minute, 120 an hour."""
        return _written(request, get_post_target(request.user, id), self.parse(CommentIn))


class CommentDetail(View):
    access = {"GET": Public, "PATCH": SignedIn, "DELETE": SignedIn}
    scopes = {"GET": Scope.SOCIAL_READ, "PATCH": Scope.SOCIAL_WRITE, "DELETE": Scope.SOCIAL_WRITE}
    limits, query = {"PATCH": (COMMENT_EDITS,), "DELETE": (COMMENT_EDITS,)}, frozenset({"sort"})
    also_answers = _CHANGING | _HIDDEN

    @extend_schema(operation_id="comment", tags=TAGS, parameters=[_SORT], responses=CommentTrailOut)
    def get(self, request: Request, id: UUID) -> Response:
        """A comment with what it stands under, what it answers, and its own first answers."""
        sort = trees.sort_read(request.query_params.get("sort", ""))
        target, above, node = trees.comment_trail(request.user, id, sort=sort)
        return Response(CommentTrailOut({"target": target, "ancestors": above, "comment": node}).data, headers=PRIVATE)

    @extend_schema(operation_id="comment_edit", tags=TAGS, request=CommentChangeIn, responses=CommentOut)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change one's own comment, within 15 minutes; what it said before is kept."""
        data, actor = self.parse(CommentChangeIn), cast(User, request.user)
        found, _target = get_comment(actor, id, is_own=True)
        now = {"body": found.body, "is_spoiler": found.is_spoiler, "spoils_episode": found.spoils_episode}
        services.comment_edit(
            actor=actor, comment_id=id, draft=CommentDraft(**(now | data)), as_staff=as_staff(request)
        )
        return Response(CommentOut(trees.comment_trail(actor, id)[2]).data)

    @extend_schema(operation_id="comment_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Delete a comment: its author, the owner of the post or collection, moderators signed in themselves; answers keep
        their place.
        """
        services.comment_delete(actor=cast(User, request.user), comment_id=id, as_staff=as_staff(request))
        return Response(status=204)


class CommentReplies(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, _QUERY
    also_answers = _HIDDEN

    @extend_schema(operation_id="comment_replies", tags=TAGS, parameters=[_SORT, *_PAGE], responses=CommentPageOut)
    def get(self, request: Request, id: UUID) -> Response:
        """Answers to a comment, each with its own first answers."""
        page = trees.replies_page(request.user, id, **_asked(request, trees.REPLIES_DEFAULT))
        return _page(request, page)


class CommentVote(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (VOTES,), "DELETE": (VOTES,)}
    also_answers = _HIDDEN | {"409": "`comment_deleted`"}

    @extend_schema(operation_id="comment_vote_set", tags=TAGS, request=VoteIn, responses=VoteOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Vote on a comment of somebody else; the same again changes nothing, the other takes its place."""
        value = self.parse(VoteIn)["value"]
        found = comment_votes.comment_vote_set(actor=cast(User, request.user), comment_id=id, value=value)
        return Response(vote_out(found, value))

    @extend_schema(operation_id="comment_vote_remove", tags=TAGS, responses={200: VoteOut})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take one's vote back; none is fine."""
        found = comment_votes.comment_vote_remove(actor=cast(User, request.user), comment_id=id)
        return Response(vote_out(found, 0))


class CommentPreview(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (PREVIEWS,)}
    also_answers = _HIDDEN | {"404": "There is no such anime or episode"}

    @extend_schema(operation_id="comment_preview", tags=TAGS, request=CommentPreviewIn, responses=CommentPreviewOut)
    def post(self, request: Request) -> Response:
        """What a text would look like; nothing is kept."""
        data = self.parse(CommentPreviewIn)
        body = text_check(body=data["body"], limit=len(data["body"]), is_required=False)
        anime_id, episode = data.get("anime_id"), data.get("episode")
        is_watched = anime_id is not None and episode is not None
        watch_path = get_anime_target(request.user, anime_id, episode).watch_path if is_watched else ""
        html = text_preview(body=body, viewer=request.user, watch_path=watch_path)
        return Response(CommentPreviewOut({"html": html}).data)


class UserComments(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, frozenset({"cursor", "page_size"})

    @extend_schema(operation_id="user_comments", tags=TAGS, parameters=_PAGE, responses=PersonCommentPageOut)
    def get(self, request: Request, username: str) -> Response:
        """What somebody wrote, newest first, as far as the caller may see it; nothing of private profiles."""
        seen, params = person_by_username(request.user, username), request.query_params
        size = whole_number(params, "page_size", 20, highest=trees.PAGE_MAX)
        rows, cursor = (
            ([], "")
            if seen.is_private
            else person_comments(request.user, seen.user, cursor=params.get("cursor", ""), limit=size)
        )
        return Response(_body(request, cursor, PersonCommentOut(rows, many=True).data), headers=PRIVATE)


def _episode(request: Request) -> int | None:
    """`?episode=`, None without one."""
    if not request.query_params.get("episode"):
        return None
    return whole_number(request.query_params, "episode", 0, lowest=0, highest=SPOILS_MAX)


def _asked(request: Request, size: int) -> dict[str, Any]:
    params = request.query_params
    return {
        "sort": trees.sort_read(params.get("sort", "")),
        "cursor": params.get("cursor", ""),
        "limit": whole_number(params, "page_size", size, highest=trees.PAGE_MAX),
    }


def _thread(request: Request, target: Target) -> Response:
    return _page(request, trees.thread_page(request.user, target, **_asked(request, trees.PAGE_DEFAULT)))


def _page(request: Request, page: trees.ThreadPage) -> Response:
    rows = _body(request, page.next_cursor, CommentOut(page.nodes, many=True).data)
    body = {"count": page.count, "sort": page.sort.value, "is_locked": page.is_locked, **rows}
    return Response(body, headers=PRIVATE)


def _body(request: Request, cursor: str, rows: Any) -> dict[str, Any]:
    address = page_address(request.path, request.query_params, cursor=cursor) if cursor else None
    return {"next": address, "previous": None, "results": rows}


def _written(request: Request, target: Target, data: dict[str, Any]) -> Response:
    """201 with the new comment, also for a retry with the nonce of one that exists."""
    parent_id, nonce = data.pop("parent_id", None), data.pop("nonce", "")
    actor = cast(User, request.user)
    made: Comment = services.comment_publish(
        actor=actor,
        target=target,
        draft=CommentDraft(**data),
        parent_id=parent_id,
        nonce=nonce,
        as_staff=as_staff(request),
    )
    return Response(CommentOut(trees.nodes_alone(actor, [(made, target)])[0]).data, status=201)
