"""Clients that wait for each answer before they ask again (a closed loop), each in a thread with one kept connection."""

import contextlib
import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import orjson


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `body` is sent as JSON when there is one."""

    method: str
    path: str
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Looped:
    """Milliseconds of every answer that was 2xx, how many answers there were of each status, and how long it went on."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """The time that `share` (0–1) of the successful answers stay at or under."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def rate(self) -> float:
        """Successful answers a second."""
        return len(self.milliseconds) / self.seconds


def looped(port: int, calls: Iterator[Call], *, parallel: int, seconds: float) -> Looped:
    """`parallel` clients take their next call from `calls` for `seconds`."""
    with looping(port, calls, parallel=parallel) as found:
        time.sleep(seconds)
    return found


@contextlib.contextmanager
def looping(port: int, calls: Iterator[Call], *, parallel: int) -> Iterator[Looped]:
    """The same for as long as the block lasts; the result is complete when the block has ended."""
    found, lock, over = Looped(), threading.Lock(), threading.Event()
    shared = _locked(calls, lock)
    threads = [threading.Thread(target=_client, args=(port, shared, found, lock, over)) for _ in range(parallel)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        over.set()
        for thread in threads:
            thread.join()
        found.seconds = time.perf_counter() - began


def logins(names: Sequence[str], password: str) -> Iterator[Call]:
    """Endless sign-ins: another person from another address each time, as the limits of one address would end the measure."""
    for name, address in zip(itertools.cycle(names), addresses(), strict=False):
        body = {"identifier": name, "password": password, "client": "mobile"}
        yield Call("POST", "/api/v1/auth/login", body, {"X-Forwarded-For": address, "User-Agent": "bench"})


def reads(paths: Sequence[str], tokens: Sequence[str] = ()) -> Iterator[Call]:
    """Endless GETs of `paths` in turn, each from another address; signed in with `tokens` in turn when there are some."""
    credentials = [{"Authorization": f"Bearer {token}"} for token in tokens] or [{}]
    for path, address, extra in zip(itertools.cycle(paths), addresses(), itertools.cycle(credentials), strict=False):
        yield Call("GET", path, headers={"X-Forwarded-For": address, **extra})


def addresses() -> Iterator[str]:
    """Sixteen million private addresses."""
    for number in itertools.count():
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _locked(calls: Iterator[Call], lock: threading.Lock) -> Callable[[], Call]:
    def take() -> Call:
        with lock:
            return next(calls)

    return take


def _client(port: int, take: Callable[[], Call], found: Looped, lock: threading.Lock, over: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        while not over.is_set():
            call = take()
            body = None if call.body is None else orjson.dumps(call.body)
            headers = call.headers if body is None else {**call.headers, "Content-Type": "application/json"}
            began = time.perf_counter()
            connection.request(call.method, call.path, body=body, headers=headers)
            response = connection.getresponse()
            response.read()
            took = (time.perf_counter() - began) * 1000
            with lock:
                found.statuses[response.status] += 1
                if 200 <= response.status < 300:
                    found.milliseconds.append(took)
            if response.status == 503:
                time.sleep(min(1.0, float(response.headers.get("Retry-After", "1"))))
    finally:
        connection.close()
