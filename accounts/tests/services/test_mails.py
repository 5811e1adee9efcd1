"""Mails: written in the reader's language, sent after the commit, tried again, forgotten once sent."""

import pytest
from django.utils import translation

from accounts.models import EmailCode
from accounts.services.email_codes import email_code_send
from accounts.tests.factories import UserFactory
from accounts.tests.mails import code_in, mails_sent
from core.models import Job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", EmailCode.Purpose.values)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_code_has_a_mail_in_text_and_html(purpose: str, language: str) -> None:
    user = UserFactory.create()
    with translation.override(language):
        email_code_send(user=user, purpose=purpose)
    with translation.override("en"):
        (message,) = mails_sent()
    html = message.alternatives[0].content
    assert message.to == [user.email]
    assert user.username in message.body
    assert user.username in html
    assert f'<html lang="{language}">' in html
    assert "\n" not in message.subject
    assert "http-equiv" not in html
    assert "<img" not in html
    assert Job.objects.get().payload == {"template": purpose}
    if purpose != "reset":
        assert code_in(message) in html
