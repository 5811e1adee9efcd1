"""Episodes have become another anime's: what was said, told and reported of them follows."""

import re

from django.db.models import F
from django.urls import reverse

from catalog.facade import AnimeSplit
from social.models import Comment, EpisodeRelease, Notification, Report, Thread
from social.services.merging_comments import threads_join


def social_follow_split(event: AnimeSplit) -> None:
    """Inside the transaction. Threads of anime, posts, wishes, votes and lines of the feed stay with the old one."""
    if not event.moves_watching:
        return
    _threads_move(event)
    _notifications_move(event)
    numbers = (event.first, event.last)
    reports = Report.objects.filter(anime=event.from_id, episode_number__range=numbers)
    reports.update(anime=event.to_id, episode_number=F("episode_number") + event.offset)
    releases = EpisodeRelease.objects.filter(anime=event.from_id, episode_number__range=numbers)
    known = set(EpisodeRelease.objects.filter(anime=event.to_id).values_list("episode_number", "kind", "language"))
    double = [row.pk for row in releases if (row.episode_number + event.offset, row.kind, row.language) in known]
    EpisodeRelease.objects.filter(pk__in=double).delete()
    releases.update(anime=event.to_id, episode_number=F("episode_number") + event.offset)


def _threads_move(event: AnimeSplit) -> None:
    """Whatever gives away a moved episode does so of the other anime, wherever it was said."""
    numbers = (event.first, event.last)
    rows = Thread.objects.select_for_update(no_key=True).order_by("pk")
    moving = list(rows.filter(anime=event.from_id, kind="episode", episode_number__range=numbers))
    there = {row.episode_number: row for row in rows.filter(anime=event.to_id, kind="episode")}
    said = Comment.objects.filter(anime=event.from_id)
    said.filter(thread__in=moving, spoils_episode=None).update(anime=event.to_id)
    said.filter(spoils_episode__range=numbers).update(
        anime=event.to_id, spoils_episode=F("spoils_episode") + event.offset
    )
    for row in moving:
        number = (row.episode_number or 0) + event.offset
        if number in there:
            threads_join(there[number], row)
        else:
            Thread.objects.filter(pk=row.pk).update(anime=event.to_id, episode_number=number)


def _notifications_move(event: AnimeSplit) -> None:
    """They lead to where the episode is now, and are blurred for who has not seen it there."""
    places = re.compile(re.escape(reverse("watch", args=[event.from_id, 0])[:-1]) + r"(\d+)(?=\D|$)")
    moved = []
    for row in Notification.objects.filter(anime=event.from_id).only("url", "spoils_episode").iterator():
        found = places.match(row.url)
        number = int(found[1]) if found else row.spoils_episode
        if number is None or not event.first <= number <= event.last:
            continue
        row.anime_id = event.to_id
        if row.spoils_episode is not None and event.first <= row.spoils_episode <= event.last:
            row.spoils_episode += event.offset
        if found:
            row.url = reverse("watch", args=[event.to_id, number + event.offset]) + row.url[found.end() :]
        moved.append(row)
    Notification.objects.bulk_update(moved, ["anime", "spoils_episode", "url"], batch_size=200)
