"""Whom somebody may deal with, and the lock under which two people become something else to each other."""

import uuid

from accounts.facade import User
from core.errors import NotFound
from social.errors import Blocked, WithOneself
from social.models import Block, Friendship

Pair = tuple[User, User]


def pair_lock(actor_id: uuid.UUID, other_id: uuid.UUID) -> Pair | None:
    """The two as they are now, (actor, other), with both rows locked until the transaction ends; None when one is missing.

    Whatever changes how two people stand to each other (or counts somebody's friends) takes this first, the smaller id
    before the larger one: so nothing crosses, and no two of them wait for each other.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=(actor_id, other_id)).order_by("pk")
    found = {row.pk: row for row in rows}
    return (found[actor_id], found[other_id]) if len(found) == 2 else None


def get_person(actor: User, user_id: uuid.UUID, *, also_blocked: bool = False) -> Pair:
    """(actor, the other), locked, when the other may be befriended, followed or blocked.

    Raises `WithOneself` (400); `NotFound` for nobody, for the suspended, the leaving and the erased, and for who blocked the
    actor; `Blocked` (403) for whom the actor blocked, unless `also_blocked`. Staff too: they see more, but befriend as anybody.
    """
    if actor.pk == user_id:
        raise WithOneself()
    pair = pair_lock(actor.pk, user_id)
    if pair is None or not pair[1].is_public:
        raise NotFound()
    blockers = set(Block.objects.between(actor.pk, user_id).values_list("blocker_id", flat=True))
    if user_id in blockers:
        raise NotFound()
    if blockers and not also_blocked:
        raise Blocked()
    return pair


def get_friendship(actor: User, found_id: uuid.UUID) -> tuple[Friendship, Pair]:
    """The actor's friendship or request of this id, or with the person of this id, and the two, all locked.

    The reference writes `/friends/:id` and "Block a user" of the same id: clients may name either. Raises `NotFound`.
    """
    mine = Friendship.objects.of(actor.pk)
    seen = mine.filter(pk=found_id).first() or Friendship.objects.between(actor.pk, found_id).first()
    pair = pair_lock(actor.pk, seen.other_than(actor.pk)) if seen else None
    row = mine.filter(pk=seen.pk).first() if seen and pair else None  # as it is under the lock
    if row is None or pair is None:
        raise NotFound()
    return row, pair
