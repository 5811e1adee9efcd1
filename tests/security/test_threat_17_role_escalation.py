"""Threat 17: nobody gains a role they may not give, whatever they try and in whatever order."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.errors import LastSuperadmin, RoleChangeRefused
from accounts.models import Role, User
from accounts.permissions import can_assign, can_moderate, can_step_down, role_permissions
from accounts.services.users import user_set_role
from accounts.tests.factories import UserFactory
from tests.races import DONE, at_once

roles = st.sampled_from(list(Role))


@given(actor=roles, current=roles, new=roles)
def test_an_assignment_stays_below_the_actor(actor: Role, current: Role, new: Role) -> None:
    if can_assign(actor, current, new):
        assert actor.rank >= Role.ADMIN.rank
        assert new.rank < actor.rank
        assert current.rank < actor.rank
    if can_step_down(current, new):
        assert new.rank < current.rank
    if can_moderate(actor, current):
        assert current.rank < actor.rank


def test_the_table_says_what_the_house_says() -> None:
    assert not can_assign(Role.MODERATOR, Role.USER, Role.ADMIN)
    assert not can_assign(Role.ADMIN, Role.USER, Role.ADMIN)
    assert not can_assign(Role.ADMIN, Role.ADMIN, Role.USER)
    assert not can_assign(Role.SUPERADMIN, Role.USER, Role.SUPERADMIN)
    assert can_assign(Role.SUPERADMIN, Role.USER, Role.ADMIN)
    assert can_assign(Role.ADMIN, Role.USER, Role.MODERATOR)


def test_permissions_grow_with_the_role() -> None:
    sets = [role_permissions(role) for role in (Role.USER, Role.TESTER, Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN)]
    assert sets[0] == sets[1] == frozenset()
    assert sets[2] < sets[3] < sets[4]
    assert "accounts.change_user" in sets[2]
    assert not {name for name in sets[3] if name.endswith("_refreshtoken")}


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25)
@given(acts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), roles), max_size=12))
def test_no_sequence_of_acts_lifts_anybody_without_leave(acts: list[tuple[int, int, Role]]) -> None:
    User.objects.all().delete()
    start = [Role.USER, Role.TESTER, Role.MODERATOR, Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN]
    people = [UserFactory.create(role=role) for role in start]
    for actor_index, target_index, role in acts:
        actor, target = (User.objects.get(pk=people[i].pk) for i in (actor_index, target_index))
        before = {user.pk: user.role for user in User.objects.all()}
        try:
            user_set_role(actor=actor, user=target, role=role)
        except (RoleChangeRefused, LastSuperadmin):
            assert {user.pk: user.role for user in User.objects.all()} == before
            continue
        after = {user.pk: user.role for user in User.objects.all()}
        changed = {pk for pk in after if after[pk] != before[pk]}
        assert changed <= {target.pk}
        assert Role(after[target.pk]).rank < Role(before[actor.pk]).rank
    assert User.objects.filter(role=Role.SUPERADMIN).count() == 1


@pytest.mark.django_db
def test_a_stale_actor_has_no_rights_left() -> None:
    stale = UserFactory.create(role=Role.ADMIN)
    User.objects.filter(pk=stale.pk).update(role=Role.USER)
    with pytest.raises(RoleChangeRefused):
        user_set_role(actor=stale, user=UserFactory.create(), role=Role.MODERATOR)


@pytest.mark.django_db
def test_the_last_superadmin_stays_and_one_of_two_may_go() -> None:
    first = UserFactory.create(role=Role.SUPERADMIN)
    with pytest.raises(LastSuperadmin):
        user_set_role(actor=first, user=first, role=Role.USER)
    UserFactory.create(role=Role.SUPERADMIN, is_active=False)
    with pytest.raises(LastSuperadmin):
        user_set_role(actor=first, user=first, role=Role.USER)
    UserFactory.create(role=Role.SUPERADMIN)
    assert user_set_role(actor=first, user=first, role=Role.ADMIN).role == Role.ADMIN


@pytest.mark.django_db(transaction=True)
def test_two_superadmins_who_leave_at_once_leave_one() -> None:
    pair = [UserFactory.create(role=Role.SUPERADMIN) for _ in range(2)]
    refused: list[object] = []

    def leave(person: User) -> None:
        try:
            user_set_role(actor=person, user=person, role=Role.USER)
        except LastSuperadmin:
            refused.append(person.pk)
            raise

    assert at_once([partial(leave, person) for person in pair]) == {DONE: 1, LastSuperadmin.code: 1}
    assert len(refused) == 1
    assert User.objects.get(role=Role.SUPERADMIN).pk == refused[0]
