"""The people of a load, and how they stand to each other."""

import random
import uuid
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.facade import User, Visibility
from social.loading.plan import PREFIX, Plan
from social.models import Block, Follow, Friendship, FriendshipStatus

BATCH = 2_000


def people_load(plan: Plan, rng: random.Random) -> list[uuid.UUID]:
    """Their ids in order; the first is whom measures look through. A seventh show what they do to friends alone."""
    now, password = timezone.now(), make_password(None)
    rows = []
    for number in range(plan.people):
        name = f"{PREFIX}{number:06}"
        user = User(
            username=name,
            email=f"{name}@example.invalid",
            password=password,
            is_verified=True,
            display_name=f"Load {number}" if number % 3 else "",
            date_joined=now - timedelta(days=rng.randrange(1, 1500)),
            activity_visibility=Visibility.FRIENDS if number % 7 == 1 else Visibility.EVERYONE,
        )
        user.search_name = user.search_name_made()
        rows.append(user)
    User.objects.bulk_create(rows, batch_size=BATCH)
    return [user.pk for user in rows]


def relations_load(plan: Plan, people: list[uuid.UUID], rng: random.Random) -> dict[str, int]:
    """The first person has `friends_of_first` friends, the others a few by chance; a tenth of the rest are requests."""
    now = timezone.now()
    first = people[0]
    pairs = {_pair(first, other) for other in people[1 : plan.friends_of_first + 1]}
    known = list(pairs)
    while len(pairs) < min(plan.friendships, len(people) * (len(people) - 1) // 4):
        one, other = rng.sample(people[1:], 2)
        if (pair := _pair(one, other)) not in pairs:
            pairs.add(pair)
            known.append(pair)
    Friendship.objects.bulk_create(
        [
            Friendship(
                low_id=low,
                high_id=high,
                requester_id=rng.choice((low, high)),
                status=FriendshipStatus.ACCEPTED if first in (low, high) or rng.random() < 0.9 else "pending",
                accepted_at=now,
            )
            for low, high in known
        ],
        batch_size=BATCH,
    )
    blocks = _directed(people[1:], plan.blocks, rng) - pairs
    follows = _directed(people, plan.follows, rng)
    Follow.objects.bulk_create([Follow(follower_id=a, followed_id=b) for a, b in sorted(follows)], batch_size=BATCH)
    Block.objects.bulk_create([Block(blocker_id=a, blocked_id=b) for a, b in sorted(blocks)], batch_size=BATCH)
    return {"friendships": len(known), "follows": len(follows), "blocks": len(blocks)}


def _pair(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    return (one, other) if one < other else (other, one)


def _directed(people: list[uuid.UUID], count: int, rng: random.Random) -> set[tuple[uuid.UUID, uuid.UUID]]:
    found: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for _turn in range(count):
        one, other = rng.sample(people, 2)
        found.add((one, other))
    return found
