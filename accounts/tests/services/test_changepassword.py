"""`manage.py changepassword` ends what came in by the old password."""

import pytest
from django.core.management import call_command

from accounts.models import User, UserSession
from accounts.services.sessions import session_start, site_session_start
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_every_session_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory.create(username="person")
    session_start(user=user)
    site_session_start(user=user)
    bystander = session_start(user=UserFactory.create()).session
    monkeypatch.setattr("getpass.getpass", lambda prompt="": "an operator's passphrase")
    assert "changed successfully" in call_command("changepassword", "person")
    assert User.objects.get(pk=user.pk).check_password("an operator's passphrase")
    assert list(UserSession.objects.filter(revoked_at=None)) == [bystander]
