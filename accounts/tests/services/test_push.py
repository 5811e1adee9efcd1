"""Push messages reach devices through local stand-ins of Expo and of a browser's push service; dead devices go."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from py_vapid import Vapid02

from accounts import push_web
from accounts.models import PushDevice, PushTicket, User
from accounts.services import push
from accounts.services.devices import expo_register, web_register
from accounts.tests.factories import UserFactory
from accounts.tests.push_services import Browser, Service, serving
from core.jobs.services import job_run
from core.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Service]:
    with serving(monkeypatch, settings) as found:
        yield found


@pytest.fixture
def person() -> User:
    return UserFactory()


def token(number: int) -> str:
    return f"ExponentPushToken[{number:022d}]"


def app(user: User, number: int = 1) -> PushDevice:
    return expo_register(user=user, token=token(number), platform="ios").device


def browser_of(user: User, service: Service, path: str = "/one") -> Browser:
    browser = Browser()
    web_register(user=user, subscription=browser.subscription(f"http://127.0.0.1:{service.port}{path}"))
    return browser


def send(*users: User, **changes: Any) -> Job:
    message = {"title": "Hello", "body": "A word", "url": "/settings", "data": {"kind": "x"}, **changes}
    push.push_send(user_ids=[user.pk for user in users], **message)
    return Job.objects.get(kind=push.KIND)


def run(job: Job) -> Job:
    """One more try, as if its waiting time were over."""
    Job.objects.filter(pk=job.pk).update(run_after=None)
    found = job_run(job_id=job.pk)
    assert found is not None
    return found


class TestQueue:
    def test_nobody_with_a_device_queues_nothing(self, person: User) -> None:
        push.push_send(user_ids=[person.pk], title="x", body="y", url="/")
        push.push_send(user_ids=[], title="x", body="y", url="/")
        assert not Job.objects.exists()

    def test_words_wait_sealed_and_go_when_done(self, person: User, service: Service) -> None:
        app(person)
        job = send(person, body="a secret word")
        assert "secret word" not in str(Job.objects.values().get())
        assert run(job).state == JobState.DONE
        assert Job.objects.get().payload == {}

    def test_many_people_are_several_jobs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        people = [UserFactory.build() for _ in range(3)]
        User.objects.bulk_create(people)
        app(people[0])
        monkeypatch.setattr(push, "PEOPLE_PER_JOB", 2)
        push.push_send(user_ids=[user.pk for user in people], title="x", body="y", url="/")
        assert sorted(len(job.payload["user_ids"]) for job in Job.objects.all()) == [1, 2]


class TestExpo:
    def test_message_and_ticket(self, person: User, service: Service, settings: Any) -> None:
        settings.EXPO_ACCESS_TOKEN = "expo-secret"
        device = app(person)
        assert run(send(person, title="T" * 300, body="B" * 9000)).result == {"devices": 1}
        ((path, headers, body),) = service.requests
        assert path == "/--/api/v2/push/send"
        assert headers["authorization"] == "Bearer expo-secret"
        (message,) = json.loads(body)
        assert message["to"] == token(1)
        assert message["data"] == {"kind": "x", "url": "/settings"}
        assert (len(message["title"]), len(message["body"])) == (100, 400)
        assert PushTicket.objects.get().device == device

    def test_batches_of_a_hundred(self, service: Service) -> None:
        people = [UserFactory.build() for _ in range(7)]
        User.objects.bulk_create(people)
        for number in range(130):
            app(people[number // 20], number)
        assert run(send(*people)).result == {"devices": 130}
        assert sorted(len(json.loads(body)) for _path, _headers, body in service.requests) == [30, 100]
        assert PushTicket.objects.count() == 130

    def test_dead_tokens_go_and_others_are_counted(self, person: User, service: Service) -> None:
        gone, wrong, well = app(person, 1), app(person, 2), app(person, 3)
        service.dead = {token(1)}
        service.errors = {token(2): "MessageTooBig"}
        PushDevice.objects.filter(pk=well.pk).update(failures=3)
        assert run(send(person)).state == JobState.DONE
        assert not PushDevice.objects.filter(pk=gone.pk).exists()
        assert PushDevice.objects.get(pk=wrong.pk).failures == 1
        assert PushDevice.objects.get(pk=well.pk).failures == 0

    def test_ten_failures_in_a_row_are_the_end(self, person: User, service: Service) -> None:
        device = app(person)
        PushDevice.objects.update(failures=9)
        service.errors = {token(1): "InvalidCredentials"}
        run(send(person))
        assert not PushDevice.objects.filter(pk=device.pk).exists()

    def test_tokens_of_several_apps_are_sent_apart(self, person: User, service: Service) -> None:
        for number in range(4):
            app(person, number)
        service.apps = {token(0): "@us/beta", token(2): "@us/beta"}
        assert run(send(person)).result == {"devices": 4}
        assert [len(json.loads(body)) for _path, _headers, body in service.requests] == [4, 2, 2]
        assert PushTicket.objects.count() == 4

    def test_a_service_that_is_away_is_asked_again(self, person: User, service: Service) -> None:
        app(person)
        service.answers = [(503, {}, b"")]
        job = run(send(person))
        assert (job.state, job.error_code) == (JobState.QUEUED, "push_service_away")
        assert job.run_after is not None
        assert run(job).state == JobState.DONE
        assert PushTicket.objects.count() == 1

    def test_one_that_has_to_wait_waits_alone(self, person: User, service: Service) -> None:
        app(person, 1)
        app(person, 2)
        service.errors = {token(2): "MessageRateExceeded"}
        job = run(send(person))
        assert job.state == JobState.QUEUED
        service.errors = {}
        assert run(job).result == {"devices": 2}
        assert [m["to"] for m in json.loads(service.requests[-1][2])] == [token(2)]

    @pytest.mark.parametrize("answer", [b"<html>", [], {"errors": [{"code": "UNAUTHORIZED"}]}, {"errors": "?"}])
    def test_answers_that_make_no_sense_fail_without_end(self, person: User, service: Service, answer: Any) -> None:
        app(person)
        service.answers = [(400, {}, answer)]
        assert run(send(person)).state == JobState.DONE
        assert PushDevice.objects.get().failures == 1


class TestReceipts:
    def _tickets(self, person: User, count: int, age: timedelta) -> None:
        people = [person, *[UserFactory.build() for _ in range(count // 20)]]
        User.objects.bulk_create(people[1:])
        for number in range(count):
            PushTicket.objects.create(device=app(people[number // 20], number), ticket=f"t{number}")
        PushTicket.objects.update(created_at=timezone.now() - age)

    def test_young_tickets_wait(self, person: User, service: Service) -> None:
        self._tickets(person, 1, timedelta(minutes=14))
        push.receipts_enqueue()
        assert not Job.objects.exists()

    def test_batches_of_three_hundred(self, person: User, service: Service) -> None:
        self._tickets(person, 320, timedelta(minutes=16))
        push.receipts_enqueue()
        push.receipts_enqueue()
        job = Job.objects.get(kind=push.RECEIPTS)
        assert run(job).result == {"receipts": 320}
        assert [len(json.loads(body)["ids"]) for _path, _headers, body in service.requests] == [300, 20]
        assert not PushTicket.objects.exists()

    def test_dead_devices_go_others_are_counted_pending_ones_stay(self, person: User, service: Service) -> None:
        self._tickets(person, 4, timedelta(minutes=16))
        service.dead, service.errors, service.pending = {"t0"}, {"t1": "MessageTooBig"}, {"t2"}
        push.receipts_enqueue()
        run(Job.objects.get(kind=push.RECEIPTS))
        assert PushDevice.objects.count() == 3
        assert PushTicket.objects.get().ticket == "t2"
        assert sorted(PushDevice.objects.values_list("failures", flat=True)) == [0, 0, 1]

    def test_after_a_day_nobody_asks(self, person: User, service: Service) -> None:
        self._tickets(person, 1, timedelta(hours=25))
        push.receipts_enqueue()
        run(Job.objects.get(kind=push.RECEIPTS))
        assert not PushTicket.objects.exists()
        assert not service.requests

    def test_a_service_that_is_away_is_asked_again(self, person: User, service: Service) -> None:
        self._tickets(person, 1, timedelta(minutes=16))
        service.answers = [(502, {}, b"")]
        push.receipts_enqueue()
        job = run(Job.objects.get(kind=push.RECEIPTS))
        assert (job.state, job.error_code) == (JobState.QUEUED, "push_service_away")
        assert PushTicket.objects.exists()


class TestWeb:
    def test_only_this_browser_reads_it(self, person: User, service: Service) -> None:
        browser, other = browser_of(person, service), Browser()
        assert run(send(person, body="Привет")).result == {"devices": 1}
        ((path, headers, body),) = service.requests
        assert path == "/one"
        assert browser.read(body) == {"title": "Hello", "body": "Привет", "url": "/settings", "data": {"kind": "x"}}
        assert "Привет".encode() not in body
        with pytest.raises(Exception, match=r"[Dd]ecrypt|[Ii]nvalid"):
            other.read(body)
        assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "86400")

    def test_the_signature_is_ours_and_for_this_service(self, person: User, service: Service) -> None:
        import jwt
        from cryptography.hazmat.primitives.asymmetric import ec

        browser_of(person, service)
        run(send(person))
        authorization = service.requests[0][1]["authorization"]
        assert Vapid02.verify(authorization)
        parts = dict(part.split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
        assert parts["k"] == push_web.public_key()
        point = push_web._bytes(parts["k"])
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        origin = f"http://127.0.0.1:{service.port}"
        claims = jwt.decode(parts["t"], public, algorithms=["ES256"], audience=origin)
        assert claims["sub"].startswith(("mailto:", "https://"))
        assert claims["exp"] - timezone.now().timestamp() <= 24 * 3600

    @pytest.mark.parametrize("status", [404, 410])
    def test_subscriptions_that_are_over_go(self, person: User, service: Service, status: int) -> None:
        browser_of(person, service)
        service.answers = [(status, {}, b"")]
        assert run(send(person)).state == JobState.DONE
        assert not PushDevice.objects.exists()

    def test_what_is_refused_is_counted(self, person: User, service: Service) -> None:
        browser_of(person, service)
        service.answers = [(403, {}, b"")]
        assert run(send(person)).state == JobState.DONE
        assert PushDevice.objects.get().failures == 1

    def test_retry_after_is_kept(self, person: User, service: Service) -> None:
        browser_of(person, service)
        app(person)
        service.answers = [(429, {"Retry-After": "120"}, b"")]
        job = run(send(person))
        assert job.state == JobState.QUEUED
        assert job.run_after is not None
        assert 60 < (job.run_after - timezone.now()).total_seconds() <= 121

    def test_a_second_try_leaves_out_who_got_it(
        self, person: User, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from core.egress import EgressUnavailable

        browser_of(person, service, "/one")
        browser_of(person, service, "/two")
        real, failing = push_web.message_send, ["/two"]

        def sometimes(subscription: Any, message: Any) -> int:
            if failing and subscription.endpoint.endswith(failing[0]):
                raise EgressUnavailable()
            return real(subscription, message)

        monkeypatch.setattr(push_web, "message_send", sometimes)
        job = run(send(person))
        assert job.state == JobState.QUEUED
        failing.clear()
        assert run(job).result == {"devices": 2}
        assert [path for path, _headers, _body in service.requests] == ["/one", "/two"]

    def test_it_is_given_up_in_the_end(self, person: User, service: Service) -> None:
        browser_of(person, service)
        job = send(person)
        Job.objects.update(attempt=push.ATTEMPTS - 1)
        service.answers = [(503, {}, b"")]
        assert run(job).result == {"devices": 0}
        assert Job.objects.get().payload == {}

    def test_private_addresses_are_never_asked(self, person: User) -> None:
        """Without the tests' network: the subscription of a host that is not on the list."""
        web_register(user=person, subscription=Browser().subscription("https://127.0.0.1/push"))
        assert run(send(person)).state == JobState.DONE
        assert PushDevice.objects.get().failures == 0


def test_an_operator_who_forbids_requests_loses_no_device(person: User, service: Service, settings: Any) -> None:
    app(person)
    browser_of(person, service)
    settings.EGRESS_ENABLED = False
    for _turn in range(push.FAILURES_ALLOWED + 1):
        assert run(send(person)).state == JobState.DONE
        Job.objects.all().delete()
    assert PushDevice.objects.count() == 2
    assert not service.requests


def test_sealed_with_a_key_that_is_gone(person: User, service: Service, settings: Any) -> None:
    """The device will register anew; its row goes."""
    app(person)
    settings.SECRET_KEY = "another key altogether"
    assert run(send(person)).state == JobState.DONE
    assert not PushDevice.objects.exists()


def test_old_jobs_are_forgotten(person: User, service: Service) -> None:
    app(person)
    run(send(person))
    assert push.push_trim() == 0
    Job.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert push.push_trim() == 1


def test_the_kept_key_is_a_key_of_the_curve() -> None:
    assert len(push_web._bytes(push_web.public_key())) == 65
