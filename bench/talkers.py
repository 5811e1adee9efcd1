"""`python -m bench.talkers`: what reading and writing in a full community costs, in a database that `make_load` filled.

Prints one JSON object. Milliseconds (p50, p95) of whole requests through all middleware, by different people in turn:
`thread_<sort>` and `replies` (the busiest thread), `thread_page` (its first page as HTML), `community`, `unread`,
`notifications`, `feed` (somebody with 300 friends), `feed_many` (with 500), `feed_quiet` (who follows 500 people, 50 of whom
told something, long ago), `feed_few` (40 friends), `comment` and `post` (writing one); of the services alone
`thread_service`, `unread_service`; and numbers of queries.

Warm figures: each kind is asked twice before it is timed, and every person has made one request, which made the row of their
sign-in. What that leaves out is `cold`: the first request of each kind in this process, with imports, compiled templates,
pages of the database that nobody has read yet.
"""

import os
import random
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from bench.feed_readers import feed_readers
from bench.timing import answered, queries_of, timed

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from social.models import Thread

READERS, WRITERS = 8, 60
FEED = "/api/v1/feed?scope=friends"
TEXT = "The **third** episode ||surprised|| me at 12:34, as @load_000007 said.\n\n> because of the music\n\nWhat do you think?"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings

    from accounts.models import User
    from core.serve.collector import collector_settle
    from social.models import Thread

    collector_settle()  # as servers do (config.wsgi)
    settings.ALLOWED_HOSTS = ["*"]
    loaded = User.objects.filter(username__startswith="load_").order_by("username")
    first, others = loaded[0], list(loaded[2_000 : 2_000 + WRITERS])
    busiest = Thread.objects.filter(kind="anime").order_by("-comment_count")[0]
    report = {
        "comments_of_thread": busiest.comment_count,
        **_threads(first, others[:READERS], busiest),
        **_personal(first),
        **_writes(others, busiest),
    }
    sys.stdout.write(orjson.dumps(report).decode() + "\n")


def _client(user: "User") -> "Client":
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    client.force_login(user)
    answered(client.get("/api/v1/notifications/unread-count"))
    return client


def _threads(first: "User", others: "list[User]", busiest: "Thread") -> dict[str, Any]:
    from social.access import get_anime_target
    from social.selectors.comment_trees import CommentSort, thread_page

    clients = [_client(user) for user in (first, *others)]
    path = f"/api/v1/anime/{busiest.anime_id}/comments"
    found: dict[str, Any] = {}
    for sort in CommentSort:
        found[f"thread_{sort.value}"] = _over(clients, f"{path}?sort={sort.value}", 100)
    deep = busiest.comments.filter(parent=None).order_by("-reply_count").values_list("pk", flat=True)[0]
    found["thread_page"] = _over(clients, f"/threads/anime/{busiest.anime_id}", 100)
    found["replies"] = _over(clients, f"/api/v1/comments/{deep}/replies", 100)
    found["community"] = _over(clients, "/api/v1/posts?sort=hot", 100)

    def read(_turn: int) -> Any:
        return thread_page(first, get_anime_target(first, busiest.anime_id or 0), sort=CommentSort.BEST)

    found["thread_service"] = timed(100, read)
    target = get_anime_target(first, busiest.anime_id or 0)
    found["thread_queries"] = queries_of(lambda: thread_page(first, target, sort=CommentSort.BEST))
    return found


def _over(clients: "list[Client]", path: str, turns: int) -> dict[str, float]:
    def read(turn: int) -> None:
        answered(clients[turn % len(clients)].get(path))

    return {"cold": timed(1, read, warm=0)["p50"], **timed(turns, read)}


def _personal(first: "User") -> dict[str, Any]:
    from social.services.notifications import unread_counts

    client = [_client(first)]
    return {
        "unread": _over(client, "/api/v1/notifications/unread-count", 200),
        "notifications": _over(client, "/api/v1/notifications", 100),
        "feed": _over(client, FEED, 100),
        "feed_public": _over(client, "/api/v1/feed?scope=public", 100),
        **{f"feed_{kind}": _over([_client(who)], FEED, 100) for kind, who in feed_readers().items()},
        "unread_service": timed(300, lambda _turn: unread_counts([first.pk])),
        "unread_queries": queries_of(lambda: unread_counts([first.pk])),
    }


def _writes(writers: "list[User]", busiest: "Thread") -> dict[str, Any]:
    """Each person writes a few times: nobody meets a limit. Half answer somebody, all call somebody by name."""
    from social.models import Category

    clients, rng = [_client(user) for user in writers], random.Random(5)
    roots = list(busiest.comments.filter(parent=None, deleted_at=None).values_list("pk", flat=True)[:200])
    path, category = f"/api/v1/anime/{busiest.anime_id}/comments", Category.objects.filter(is_staff_only=False)[0].slug

    def comment(turn: int) -> None:
        parent: UUID | None = rng.choice(roots) if turn % 2 else None
        body = {"body": f"{TEXT} {turn} {rng.random()}"} | ({"parent_id": str(parent)} if parent else {})
        _posted(clients[turn % WRITERS], path, body)

    def post(turn: int) -> None:
        body = {"title": f"Load {turn}", "body": f"{TEXT} {turn}", "category": category}
        _posted(clients[turn % WRITERS], "/api/v1/posts", body)

    return {"comment": timed(4 * WRITERS, comment), "post": timed(2 * WRITERS, post)}


def _posted(client: "Client", path: str, body: dict[str, Any]) -> None:
    answered(client.post(path, body, content_type="application/json"), 201)


if __name__ == "__main__":
    main()
