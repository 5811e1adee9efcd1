"""The in-process channel layer: senders in any thread, a sleeping receiver woken at once."""

import asyncio
import statistics
import threading
import time

import pytest
from channels.exceptions import ChannelFull

from core.realtime.memory_layer import MemoryChannelLayer


def _later(function, *arguments) -> threading.Thread:
    def run() -> None:
        time.sleep(0.05)
        function(*arguments)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class TestAcrossThreads:
    @pytest.mark.once
    @pytest.mark.timed
    def test_a_sleeping_loop_is_woken_within_50_ms(self) -> None:
        layer = MemoryChannelLayer()

        async def measure() -> list[float]:
            channel = await layer.new_channel()
            await layer.group_add("people", channel)
            took = []
            for _ in range(20):
                thread = _later(lambda: layer.group_put("people", {"type": "x", "at": time.perf_counter()}))
                message = await layer.receive(channel)
                took.append(time.perf_counter() - message["at"])
                thread.join()
            return took

        took = asyncio.run(measure())
        assert statistics.median(took) < 0.01, took
        assert max(took) < 0.05, took

    def test_nothing_is_lost_or_doubled_with_many_senders(self) -> None:
        layer = MemoryChannelLayer(capacity=10_000)

        async def collect() -> list[int]:
            def send(first: int) -> None:
                for number in range(first, first + 250):
                    layer.put("c", {"n": number})

            threads = [threading.Thread(target=send, args=(250 * n,)) for n in range(8)]
            for thread in threads:
                thread.start()
            found = [(await asyncio.wait_for(layer.receive("c"), 5))["n"] for _ in range(2000)]
            for thread in threads:
                thread.join()
            return found

        assert sorted(asyncio.run(collect())) == list(range(2000))

    def test_receivers_in_two_loops(self) -> None:
        layer = MemoryChannelLayer()
        found: list[str] = []

        def receive(name: str) -> None:
            async def one() -> None:
                await layer.group_add("people", name)
                found.append((await asyncio.wait_for(layer.receive(name), 5))["type"])

            asyncio.run(one())

        threads = [threading.Thread(target=receive, args=(name,)) for name in ("one", "two")]
        for thread in threads:
            thread.start()
        while len(layer.groups.get("people", ())) < 2:
            time.sleep(0.005)
        layer.group_put("people", {"type": "hello"})
        for thread in threads:
            thread.join()
        assert found == ["hello", "hello"]


class TestQueues:
    def test_a_full_channel_refuses_and_a_group_goes_on(self) -> None:
        layer = MemoryChannelLayer(capacity=2)

        async def fill() -> None:
            await layer.group_add("g", "full")
            await layer.group_add("g", "free")
            for _ in range(2):
                layer.put("full", {"type": "x"})
            with pytest.raises(ChannelFull):
                await layer.send("full", {"type": "x"})
            await layer.group_send("g", {"type": "y"})
            assert (await layer.receive("free"))["type"] == "y"

        asyncio.run(fill())

    def test_old_messages_are_not_delivered(self) -> None:
        layer = MemoryChannelLayer(expiry=-1)
        layer.put("c", {"type": "old"})
        layer.expiry = 60
        layer.put("c", {"type": "new"})
        assert asyncio.run(layer.receive("c"))["type"] == "new"

    def test_a_cancelled_receiver_passes_its_message_on(self) -> None:
        layer = MemoryChannelLayer()

        async def cancel() -> str:
            first, second = (asyncio.create_task(layer.receive("c")) for _ in range(2))
            await asyncio.sleep(0)
            layer.put("c", {"type": "x"})
            first.cancel()
            return (await asyncio.wait_for(second, 1))["type"]

        assert asyncio.run(cancel()) == "x"

    def test_a_closed_loop_does_not_keep_a_message(self) -> None:
        layer = MemoryChannelLayer()
        loop = asyncio.new_event_loop()
        waiting = loop.create_task(layer.receive("c"))
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        layer.put("c", {"type": "x"})
        assert asyncio.run(layer.receive("c"))["type"] == "x"
        assert not waiting.done()
        waiting._log_destroy_pending = False

    def test_who_left_a_group_gets_nothing_and_nothing_stays(self) -> None:
        layer = MemoryChannelLayer()

        async def leave() -> None:
            await layer.group_add("g", "c")
            await layer.group_discard("g", "c")
            await layer.group_send("g", {"type": "x"})
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(layer.receive("c"), 0.02)

        asyncio.run(leave())
        assert (layer.groups, layer._inboxes) == ({}, {})
