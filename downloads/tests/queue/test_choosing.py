"""Which source a download is fetched from."""

from collections.abc import Callable

import pytest

from catalog.models import Anime, EpisodeSource
from downloads.errors import HostNotAllowed, NoSource
from downloads.models import Download, DownloadAttempt
from downloads.queue.choosing import host_allowed, source_choose
from downloads.tests.queue.conftest import HOST, Configured

pytestmark = pytest.mark.django_db
Queued = Callable[..., Download]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "1/1080.m3u8"),
        ({"quality": 720}, "1/fr.mp4"),
        ({"quality": 480}, "1/480.m3u8"),
        ({"quality": 360}, "1/480.m3u8"),
        ({"variant_kind": "sub"}, "1/fr.mp4"),
        ({"variant_language": "fr"}, "1/fr.mp4"),
        ({"variant_kind": "dub", "variant_language": "de", "quality": 720}, "1/480.m3u8"),
    ],
)
def test_the_wanted_variant_in_the_wanted_height_is_taken(queued: Queued, wanted: dict, expected: str) -> None:
    chosen = source_choose(queued(1, **wanted))
    assert (chosen.url, chosen.host) == (f"https://{HOST}/{expected}", HOST)


def test_a_general_language_takes_its_regions_and_not_the_other_way_round(queued: Queued, anime: Anime) -> None:
    EpisodeSource.objects.get(url__endswith="fr.mp4").translation.__class__.objects.filter(language="fr").update(
        language="fr-CA"
    )
    assert source_choose(queued(1, variant_language="fr")).url.endswith("fr.mp4")
    with pytest.raises(NoSource):
        source_choose(queued(1, variant_language="fr-FR"))


def test_a_source_that_failed_comes_after_those_that_did_not(queued: Queued) -> None:
    download = queued(1, variant_kind="dub")
    first = source_choose(download)
    DownloadAttempt.objects.create(download=download, number=1, url=first.url, error_code="egress_unavailable")
    assert source_choose(download).url == f"https://{HOST}/1/480.m3u8"


def test_without_a_source_and_without_an_allowed_host_are_told_apart(queued: Queued, configured: Configured) -> None:
    four, five = queued(4), queued(5)
    with pytest.raises(HostNotAllowed):
        source_choose(four)
    with pytest.raises(NoSource):
        source_choose(five)
    configured(allowed_hosts=[HOST, "elsewhere.example"])
    assert source_choose(four).host == "elsewhere.example"


def test_dead_and_disabled_sources_are_left_alone(queued: Queued) -> None:
    EpisodeSource.objects.filter(url__contains="/1080").update(health="dead")
    assert source_choose(queued(1, variant_kind="dub")).url.endswith("480.m3u8")
    EpisodeSource.objects.filter(url__contains="/480").update(is_enabled=False)
    with pytest.raises(NoSource):
        source_choose(queued(2))


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://cdn.example/x", "https://cdn.example:8443/x", "https://cdn.example.evil/x", "x", ""],
)
def test_what_is_no_address_on_an_allowed_host_is_refused(configured: Configured, url: str) -> None:
    assert host_allowed(url) is None


def test_an_allowed_host_may_name_its_port(configured: Configured) -> None:
    configured(allowed_hosts=["cdn.example:8443"])
    assert host_allowed("https://cdn.example:8443/x") == "cdn.example:8443"
