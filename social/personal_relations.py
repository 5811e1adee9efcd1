"""How a person's friends, follows and blocks are exported and erased."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.personal_data import FIRST, Person, Row, erase_part, export_part, rows_of
from social.models import Block, Follow, Friendship


@export_part("social/friends", label=_("Your friends and requests for friendship"), models=["social.Friendship"])
def friends(user: Person) -> Iterator[Row]:
    """With the names of the others, as one's own page shows them."""
    found = Friendship.objects.of(user.pk).with_other(user.pk)
    fields = ("id", "other_id", "status", "requester_id", "created_at", "accepted_at")
    return rows_of(found, *fields, low_name=F("low__username"), high_name=F("high__username"))


@export_part("social/follows", label=_("Whom you follow, and who follows you"), models=["social.Follow"])
def follows(user: Person) -> Iterator[Row]:
    found = Follow.objects.filter(Q(follower=user) | Q(followed=user))
    names = {"follower_name": F("follower__username"), "followed_name": F("followed__username")}
    return rows_of(found, "follower_id", "followed_id", "created_at", **names)


@export_part("social/blocks", label=_("Whom you block"), models=["social.Block"])
def blocks(user: Person) -> Iterator[Row]:
    """Those one made alone: who blocks is told to nobody."""
    return rows_of(Block.objects.filter(blocker=user), "blocked_id", "created_at", name=F("blocked__username"))


@erase_part("social/relations", models=["social.Friendship", "social.Follow", "social.Block"], order=FIRST)
def relations_erase(user: Person) -> None:
    """Also what others had with this person: their lists count nobody who is gone."""
    Friendship.objects.of(user.pk).delete()
    Follow.objects.filter(Q(follower=user) | Q(followed=user)).delete()
    Block.objects.of(user.pk).delete()
