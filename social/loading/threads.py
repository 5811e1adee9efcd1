"""Posts, threads with their trees of comments, and the votes on them: counters and ranks agree with the rows."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from social.loading.plan import Plan
from social.loading.texts import Said
from social.models import Category, Comment, CommentVote, Post, Thread, ThreadKind
from social.services.comment_ranks import best_rank, controversy_rank
from social.services.post_ranks import hotness

BATCH = 2_000
DEEPEST = 12
ROOTS = 0.4
"""The share of comments that answer nobody."""
SPAN = timedelta(days=400)


@dataclass(slots=True)
class Sprout:
    """A comment to be: which earlier one of its thread it answers, how deep, who votes how (index of the person, 1 or -1)."""

    parent: int | None
    depth: int
    replies: int = 0
    votes: dict[int, int] = field(default_factory=dict)


def posts_load(plan: Plan, people: Sequence[uuid.UUID], said: Sequence[Said], rng: random.Random) -> list[uuid.UUID]:
    """Posts over a year and more, in the categories that there are."""
    categories = list(Category.objects.filter(is_staff_only=False))
    began, step = timezone.now() - SPAN, SPAN / plan.posts
    rows = []
    for number in range(plan.posts):
        text = rng.choice(said)
        likes = min(int(rng.paretovariate(1.2)) - 1, 500)
        when = began + number * step
        rows.append(
            Post(
                author_id=rng.choice(people),
                category=rng.choice(categories),
                title=" ".join(text.body.split())[:80] or "…",
                body=text.body,
                html=text.html,
                html_version=text.version,
                created_at=when,
                score=likes,
                hot=hotness(score=likes, comments=0, created_at=when),
            )
        )
    Post.objects.bulk_create(rows, batch_size=BATCH)
    return [row.pk for row in rows]


def threads_load(
    plan: Plan,
    people: Sequence[uuid.UUID],
    anime: Sequence[int],
    posts: Sequence[uuid.UUID],
    said: Sequence[Said],
    rng: random.Random,
) -> dict[str, int]:
    """The busiest thread is that of the first anime. Returns {"threads", "comments", "votes"}."""
    threads = Thread.objects.bulk_create(list(_threads(plan, anime, posts)), batch_size=BATCH)
    sizes = _sizes(plan, len(threads), rng)
    votes_each = plan.votes / sum(sizes)
    comments: list[Comment] = []
    votes: list[CommentVote] = []
    total = {"threads": len(threads), "comments": 0, "votes": 0}
    for thread, size in zip(threads, sizes, strict=True):
        made = _comments(thread, _tree(size, votes_each, len(people), rng), people, said, rng)
        for comment, sprout in made:
            comments.append(comment)
            votes += [
                CommentVote(comment=comment, user_id=people[voter], value=value)
                for voter, value in sprout.votes.items()
            ]
        thread.comment_count = sum(comment.deleted_at is None for comment, _sprout in made)
        thread.last_comment_at = comments[-1].created_at
        if len(comments) >= BATCH:
            _store(comments, votes, total)
    _store(comments, votes, total)
    Thread.objects.bulk_update(threads, ["comment_count", "last_comment_at"], batch_size=500)
    return total


def _threads(plan: Plan, anime: Sequence[int], posts: Sequence[uuid.UUID]) -> Iterator[Thread]:
    """A fifth under posts, the rest under anime and their first episodes."""
    for place, post_id in enumerate(posts):
        if place < plan.threads // 5:
            yield Thread(kind=ThreadKind.POST, post_id=post_id)
    left = plan.threads - min(len(posts), plan.threads // 5)
    for place in range(left):
        anime_id, episode = anime[place % len(anime)], place // len(anime)
        kind = ThreadKind.EPISODE if episode else ThreadKind.ANIME
        yield Thread(kind=kind, anime_id=anime_id, episode_number=episode or None)


def _sizes(plan: Plan, count: int, rng: random.Random) -> list[int]:
    """How many comments each thread has: few have many. The first thread of an anime has `deepest_thread`."""
    weights = [rng.paretovariate(1.1) for _thread in range(count)]
    busiest = min(plan.threads // 5, plan.posts)
    weights[busiest] = 0
    rest = max(count, plan.comments - plan.deepest_thread)
    share = rest / sum(weights)
    sizes = [min(4_000, max(1, int(weight * share))) for weight in weights]
    sizes[busiest] = plan.deepest_thread
    short = plan.comments - sum(sizes)
    for place in range(max(0, short)):
        sizes[(busiest + 1 + place % (count - 1)) % count] += 1
    return sizes


def _tree(size: int, votes_each: float, people: int, rng: random.Random) -> list[Sprout]:
    """Sprouts in the order of their writing: most answer something recent."""
    tree: list[Sprout] = []
    for place in range(size):
        parent = None
        if place and rng.random() > ROOTS:
            parent = max(0, place - 1 - int(rng.paretovariate(0.7)))
            parent = parent if tree[parent].depth < DEEPEST else None
        if parent is not None:
            tree[parent].replies += 1
        sprout = Sprout(parent, 0 if parent is None else tree[parent].depth + 1)
        wanted = min(people // 2, int(rng.paretovariate(1.4) * votes_each * 0.385))
        liked = rng.betavariate(4, 1.5)
        sprout.votes = {voter: 1 if rng.random() < liked else -1 for voter in rng.sample(range(people), wanted)}
        tree.append(sprout)
    return tree


def _comments(
    thread: Thread, tree: list[Sprout], people: Sequence[uuid.UUID], said: Sequence[Said], rng: random.Random
) -> list[tuple[Comment, Sprout]]:
    began: datetime = timezone.now() - SPAN
    step = SPAN / len(tree)
    made: list[Comment] = []
    for place, sprout in enumerate(tree):
        text = rng.choice(said)
        ups = sum(value > 0 for value in sprout.votes.values())
        downs = len(sprout.votes) - ups
        made.append(
            Comment(
                thread=thread,
                parent=None if sprout.parent is None else made[sprout.parent],
                depth=sprout.depth,
                author_id=rng.choice(people),
                body=text.body,
                html=text.html,
                html_version=text.version,
                anime_id=thread.anime_id,
                spoils_episode=thread.episode_number,
                is_spoiler=rng.random() < 0.03,
                up_votes=ups,
                down_votes=downs,
                score=ups - downs,
                best=best_rank(ups, downs),
                controversy=controversy_rank(ups, downs),
                reply_count=sprout.replies,
                created_at=began + place * step,
                deleted_at=began + SPAN if sprout.replies and rng.random() < 0.02 else None,
            )
        )
    return list(zip(made, tree, strict=True))


def _store(comments: list[Comment], votes: list[CommentVote], total: dict[str, int]) -> None:
    Comment.objects.bulk_create(comments, batch_size=BATCH)
    CommentVote.objects.bulk_create(votes, batch_size=BATCH * 2)
    total["comments"] += len(comments)
    total["votes"] += len(votes)
    comments.clear()
    votes.clear()
