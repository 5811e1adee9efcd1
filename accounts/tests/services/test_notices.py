"""Notices take the ways their person chose, after the commit, and required mails cannot be switched off."""

import json
from typing import Any

import pytest
from django.db import transaction

from accounts.events import NoticeSent
from accounts.models import NoticeSetting, User
from accounts.notices import SecurityChange, notice_kind, notice_kinds
from accounts.selectors.notices import Channels, notice_settings_of
from accounts.services.devices import expo_register
from accounts.services.notices import notice_send, notice_settings_save
from accounts.services.push import MESSAGE
from accounts.tests.factories import UserFactory
from core.events import subscribe
from core.models import Job, RealtimeEvent
from core.secrets import secret_open

pytestmark = pytest.mark.django_db

NEW = {"device": "Firefox", "address": "203.0.113.7"}


@pytest.fixture
def person() -> User:
    return UserFactory()


def _jobs(kind: str) -> list[Job]:
    return list(Job.objects.filter(kind=kind))


class TestSending:
    def test_defaults(self, person: User) -> None:
        expo_register(user=person, token="ExponentPushToken[abcdefghijklmnopqrstuv]")
        notice_send(user=person, kind="new_sign_in", context=NEW)
        (event,) = RealtimeEvent.objects.filter(user=person, type="notification.created")
        assert event.payload["text"] == "Somebody signed in to your account: Firefox, 203.0.113.7."
        assert event.payload["url"] == "/settings/sessions"
        (push,) = _jobs("accounts.push")
        assert push.payload["user_ids"] == [str(person.pk)]
        message = json.loads(secret_open(push.payload["sealed"], purpose=MESSAGE))
        assert message["title"] == "New sign-in"
        assert message["data"] == {"kind": "new_sign_in"}
        assert len(_jobs("accounts.mail")) == 1

    def test_choice_holds(self, person: User) -> None:
        expo_register(user=person, token="ExponentPushToken[abcdefghijklmnopqrstuv]")
        notice_settings_save(user=person, chosen={"new_sign_in": Channels(False, False, False)})
        notice_send(user=person, kind="new_sign_in", context=NEW)
        assert not RealtimeEvent.objects.exists()
        assert not Job.objects.exists()

    def test_required_mail_cannot_be_switched_off(self, person: User) -> None:
        notice_settings_save(user=person, chosen={"security_change": Channels(False, False, False)})
        NoticeSetting.objects.update(by_email=False)  # nor by a row that says otherwise
        notice_send(user=person, kind="security_change", context={"change": SecurityChange.PASSWORD})
        assert len(_jobs("accounts.mail")) == 1
        assert not _jobs("accounts.push")

    def test_every_change_has_its_words(self, person: User, mailoutbox: list[Any], celery_eager: None) -> None:
        from core.jobs.services import job_run

        for change in SecurityChange:
            notice_send(
                user=person, kind="security_change", context={"change": change.value, "detail": "<b>my key</b>"}
            )
        for job in _jobs("accounts.mail"):
            job_run(job_id=job.pk)
        assert [mail.subject.partition(": ")[2] for mail in mailoutbox] == [f"{c.label}." for c in SecurityChange]
        assert "&lt;b&gt;my key" in mailoutbox[0].alternatives[0][0]
        assert "/settings/security" in mailoutbox[0].body

    def test_nothing_leaves_a_transaction_that_fails(self, person: User) -> None:
        with transaction.atomic():
            notice_send(user=person, kind="new_sign_in", context=NEW)
            transaction.set_rollback(True)
        assert not Job.objects.exists()

    def test_unknown_kind_is_an_error(self, person: User) -> None:
        with pytest.raises(LookupError):
            notice_send(user=person, kind="nobody_made_it", context={})

    def test_context_that_lacks_a_name_is_an_error(self, person: User) -> None:
        with pytest.raises(KeyError):
            notice_send(user=person, kind="new_sign_in", context={})

    def test_erased_people_get_nothing(self, person: User) -> None:
        person.erased_at = person.date_joined
        notice_send(user=person, kind="new_sign_in", context=NEW)
        assert not Job.objects.exists()

    def test_upper_apps_hear_of_it(self, person: User) -> None:
        heard: list[NoticeSent] = []
        subscribe(NoticeSent)(heard.append)
        notice_send(user=person, kind="new_sign_in", context=NEW)
        assert [(e.user_id, e.kind, e.by_site) for e in heard] == [(person.pk, "new_sign_in", True)]


class TestSettings:
    def test_saving_twice_keeps_one_row(self, person: User) -> None:
        for by_push in (True, False):
            notice_settings_save(user=person, chosen={"export_ready": Channels(True, by_push, True), "unknown": None})  # type: ignore[dict-item]
        assert NoticeSetting.objects.get().by_push is False
        found = {kind.code: ways for kind, ways in notice_settings_of(person.pk)}
        assert found["export_ready"] == Channels(True, False, True)
        assert found["new_sign_in"] == Channels(True, True, True)

    def test_every_kind_has_its_mail(self) -> None:
        from django.template.loader import get_template

        for kind in notice_kinds():
            for end in ("txt", "html") if not kind.is_digested else ():
                assert get_template(f"mail/notice_{kind.code}.{end}").template.name.endswith(end)

    def test_a_code_is_taken_once(self) -> None:
        with pytest.raises(ValueError, match="new_sign_in"):
            notice_kind("new_sign_in", title="", text="", url="/")
