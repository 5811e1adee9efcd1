"""The queue of downloads in a browser: bars that move without moving the page, order, actions, and all of it without scripts."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.e2e.conftest import ROOT, Site, wait_for, wait_until
from tests.e2e.people import sign_in
from tests.e2e.test_accessibility import faults_of

SEED = """
import json, uuid
from datetime import timedelta
from django.utils import timezone
from core.models import Job
from downloads.models import Download, DownloadAttempt, QueueControl
from catalog.models import Anime
now = timezone.now()
demo = Anime.objects.filter(title="Hiroba no Akari").get()
others = list(Anime.objects.exclude(pk=demo.pk).order_by("pk")[:3])
QueueControl.objects.update_or_create(pk=1, defaults={"mode": "stopped"})
Download.objects.all().delete()
made = {}
def make(name, anime, number, **given):
    made[name] = str(Download.objects.create(anime=anime, episode_number=number, **given).pk)
    return made[name]
for number, stage, percent in ((1, "fetch", 61.8), (2, "remux", 40.0)):
    job = Job.objects.create(kind="e2e", queue="none", state="running", lease_until=now + timedelta(days=1))
    make(f"running{number}", demo, number, state="running", stage=stage, stage_percent=percent, percent=51.0, job=job,
        attempt=number, bytes_done=512 * 1024**2, bytes_total=1024**3, speed=5 * 1024**2, seconds_left=100,
        progressed_at=now, host="cdn.example.org", variant_kind="dub", variant_language="de", quality=1080)
for place, anime in enumerate((*others, demo), 1):
    make(f"queued{place}", anime, 3, position=place, priority=1, variant_kind="sub", variant_language="en")
again = make("again", others[0], 9, position=9, priority=0, attempt=2, retry_at=now + timedelta(minutes=9),
    error_code="segment_failed", host="a-very-long-name-of-a-host-that-goes-on.cdn.example.org")
make("paused", others[1], 4, state="paused", stage="fetch", stage_percent=20, percent=17, bytes_done=10**8, attempt=1)
make("done", demo, 4, state="done", path="library:a.mkv", size=4 * 10**8, height=1080, finished_at=now)
failed = make("failed", others[2], 5, state="failed", attempt=5, error_code="media_broken", finished_at=now)
make("cancelled", others[0], 6, state="cancelled", finished_at=now)
for number in (1, 2):
    for one in (again, failed):
        DownloadAttempt.objects.create(download_id=one, number=number, stage="fetch", error_code="egress_timeout",
            error_detail="https://cdn.example.org/a/very/long/address/of/a/segment/" + "x" * 80)
print("MADE" + json.dumps(made))
"""


@pytest.fixture(scope="module")
def folder(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the running site keeps its data; the queue is empty and running again afterwards."""
    found = next(iter(tmp_path_factory.getbasetemp().glob("site*/hiroba.sqlite3"))).parent
    yield found
    seed(found, EMPTY)


