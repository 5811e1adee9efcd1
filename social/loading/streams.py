"""What people of a load were told and what they did: notifications and lines of the feed."""

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from social.loading.plan import Plan
from social.models import FeedItem, FeedVerb, Notification, NotificationActor
from social.notices import MENTION, REPLY, UPVOTE

BATCH = 2_000
FIRST_SHARE = 0.005
"""Of all notifications those of the first person: who has many has to be served as quickly."""


def notifications_load(plan: Plan, people: Sequence[uuid.UUID], rng: random.Random) -> int:
    """A fifth are unread; a third tell of more than one person."""
    rows = _notifications(plan, people, rng)
    count = 0
    while part := list(islice(rows, BATCH)):
        made = Notification.objects.bulk_create(part)
        actors = [
            NotificationActor(notification=row, user_id=user_id, created_at=row.updated_at)
            for row in made
            for user_id in rng.sample(people, min(3, row.actor_count))
        ]
        NotificationActor.objects.bulk_create(actors, batch_size=BATCH)
        count += len(made)
    return count


def _notifications(plan: Plan, people: Sequence[uuid.UUID], rng: random.Random) -> Iterator[Notification]:
    now = timezone.now()
    for number in range(plan.notifications):
        kind = rng.choice((MENTION, REPLY, UPVOTE))
        when = now - timedelta(minutes=plan.notifications - number)
        actors = rng.choice((1, 1, 12))
        yield Notification(
            user_id=people[0] if rng.random() < FIRST_SHARE else rng.choice(people),
            kind=kind.code,
            group=f"{kind.code}:load:{number}",
            context={"about": f"#{number}", "excerpt": "…"},
            url="/community",
            count=actors,
            actor_count=actors,
            created_at=when,
            updated_at=when,
            read_at=None if rng.random() < 0.2 else when,
        )


def feed_load(plan: Plan, people: Sequence[uuid.UUID], anime: Sequence[int], rng: random.Random) -> int:
    """Lines of a year, most about the anime that most watch."""
    verbs = (FeedVerb.WATCHED, FeedVerb.WATCHED, FeedVerb.COMPLETED, FeedVerb.PLANNED, FeedVerb.STARTED)
    now, step = timezone.now(), timedelta(days=365) / plan.feed_items

    def lines() -> Iterator[FeedItem]:
        for number in range(plan.feed_items):
            verb, episode = rng.choice(verbs), rng.randrange(1, 12)
            when = now - step * (plan.feed_items - number)
            watched = verb == FeedVerb.WATCHED
            yield FeedItem(
                user_id=rng.choice(people),
                verb=verb,
                anime_id=anime[min(len(anime) - 1, int(rng.paretovariate(0.6)) - 1)],
                first_episode=episode if watched else None,
                last_episode=episode + rng.randrange(3) if watched else None,
                created_at=when,
                updated_at=when,
            )

    rows, count = lines(), 0
    while part := list(islice(rows, BATCH)):
        FeedItem.objects.bulk_create(part)
        count += len(part)
    return count
