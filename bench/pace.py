"""A client that asks at a constant rate, whatever the server does: waiting in line counts as waiting."""

import asyncio
import gc
import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass

CONNECTIONS = 24


@dataclass(frozen=True, slots=True)
class Paced:
    """Latencies in milliseconds from the moment a request was due to the last byte of its answer, and what went wrong with others."""

    milliseconds: list[float]
    failures: list[str]

    def percentile(self, share: float) -> float:
        """The latency that `share` (0–1) of the requests stay at or under."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def paced(port: int, paths: Iterable[str], *, rate: float, seconds: float) -> Paced:
    """Ask for `paths` in turn, `rate` times a second for `seconds`, over kept connections."""
    return asyncio.run(_paced(port, itertools.cycle(list(paths)), rate, seconds))


async def _paced(port: int, paths: Iterable[str], rate: float, seconds: float) -> Paced:
    idle: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.LifoQueue()
    for _number in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port, limit=2**22))
    latencies: list[float] = []
    failures: list[str] = []

    async def ask(path: str, due: float) -> None:
        reader, writer = await idle.get()
        try:
            is_kept = await _exchange(reader, writer, path)
            latencies.append((time.perf_counter() - due) * 1000)
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            failures.append(f"{path}: {error!r}")
            is_kept = False
        if not is_kept:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        idle.put_nowait((reader, writer))

    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        asked = []
        for number, path in zip(range(int(rate * seconds)), paths, strict=False):
            due = began + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            asked.append(asyncio.create_task(ask(path, due)))
        await asyncio.gather(*asked)
    finally:
        gc.enable()
    while not idle.empty():
        idle.get_nowait()[1].close()
    return Paced(latencies, failures)


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bool:
    """One GET; whether the connection may be used again. Raises ValueError for anything but 200."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode("ascii"))
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    lines = head.split(b"\r\n")
    headers = dict(line.partition(b": ")[::2] for line in lines[1:] if line)
    if b"content-length" in headers:
        await reader.readexactly(int(headers[b"content-length"]))
    elif headers.get(b"transfer-encoding") == b"chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.read()
    if lines[0].split()[1] != b"200":
        raise ValueError(lines[0].decode("ascii", "replace"))
    is_framed = b"content-length" in headers or b"transfer-encoding" in headers
    return is_framed and headers.get(b"connection") != b"close"
