"""Keeping somebody from writing: by rank, for a while, without ending their sessions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import Muted
from accounts.models import Role, User
from accounts.services.mutes import muted_check, user_mute, user_unmute
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from core.errors import PermissionDenied, ValidationFailed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("actor", Role.values)
@pytest.mark.parametrize("target", Role.values)
def test_only_those_above_mute(actor: str, target: str) -> None:
    staff, user = UserFactory.create(role=actor), UserFactory.create(role=target)
    may = Role(actor).rank >= Role.MODERATOR.rank and Role(target).rank < Role(actor).rank
    for act in (lambda: user_mute(actor=staff, user=user, duration=HOUR), lambda: user_unmute(actor=staff, user=user)):
        if may:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert User.objects.get(pk=user.pk).muted_until is None


def test_nobody_mutes_the_erased_or_without_measure() -> None:
    staff, user = UserFactory.create(role="admin"), UserFactory.create()
    for duration in (timedelta(0), -HOUR, timedelta(days=366)):
        with pytest.raises(ValidationFailed):
            user_mute(actor=staff, user=user, duration=duration)
    for reason in ("x" * 201, "a\x00b"):
        with pytest.raises(ValidationFailed):
            user_mute(actor=staff, user=user, duration=HOUR, reason=reason)
    User.objects.filter(pk=user.pk).update(erased_at="2026-01-01T00:00:00Z")
    with pytest.raises(PermissionDenied):
        user_mute(actor=staff, user=user, duration=HOUR)


def test_sessions_stay(client: Client) -> None:
    user = UserFactory.create()
    headers = {"Authorization": f"Bearer {session_start(user=user).access_token}"}
    user_mute(actor=UserFactory.create(role="moderator"), user=user, duration=HOUR, reason=" flood ")
    assert client.get("/api/v1/auth/me", headers=headers).status_code == 200
    stored = User.objects.get(pk=user.pk)
    assert (stored.mute_reason, user.mute_reason) == ("flood", "flood")
    with pytest.raises(Muted) as caught:
        muted_check(stored)
    assert caught.value.extra == {
        "muted_until": stored.muted_until.isoformat(timespec="seconds").replace("+00:00", "Z")
    }


def test_moderators_mute_people_below_them_in_the_admin(client: Client) -> None:
    user, peer = UserFactory.create(), UserFactory.create(role="moderator")
    client.force_login(UserFactory.create(role="moderator"))
    url = reverse("admin:accounts_user_changelist")
    chosen = [str(user.pk), str(peer.pk)]
    client.post(url, {"action": "mute_day", "_selected_action": chosen})
    muted = User.objects.exclude(muted_until=None)
    assert list(muted) == [user]
    client.post(url, {"action": "unmute", "_selected_action": chosen})
    assert not muted.all()