def seed(folder: Path, script: str = SEED) -> dict[str, str]:
    """Put downloads in every state into the site's database."""
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    command = [sys.executable, "manage.py", "shell", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=env | {"DATA_DIR": str(folder)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str] = json.loads(done.stdout.rpartition("MADE")[2])
    return found


EMPTY = """
from core.models import Job
from downloads.models import Download, QueueControl
for model in (Download, QueueControl, Job.objects.filter(kind="e2e")):
    getattr(model, "objects", model).all().delete()
print("MADE{}")
"""


@pytest.fixture
def made(folder: Path) -> dict[str, str]:
    """{name: id} of a download in every state, in a queue that was stopped."""
    return seed(folder)


def progress(key: str, percent: float, stage: str = "fetch", **more: Any) -> str:
    data = {
        "queue_item_id": key,
        "progress_percent": percent,
        "downloaded_bytes": int(percent * 10_737_418),
        "total_bytes": 1024**3,
        "speed_mbps": 80.0,
        "stage": stage,
        "stage_percent": percent,
        "seconds_left": 42,
    }
    return frame("download_progress", **data | more)


def frame(kind: str, **data: Any) -> str:
    return json.dumps({"type": kind, "timestamp": "2026-01-01T00:00:00Z", "data": data})


def test_bars_move_and_nothing_else_does(page: Page, site: Site, made: dict[str, str]) -> None:
    """Frames of every kind, at four a second and more: figures follow, the page stands still, what ended is read out."""
    sockets: list[WebSocketRoute] = []
    page.route_web_socket("**/ws/downloads*", lambda route: sockets.append(route))
    sign_in(page, "admin", site.password)
    page.goto("/downloads")
    wait_until(page, "window.htmx")
    page.evaluate(
        "window.__cls = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.__cls += e.value; })"
        ".observe({ type: 'layout-shift' })"
    )
    line = page.locator(f"#download-{made['running1']}")
    expect(line.locator("[data-stage=fetch] [data-percent]")).to_have_text("62")
    assert len(sockets) == 1
    for step in range(63, 100):
        sockets[0].send(progress(made["running1"], step + 0.4))
    expect(line.locator("[data-stage=fetch] [data-percent]")).to_have_text("99")
    expect(line.locator("[data-size]")).to_contain_text("of")
    expect(line.locator("[data-speed]")).to_have_text("9.5 MB/s")
    expect(line.locator("[data-left]")).to_have_text("42 s left")
    sockets[0].send(progress(made["running1"], 30, "verify", seconds_left=None))
    expect(line.locator("[data-now]")).to_have_text("Checking")
    expect(line.locator("[data-stage=fetch] [data-percent]")).to_have_text("100")
    expect(line.locator("[role=progressbar]")).to_have_attribute("aria-valuetext", "Checking")
    expect(line.locator("[data-left]")).to_have_text("")
    assert page.evaluate("window.__cls") == 0

    page.locator(f"#attempts-{made['failed']} summary").click()
    with page.expect_response("**/downloads"):
        sockets[0].send(
            frame("download_completed", queue_item_id=made["running1"], total_time_seconds=3, file_path="x")
        )
    expect(page.locator("[data-queue-say]")).to_have_text("Done: Hiroba no Akari S01E01")
    expect(page.locator(f"#attempts-{made['failed']}")).to_have_attribute("open", "")
    with page.expect_response("**/downloads"):
        sockets[0].send(frame("download_error", queue_item_id=made["running2"], will_retry=True, reason="disk_full"))
    expect(page.locator("[data-queue-say]")).to_have_text("Failed, and is tried again: Hiroba no Akari S01E02")

    sockets[0].close(code=4010)
    wait_for(page, lambda: len(sockets) == 2, "connected again")
    expect(page.locator("[data-queue-lost]")).to_be_hidden()


def test_order_by_dragging_and_actions_in_place(page: Page, site: Site, made: dict[str, str]) -> None:
    sign_in(page, "admin", site.password)
    with page.expect_websocket(lambda socket: "/ws/downloads" in socket.url) as opened:
        page.goto("/downloads")
    wait_until(page, "window.htmx")

    def order() -> list[str]:
        lines = page.locator("[aria-labelledby=queue-queued] [data-download]").all()
        names = {key: name for name, key in made.items()}
        return [names[line.get_attribute("data-download") or ""] for line in lines]

    assert order() == ["queued1", "queued2", "queued3", "queued4", "again"]
    grip = page.locator(f"#download-{made['queued4']} [data-grip]")
    grip.scroll_into_view_if_needed()
    goal = page.locator(f"#download-{made['queued2']}").bounding_box()
    held = grip.bounding_box()
    assert goal
    assert held
    page.mouse.move(held["x"] + 5, held["y"] + 10)
    page.mouse.down()
    page.mouse.move(goal["x"] + 60, goal["y"] + 40, steps=6)
    page.mouse.move(goal["x"] + 60, goal["y"] + 8, steps=4)
    wait_until(page, "document.querySelector('.queue-ghost')")
    page.mouse.up()
    expect(page.locator(".toast-success")).to_contain_text("Moved")
    assert order() == ["queued1", "queued4", "queued2", "queued3", "again"]

    page.locator(f"#more-{made['queued3']} > summary").click()
    page.locator(f"#more-{made['queued3']}").get_by_role("button", name="To the top").click()
    expect(page.locator("[aria-labelledby=queue-queued] [data-download]").first).to_have_id(
        f"download-{made['queued3']}"
    )
    wait_until(page, f"document.activeElement.matches('#more-{made['queued3']} > summary')")
    page.locator(f"#pause-{made['queued1']}").click()
    expect(page.locator(f"#resume-{made['queued1']}")).to_be_visible()
    page.locator(f"#retry-{made['failed']}").click()
    expect(page.locator(f"#download-{made['failed']} .queue-state")).to_have_text("Queued")
    page.locator("#queue-pause").click()
    expect(page.locator("#queue-pause")).to_have_attribute("aria-pressed", "true")
    page.locator("#health > summary").click()
    expect(page.locator(".queue-health")).to_contain_text("Folder of the library")
    # The site's own worker finds no source for what waits, and says so over the real socket.
    for name in ("running1", "running2"):
        page.locator(f"#cancel-{made[name]}").click()
        expect(page.locator(f"#download-{made[name]} .queue-state")).to_have_text("Cancelled")
    page.locator("#queue-start").click()
    expect(page.locator("[data-queue-say]")).to_have_text(re.compile("^Failed: "), timeout=15_000)
    expect(page.locator(f"#download-{made['queued3']} .queue-reason")).to_contain_text("No source has this episode")
    assert not opened.value.is_closed()


def test_it_fits_and_has_no_serious_fault(page: Page, site: Site, made: dict[str, str]) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    sign_in(page, "admin", site.password)
    page.emulate_media(reduced_motion="reduce")
    for theme, width in (("dark", 320), ("light", 320), ("dark", 768), ("light", 1280), ("dark", 1280)):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/downloads?health=1")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        expect(page.locator("[data-download]")).to_have_count(len(made))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=f"{shots}/queue-{theme}-{width}.png", full_page=True)
        for summary in page.locator(".queue-attempts > summary").all():
            summary.click()
        page.locator(f"#more-{made['queued1']} > summary").click()
        assert faults_of(page) == [], (theme, width)
    assert refused == []


def test_without_scripts(chromium: Browser, site: Site, made: dict[str, str]) -> None:
    context = chromium.new_context(base_url=site.url, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "admin", site.password)
    page.goto("/downloads?over=failed")
    page.locator(f"#pause-{made['queued1']}").click()
    expect(page.locator(".toast")).to_contain_text("Paused:")
    expect(page).to_have_url(f"{site.url}/downloads?over=failed")
    page.locator(f"#more-{made['queued3']} > summary").click()
    page.locator(f"#more-{made['queued3']}").get_by_role("button", name="Up", exact=True).click()
    expect(page.locator("[aria-labelledby=queue-queued] [data-download]").first).to_have_id(
        f"download-{made['queued3']}"
    )
    page.locator(f"#more-{made['failed']} > summary").click()
    page.locator(f"#more-{made['failed']} .queue-delete summary").click()
    page.locator(f"#more-{made['failed']} .queue-delete button").click()
    expect(page.locator(f"#download-{made['failed']}")).to_have_count(0)
    page.locator("#queue-start").click()
    expect(page.locator("#queue-start")).to_have_attribute("aria-pressed", "true")
    page.locator("#health > summary").click()
    page.get_by_role("link", name="Look now").click()
    expect(page.locator(".queue-health")).to_contain_text("ffmpeg")
    context.close()
