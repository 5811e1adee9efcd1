"""Threat 1, by push: a subscription names an address that we send to; one of a private or a stranger's host is refused."""

import socket
import threading
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import PushDevice
from accounts.services.devices import web_register
from accounts.services.push import push_send
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from accounts.tests.push_services import Browser
from core.jobs.services import job_run
from core.models import Job

pytestmark = pytest.mark.django_db


class Canary:
    """Counts who connects."""

    def __init__(self) -> None:
        self.hits = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._listener.accept()[0].close()
            except OSError:
                return
            self.hits += 1

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    found = Canary()
    yield found
    found.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "[::ffff:127.0.0.1]:{port}", "fcm.googleapis.com@127.0.0.1:{port}"]
)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_registration_refuses_it(client: Client, canary: Canary, host: str, scheme: str) -> None:
    headers = {"Authorization": f"Bearer {session_start(user=UserFactory()).access_token}"}
    browser = Browser()
    body = {
        "platform": "web",
        "subscription": {
            "endpoint": f"{scheme}://{host.format(port=canary.port)}/push",
            "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
        },
    }
    answer = client.post("/api/v1/devices/register", body, content_type="application/json", headers=headers)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["subscription.endpoint"])
    assert not PushDevice.objects.exists()
    assert canary.hits == 0


def test_sending_refuses_it_again(canary: Canary) -> None:
    """A row that got in some other way (an operator's list that was longer once) is not sent to either."""
    user = UserFactory()
    web_register(user=user, subscription=Browser().subscription(f"https://127.0.0.1:{canary.port}/push"))
    push_send(user_ids=[user.pk], title="x", body="y", url="/")
    job_run(job_id=Job.objects.get(kind="accounts.push").pk)
    assert canary.hits == 0
