"""Voting on anime: one vote a person, counters that are right whoever votes at the same moment."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import anime_adult_check, anime_get_visible, anime_hold
from core.errors import Conflict, ValidationFailed
from social.models import AnimeVote, AnimeVotes
from social.selectors.anime_votes import Votes

ATTEMPTS = 3


class _Merged(Exception):
    """The anime became part of another while its row was waited for."""


def anime_vote_set(*, actor: User, anime_id: int, value: int) -> Votes:
    """Vote 1 (like) or -1; another vote takes the first one's place, the same again changes nothing. Muted people too:
    a vote is no word.

    Raises `ValidationFailed`, `NotFound`, `AnimeHidden` (410), `AdultNotAllowed` (403).
    """
    if value not in (1, -1) or isinstance(value, bool):
        raise ValidationFailed({"value": [_("1 or -1.")]})
    return _voted(actor, anime_id, value)


def anime_vote_remove(*, actor: User, anime_id: int) -> Votes:
    """Take one's vote back; none is fine. Raises as `anime_vote_set`."""
    return _voted(actor, anime_id, None)


def _voted(actor: User, anime_id: int, value: int | None) -> Votes:
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _write(actor, anime_id, value)
        except _Merged:
            continue
    raise Conflict()


def _write(actor: User, anime_id: int, value: int | None) -> Votes:
    """The anime's row is held first, as a merge holds it: at the commit a new vote asks for that row anyway."""
    anime = anime_get_visible(actor, anime_id)
    anime_adult_check(actor, anime.is_adult)
    anime_hold(anime.pk)
    if anime_get_visible(actor, anime_id).pk != anime.pk:
        raise _Merged
    counts = AnimeVotes.objects.select_for_update(no_key=True).get_or_create(anime=anime)[0]
    before = AnimeVote.objects.filter(user=actor, anime=anime).first()
    given = before.value if before else None
    if before is not None and value is None:
        before.delete()
    elif before is not None and value is not None and given != value:
        before.value = value
        before.save(update_fields=["value"])
    elif before is None and value is not None:
        AnimeVote.objects.create(user=actor, anime=anime, value=value)
    if given != value:
        _count(counts, old=given, new=value)
    return Votes(anime.pk, counts.likes, counts.dislikes, value)


def anime_vote_uncount(*, user: User) -> int | None:
    """Take one of a person's votes away, out of the counters too, for whoever is erased; its anime, None without any left.

    Within the caller's transaction.
    """
    anime_id = AnimeVote.objects.filter(user=user).values_list("anime_id", flat=True).first()
    if anime_id is None:
        return None
    counts = AnimeVotes.objects.select_for_update(no_key=True).filter(pk=anime_id).first()
    vote = AnimeVote.objects.filter(user=user, anime=anime_id).first()
    if vote is not None:
        vote.delete()
        if counts is not None:
            _count(counts, old=vote.value)
    return anime_id


def _count(counts: AnimeVotes, *, old: int | None = None, new: int | None = None) -> None:
    """One vote less of `old`, one more of `new`, on a row that the caller holds."""
    counts.likes += (new == 1) - (old == 1)
    counts.dislikes += (new == -1) - (old == -1)
    counts.save(update_fields=["likes", "dislikes"])


__all__ = ["anime_vote_remove", "anime_vote_set", "anime_vote_uncount"]
