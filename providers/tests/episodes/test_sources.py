"""From mirrors to sources of the catalogue: new, gone, back, moved; whatever staff set stays."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Anime, AnimeDocument, Episode, EpisodeSource, FieldProvenance, Translation
from catalog.services.merging import anime_merge
from catalog.tests import factories as make
from providers.adapters.drafts import MirrorDraft
from providers.models import ProviderEpisode, ProviderTitle
from providers.services.episodes import sources_sync
from providers.services.mirrors import mirror_keep
from providers.tests.episodes.playing import HOST, entry, mirror, playing
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hosts(settings: LazySettings) -> None:
    settings.PLAYER_HOSTS = [HOST]


@pytest.fixture
def anime() -> Anime:
    return make.AnimeFactory.create(document=True)


@pytest.fixture
def title(anime: Anime) -> ProviderTitle:
    provider = ProviderFactory.create(name="hoshi-tv", label="Hoshi TV", variant_language="id", position=3)
    return ProviderTitleFactory.create(provider=provider, anime=anime, match_state="auto", slug="hoshi")


def test_mirrors_become_sources_with_the_providers_translation(title: ProviderTitle, anime: Anime) -> None:
    entry(title, 1, mirror("1"), mirror("1-dub", variant=["dub", "en"]), mirror("1.m3u8", kind="hls", quality=0))
    entry(title, 2, mirror("2"), variants=[["raw", "ja"]])
    before = AnimeDocument.objects.get(anime=anime).etag
    assert sources_sync(title=title) == 4
    address = f"https://{HOST}/"
    assert playing() == [
        (anime.pk, "regular", 1, "hoshi-tv-sub-id", address + "1"),
        (anime.pk, "regular", 1, "hoshi-tv-dub-en", address + "1-dub"),
        (anime.pk, "regular", 1, "hoshi-tv-sub-id", address + "1.m3u8"),
        (anime.pk, "regular", 2, "hoshi-tv-raw-ja", address + "2"),
    ]
    source = EpisodeSource.objects.get(url=address + "1")
    assert (source.label, source.quality, source.position, source.kind) == ("720p", 720, 3, "embed")
    team = Translation.objects.get(code="hoshi-tv-sub-id")
    assert (team.team, team.kind, team.language) == ("Hoshi TV", "sub", "id")
    assert AnimeDocument.objects.get(anime=anime).etag != before
    assert sources_sync(title=title) == 0
    assert len(playing()) == 4


def test_a_second_look_writes_nothing(title: ProviderTitle) -> None:
    entry(title, 1)
    sources_sync(title=title)
    with CaptureQueriesContext(connection) as asked:
        assert sources_sync(title=title) == 0
    assert [q["sql"] for q in asked.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize(
    "said",
    [
        mirror(host="elsewhere.example.org"),
        mirror(host=f"{HOST}.evil.example"),
        mirror(host=f"user:word@{HOST}"),
        mirror(host=f"{HOST}:8443"),
        mirror(url=f"http://{HOST}/a"),
        mirror(url="javascript:alert(1)"),
        mirror(url="https://127.0.0.1/a"),
        mirror(url=f"https://{HOST}/a b"),
        mirror(url=f"https://{HOST}/" + "a" * 1000),
        mirror(url="https://[::1"),
        mirror(url=""),
        mirror(kind="torrent"),
        mirror(kind="local", url="", path="library:../../etc/passwd"),
        mirror(kind="local", url="", path="/etc/passwd"),
        mirror(kind="local", url="", path="demo:episode-1/sub.m3u8"),
        mirror(kind="local", url="", path="library:/etc/passwd"),
        mirror(kind="local", url="", path="library:a\x1f.mp4"),
        mirror(kind="local", url=f"https://{HOST}/a", path=""),
        "https://play.example.org/a",
        None,
        {"url": {"a": 1}, "kind": ["embed"]},
    ],
)
def test_what_may_not_be_played_becomes_no_source(title: ProviderTitle, said: Any) -> None:
    entry(title, 1, said, mirror("good"))
    assert sources_sync(title=title) == 1
    assert [row[4] for row in playing()] == [f"https://{HOST}/good"]


def test_a_mirror_with_what_no_database_takes_is_kept_without_it(title: ProviderTitle) -> None:
    row = entry(title, 1)
    row.mirrors = [mirror_keep(MirrorDraft("72\x000p\ud800", url=f"https://{HOST}/\x00a"))]
    row.save(update_fields=["mirrors"])
    sources_sync(title=title)
    assert EpisodeSource.objects.get().label == "720p"
    assert [found[4] for found in playing()] == [f"https://{HOST}/a"]


def test_a_host_that_the_operator_allows_later_plays_then(title: ProviderTitle, settings: LazySettings) -> None:
    entry(title, 1, mirror("1", host="later.example.org"))
    assert sources_sync(title=title) == 0
    settings.PLAYER_HOSTS = [HOST, "later.example.org"]
    assert sources_sync(title=title) == 1
    settings.PLAYER_HOSTS = [HOST]
    sources_sync(title=title)
    assert EpisodeSource.objects.get().health == "unknown"


def test_files_of_the_library_play_without_a_host(title: ProviderTitle) -> None:
    entry(title, 1, {"label": "", "url": "", "path": "library:Hoshi/01.mp4", "kind": "local", "quality": 1080})
    assert sources_sync(title=title) == 1
    source = EpisodeSource.objects.get()
    assert (source.kind, source.path, source.url) == ("local", "library:Hoshi/01.mp4", "")


def test_a_mirror_that_went_is_dead_and_one_that_is_back_lives(title: ProviderTitle) -> None:
    row = entry(title, 1, mirror("a"), mirror("b"))
    sources_sync(title=title)
    ProviderEpisode.objects.filter(pk=row.pk).update(mirrors=[mirror("b")])
    assert sources_sync(title=title) == 0
    assert [one[4] for one in playing()] == [f"https://{HOST}/b"]
    assert EpisodeSource.objects.count() == 2
    ProviderEpisode.objects.filter(pk=row.pk).update(mirrors=[mirror("a"), mirror("b")])
    assert sources_sync(title=title) == 0
    assert len(playing()) == 2


def test_sources_go_with_their_entry_and_with_the_match(title: ProviderTitle) -> None:
    row = entry(title, 1)
    sources_sync(title=title)
    ProviderEpisode.objects.filter(pk=row.pk).update(gone_at="2026-01-01T00:00:00Z")
    sources_sync(title=title)
    assert playing() == []
    ProviderEpisode.objects.filter(pk=row.pk).update(gone_at=None)
    sources_sync(title=title)
    assert len(playing()) == 1
    ProviderTitle.objects.filter(pk=title.pk).update(anime=None)
    sources_sync(title=title)
    assert playing() == []
    assert ProviderEpisode.objects.get().rule == "unmatched"


def test_what_another_entry_has_too_stays_alive(title: ProviderTitle) -> None:
    one, other = (entry(title, 1, mirror("same"), url=f"https://x.example/{n}") for n in (1, 2))
    assert sources_sync(title=title) == 1
    ProviderEpisode.objects.filter(pk=one.pk).update(mirrors=[])
    sources_sync(title=title)
    assert len(playing()) == 1
    ProviderEpisode.objects.filter(pk=other.pk).update(mirrors=[])
    sources_sync(title=title)
    assert playing() == []


def test_what_staff_switched_off_or_made_is_left_alone(title: ProviderTitle, anime: Anime) -> None:
    own = make.EpisodeSourceFactory.create(
        episode=make.EpisodeFactory.create(anime=anime, number=1), url=f"https://{HOST}/own"
    )
    row = entry(title, 1, mirror("own"), mirror("a"))
    assert sources_sync(title=title) == 1
    EpisodeSource.objects.filter(url=f"https://{HOST}/a").update(is_enabled=False)
    for mirrors in ([mirror("own"), mirror("a")], [], [mirror("a")]):
        ProviderEpisode.objects.filter(pk=row.pk).update(mirrors=mirrors)
        sources_sync(title=title)
    own.refresh_from_db()
    assert (own.health, own.is_enabled) == ("unknown", True)
    taken = EpisodeSource.objects.get(url=f"https://{HOST}/a")
    assert (taken.is_enabled, taken.health) == (False, "unknown")
    assert EpisodeSource.objects.count() == 2


def test_a_source_found_dead_while_listed_stays_dead(title: ProviderTitle) -> None:
    entry(title, 1)
    sources_sync(title=title)
    EpisodeSource.objects.update(health="dead", failures=9)
    sources_sync(title=title)
    assert EpisodeSource.objects.get().failures == 9
    assert playing() == []


def test_another_anime_takes_the_sources_over(title: ProviderTitle) -> None:
    other = make.AnimeFactory.create(document=True)
    entry(title, 1)
    sources_sync(title=title)
    EpisodeSource.objects.update(is_enabled=False, health="degraded")
    before = AnimeDocument.objects.get(anime=title.anime).updated_at
    ProviderTitle.objects.filter(pk=title.pk).update(anime=other)
    assert sources_sync(title=title) == 0
    source = EpisodeSource.objects.select_related("episode").get()
    assert (source.episode.anime_id, source.is_enabled, source.health) == (other.pk, False, "degraded")
    assert AnimeDocument.objects.get(anime=title.anime).updated_at > before


def test_episodes_that_are_missing_are_made_unless_staff_locked_the_list(title: ProviderTitle, anime: Anime) -> None:
    entry(title, 3)
    entry(title, 500)
    entry(title, 7, season=0, label="OVA 7")
    sources_sync(title=title)
    made = list(Episode.objects.order_by("kind", "number").values_list("kind", "number", "title", "aired_on"))
    assert made == [("regular", 3, "", None), ("special", 7, "OVA 7", None)]
    FieldProvenance.objects.create(anime=anime, field="episodes", source="staff", is_locked=True)
    entry(title, 3, mirror("again"), url="https://x.example/3-v2")
    entry(title, 4)
    assert sources_sync(title=title) == 1
    assert not Episode.objects.filter(number=4).exists()


def test_ranges_play_in_each_episode_and_batches_in_none(title: ProviderTitle) -> None:
    entry(title, 1, mirror("double"))
    ProviderEpisode.objects.update(last=2)
    entry(title, 5, mirror("all"), is_batch=True)
    assert sources_sync(title=title) == 2
    assert [(row[2], row[4]) for row in playing()] == [(1, f"https://{HOST}/double"), (2, f"https://{HOST}/double")]


def test_merged_anime_keep_playing(title: ProviderTitle, anime: Anime) -> None:
    keep = make.AnimeFactory.create()
    entry(title, 1)
    sources_sync(title=title)
    anime_merge(actor=None, keep=keep, duplicate=anime)
    entry(title, 2)
    assert sources_sync(title=title) == 1
    assert [(row[0], row[2]) for row in playing()] == [(keep.pk, 1), (keep.pk, 2)]


def test_many_episodes_ask_as_often_as_few() -> None:
    """But for what listeners of `EpisodePublished` ask, each for one variant."""
    counts = []
    for many in (2, 40):
        title = ProviderTitleFactory.create(anime=make.AnimeFactory.create(episode_count=50), match_state="auto")
        for number in range(1, many + 1):
            entry(title, number)
        with CaptureQueriesContext(connection) as asked:
            assert sources_sync(title=title) == many
        own = [
            query["sql"]
            for query in asked.captured_queries
            if "social_" not in query["sql"] and "downloads_" not in query["sql"]
        ]
        counts.append(len([sql for sql in own if "visibility" not in sql or "catalog_anime" not in sql]))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_each_source_once() -> None:
    anime = make.AnimeFactory.create()
    titles = [ProviderTitleFactory.create(anime=anime, match_state="auto") for _ in range(2)]
    for title in titles:
        for number in (1, 2, 3):
            entry(title, number)
    calls = [lambda title=title: sources_sync(title=title) for title in titles * 2]
    assert at_once(calls) == {"done": 4}
    assert (Episode.objects.count(), EpisodeSource.objects.count(), len(playing())) == (3, 6, 6)
