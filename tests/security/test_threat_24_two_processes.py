"""Threat 24 in the distributed way: a sign-in that a worker ends closes the socket that another process holds."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.services.databases import migrated_put
from tests.services.instances import Instance, free_port, redis, redis_binary
from tests.services.processes import BIN, ROOT, environment, get, running

pytestmark = [
    pytest.mark.once,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("processes"),
    pytest.mark.skipif(redis_binary() is None, reason="needs Redis: install its binary"),
]

SIGN_IN = """
from accounts.models import User
from accounts.services.sessions import session_start
user, _ = User.objects.get_or_create(username="aki", defaults={"email": "aki@example.org"})
pair = session_start(user=user)
print(pair.session.pk, pair.access_token)
"""
REVOKE = """
import time
from accounts.models import UserSession
from accounts.services.sessions import session_revoke
session_revoke(session=UserSession.objects.get(pk=ID), reason="by_hand")
print(time.time())
"""


class Two:
    """The process of the sockets, and commands of others."""

    def __init__(self, port: int, values: dict[str, str], broker: Instance) -> None:
        self.port, self.values, self.broker = port, values, broker

    def command(self, code: str) -> list[str]:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(**self.values), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.split()

    def end(self, code: str = REVOKE) -> tuple[dict[str, object], int, float]:
        """What the socket of a new sign-in says when another process ends that; the code; seconds after the commit."""
        session_id, token = self.command(SIGN_IN)
        with connect(f"ws://127.0.0.1:{self.port}/live/session?token={token}") as socket:
            assert [json.loads(socket.recv(10))["op"] for _ in range(2)] == ["HELLO", "READY"]
            committed = float(self.command(code.replace("ID", repr(session_id)))[0])
            said = json.loads(socket.recv(3))
            took = time.time() - committed
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(3)
            assert closed.value.rcvd is not None
            return said["d"], closed.value.rcvd.code, took


@contextmanager
def two_started(folder: Path, application: str) -> Iterator[Two]:
    """A Redis, an empty database and daphne with `application`."""
    data = migrated_put(folder / "data")
    with redis() as broker:
        values = {"DATA_DIR": str(data), "REDIS_URL": broker.url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        port = free_port()
        serve = [str(BIN / "daphne"), "--bind", "127.0.0.1", "--port", str(port), f"{application}:application"]
        with running(serve, folder, **values):
            for _ in range(200):
                try:
                    get(port, "/health")
                    break
                except OSError:
                    time.sleep(0.1)
            yield Two(port, values, broker)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with two_started(tmp_path_factory.mktemp("two"), "config.asgi") as started:
        yield started


@pytest.fixture
def two_by_hints(tmp_path: Path) -> Iterator[Two]:
    """The same without the hub's own check, so that nothing but the hint can win."""
    with two_started(tmp_path, "tests.security.only_hints") as started:
        yield started


@pytest.mark.timed
def test_the_hint_crosses_processes(two_by_hints: Two) -> None:
    said, code, took = two_by_hints.end()
    # `by_hand` comes with the hint; the check of the hub, which never looks here, would say `ended`.
    assert (said, code) == ({"reason": "by_hand"}, 4001)
    assert took < 1.0


def test_without_the_hint_the_check_finds_it(two: Two) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    lose = f"from django.conf import settings\nsettings.CHANNEL_LAYERS['default']['CONFIG']['hosts'] = [{nowhere!r}]\n"
    said, code, took = two.end(lose + REVOKE)
    assert (said, code) == ({"reason": "ended"}, 4001)
    assert took < 2.0


def test_after_a_restart_of_redis_hints_come_again(two: Two) -> None:
    two.broker.stop()
    two.broker.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        said, _code, took = two.end()
        assert took < 2.0  # by the check at the latest
        if said == {"reason": "by_hand"}:
            return
    raise AssertionError("hints did not come back")
