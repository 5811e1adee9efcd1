"""From a gap to the player: a season is found missing, fetched from a slow host, watched, with its texts and its opening."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from downloads.tests.serving.films import ffmpeg
from downloads.tests.stream_host import StreamHost
from tests.e2e.conftest import Site, wait_until
from tests.e2e.people import sign_in

FIRST, LAST = 61, 63
VIDEO = "document.querySelector('video')"
TEXTS = "WEBVTT\n\n00:00.000 --> 00:08.000\nGood morning\n"
_SEED = """
from catalog.models import Episode, EpisodeSource, Timecode, Translation
from catalog.services.changes import catalog_touch
from django.db import transaction
from downloads.configuration.changing import configuration_set
from downloads.models import QueueControl
configuration_set(None, {{"allowed_hosts": ["cdn.example:{port}"], "free_space_floor": 0}})
QueueControl.objects.all().delete()
team, _ = Translation.objects.get_or_create(code="walk", defaults={{"kind": "sub", "language": "en"}})
for number in range({first}, {last} + 1):
    episode = Episode.objects.create(anime_id={anime}, kind="regular", number=number, title=f"Fetched {{number}}")
    EpisodeSource.objects.create(episode=episode, translation=team, kind="hls", url="{url}".format(number), quality=72)
    Timecode.objects.create(anime_id={anime}, episode_number=number, intro_start=1, intro_end=4)
with transaction.atomic():
    catalog_touch(anime_ids=[{anime}])
"""
_REMOVE = """
from catalog.models import Episode, Timecode
from downloads.models import Download, LibraryFile
Download.objects.filter(episode_number__gte={first}).delete()
LibraryFile.objects.filter(first__gte={first}).delete()
Timecode.objects.filter(episode_number__gte={first}).delete()
Episode.objects.filter(number__gte={first}).delete()
"""


def _stream_make(folder: Path) -> None:
    """Eight seconds in eight segments, with a text beside them."""
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=12:duration=8", "-f", "lavfi", "-i", "sine=duration=8"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "12", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        *("-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod", str(folder / "video.m3u8")),
    )
    (folder / "text.vtt").write_text(TEXTS)
    (folder / "text.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\ntext.vtt\n#EXT-X-ENDLIST\n")
    (folder / "master.m3u8").write_text(
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="text.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=128x72,SUBTITLES="s"\nvideo.m3u8\n'
    )


@pytest.fixture
def season(site: Site, tmp_path: Path) -> Iterator[StreamHost]:
    """Three episodes of the demo series that only a slow host has."""
    _stream_make(tmp_path)
    with StreamHost({"made": tmp_path}) as host:
        address = host.url("made/master.m3u8", latency=150).replace("127.0.0.1", "cdn.example")
        values = {"port": host.port, "first": FIRST, "last": LAST, "anime": site.demo_id}
        site.shell(_SEED.format(**values, url=f"{address}?episode={{}}"))
        yield host
        site.shell(_REMOVE.format(first=FIRST))


def test_a_season_is_found_missing_fetched_and_watched(page: Page, site: Site, season: StreamHost) -> None:
    sign_in(page, "admin", site.password)
    page.goto(f"/downloads/missing/{site.demo_id}")
    expect(page.locator(".missing-episode", has_text=f"Fetched {FIRST}")).to_be_visible()
    for number in range(FIRST, LAST + 1):
        page.check(f'input[name="episode"][value="{number}"]')
    page.get_by_role("button", name="Fetch the chosen").click()
    page.goto("/downloads")
    lines = page.locator(".queue-line", has_text=re.compile(f"E({FIRST}|{FIRST + 1}|{LAST})"))
    expect(lines).to_have_count(3)
    expect(page.locator(".queue-line.state-running .queue-percent").first).to_have_text(re.compile(r"[1-9]\d? %"))
    expect(page.locator(".queue-line.state-done", has_text=re.compile(f"E({FIRST}|{FIRST + 1}|{LAST})"))).to_have_count(
        3, timeout=60_000
    )
    page.goto(f"/watch/{site.demo_id}/{FIRST}")
    page.wait_for_selector("[data-watch][data-ready]")
    page.evaluate(f"{VIDEO}.muted = true")
    page.evaluate(f"{VIDEO}.play()")
    wait_until(page, f"{VIDEO}.currentTime > 1 && {VIDEO}.videoHeight === 72")
    expect(page.get_by_role("button", name="Skip opening")).to_be_visible()
    wait_until(page, f"[...{VIDEO}.textTracks].some((one) => one.kind === 'subtitles' && one.cues?.length === 1)")
