"""GET providers/:name/anime/:slug and providers/anime/mal/:mal_id: strangers read what is known, others make providers be asked."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.models import Job
from providers.models import CoverHash, Enrichment, MetadataSnapshot, Provider, ProviderTitle
from providers.services import waiting
from providers.services.enrichment import ENRICH_JOB
from providers.tests.factories import ProviderEpisodeFactory, ProviderFactory, ProviderTitleFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()
    Provider.objects.all().delete()


@pytest.fixture
def signed_in() -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


@pytest.fixture
def world() -> SimpleNamespace:
    """An anime that two providers have, read just now, and one that has it not."""
    anime = AnimeFactory(mal_id=55825, title="Jigokuraku 2nd Season", year=2026, document=True)
    now = timezone.now()
    first, second = ProviderFactory(name="first", position=1), ProviderFactory(name="second", position=2)
    third = ProviderFactory(name="third", position=3)
    read = {"anime": anime, "match_state": "auto", "confidence": 97, "detail_at": now, "episodes_at": now}
    titles = [
        ProviderTitleFactory(provider=one, slug=f"jigokuraku-{one.name}", title="Jigokuraku S2", **read)
        for one in (first, second)
    ]
    ProviderEpisodeFactory(title=titles[0], first=1, label="Episode 1", position=1)
    ProviderEpisodeFactory(title=titles[0], first=2, last=3, label="Episode 2-3", position=2)
    row = Enrichment.objects.create(key=f"anime:{anime.pk}", anime=anime, requested_at=now, succeeded_at=now)
    return SimpleNamespace(anime=anime, first=first, second=second, third=third, titles=titles, row=row)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was waited for, instead of waiting."""
    found: list[str] = []

    def wait(*, enrichment: Enrichment, seconds: float) -> Enrichment:
        found.append(f"{enrichment.key.partition(':')[0]} {seconds:g}")
        return enrichment

    monkeypatch.setattr(waiting, "enrichment_wait", wait)
    return found


SLUG = "/api/v1/providers/first/anime/jigokuraku-first"
MAL = "/api/v1/providers/anime/mal/55825"


def old(world: SimpleNamespace, minutes: int = 21) -> None:
    then = timezone.now() - datetime.timedelta(minutes=minutes)
    ProviderTitle.objects.update(episodes_at=then, detail_at=then)
    Enrichment.objects.update(requested_at=then, succeeded_at=then)


class TestWhatIsKnown:
    @pytest.mark.parametrize("path", [SLUG, MAL])
    def test_mapping_metadata_and_every_list(self, client: Client, world: SimpleNamespace, path: str) -> None:
        CoverHash.objects.create(anime=world.anime, value=-1, hashed_at=timezone.now())
        body = client.get(path).json()
        assert (body["cached"], body["enriching"]) == (True, False)
        mapping = body["data"]["mapping"]
        assert mapping == {
            "id": world.anime.pk,
            "mal_id": 55825,
            "title_main": "Jigokuraku 2nd Season",
            "slugs": {"first": "jigokuraku-first", "second": "jigokuraku-second"},
            "phash": "ffffffffffffffff",
            "release_year": 2026,
            "total_episodes": 12,
            "last_sync": mapping["last_sync"],
            "confidence": 97,
            "match": "auto",
        }
        episodes = body["data"]["episodes"]
        assert list(episodes) == ["first", "second", "third"]
        assert (episodes["second"], episodes["third"]) == ([], None)
        assert episodes["first"][1] == {
            "label": "Episode 2-3",
            "episodeStart": 2,
            "episodeEnd": 3,
            "url": episodes["first"][1]["url"],
            "anime_id": world.anime.pk,
            "number": 2,
        }

    def test_metadata_is_mals_own_where_it_is_kept(self, client: Client, world: SimpleNamespace) -> None:
        assert client.get(MAL).json()["data"]["metadata"]["title"] == "Jigokuraku 2nd Season"
        now = timezone.now()
        MetadataSnapshot.objects.create(
            source="jikan", external_id="55825", payload={"mal_id": 55825, "rank": 312}, fetched_at=now, checked_at=now
        )
        assert client.get(MAL).json()["data"]["metadata"] == {"mal_id": 55825, "rank": 312}

    def test_metadata_of_the_catalogue_has_mals_units(self, client: Client, world: SimpleNamespace) -> None:
        found = client.get(MAL).json()["data"]["metadata"]
        assert (found["score"], found["duration"], found["status"], found["type"]) == (
            7.5,
            "24 min per ep",
            "Finished Airing",
            "TV",
        )

    def test_a_title_that_is_no_anime_yet(self, client: Client) -> None:
        title = ProviderTitleFactory(
            title="Unknown Show", detail_at=timezone.now(), match_state="queued", confidence=60
        )
        body = client.get(f"/api/v1/providers/{title.provider.name}/anime/{title.slug}").json()
        assert body["data"]["metadata"] is None
        mapping = body["data"]["mapping"]
        assert (mapping["id"], mapping["title_main"], mapping["match"]) == (None, "Unknown Show", "queued")

    @pytest.mark.parametrize("count", [1, 6])
    def test_as_many_queries_for_more_episodes(self, client: Client, world: SimpleNamespace, count: int) -> None:
        for number in range(count):
            ProviderEpisodeFactory(title=world.titles[1], first=number + 1, position=number)
        with assert_queries("providers/GET providers/anime/mal/:mal_id"):
            client.get(MAL)


class TestWhoMayAsk:
    def test_strangers_never_make_anything_be_asked(self, client: Client, world: SimpleNamespace) -> None:
        old(world)
        assert client.get(f"{SLUG}?wait=60").json()["cached"] is True
        assert client.get("/api/v1/providers/first/anime/never-seen?wait=60").status_code == 404
        assert client.get("/api/v1/providers/anime/mal/99").status_code == 404
        assert Job.objects.count() == 0
        assert not ProviderTitle.objects.filter(slug="never-seen").exists()

    def test_what_is_fresh_is_not_asked_again(self, signed_in: Client, world: SimpleNamespace) -> None:
        assert signed_in.get(SLUG).json()["cached"] is True
        assert Job.objects.count() == 0

    def test_what_is_old_is_told_and_read_anew(self, signed_in: Client, world: SimpleNamespace) -> None:
        old(world)
        for path in (SLUG, MAL, SLUG):
            answer = signed_in.get(path)
            assert (answer.status_code, answer.json()["cached"], answer.json()["enriching"]) == (200, True, True)
        job = Job.objects.get()
        assert (job.kind, job.unique_key) == (ENRICH_JOB, f"anime:{world.anime.pk}")

    def test_a_slug_nobody_has_seen_is_looked_for(self, signed_in: Client, asked: list[str]) -> None:
        ProviderFactory(name="first")
        answer = signed_in.get("/api/v1/providers/first/anime/never-seen")
        assert answer.status_code == 202
        assert (answer.json()["cached"], answer.json()["enriching"]) == (False, True)
        assert Job.objects.get().kind == ENRICH_JOB
        assert asked == []

    def test_who_wants_to_waits(self, signed_in: Client, world: SimpleNamespace, asked: list[str]) -> None:
        old(world)
        assert signed_in.get(f"{SLUG}?wait=7").json()["cached"] is False
        assert signed_in.get("/api/v1/providers/first/anime/never-seen?wait=60").status_code == 202
        assert asked == ["anime 7", "title 60"]

    def test_no_more_wait_than_there_are_places(
        self, signed_in: Client, world: SimpleNamespace, asked: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "waiters_most", lambda: 0)
        old(world)
        answer = signed_in.get(f"{SLUG}?wait=7")
        assert (answer.status_code, answer["X-Wait"]) == (200, "refused")
        assert answer.json() | {"data": None} == {
            "cached": True,
            "enriching": True,
            "data": None,
        }
        assert asked == []

    def test_what_was_found_gone_is_not_asked_for_all_day(self, signed_in: Client) -> None:
        title = ProviderTitleFactory(gone_at=timezone.now())
        path = f"/api/v1/providers/{title.provider.name}/anime/{title.slug}"
        assert signed_in.get(path).json()["error"] == "provider_title_gone"
        assert Job.objects.count() == 0

    def test_asking_is_bounded_reading_is_not(
        self, signed_in: Client, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from core.throttles import Limit
        from providers.api.views import anime

        monkeypatch.setattr(anime, "PER_CALLER", Limit("test.ask", 1, 3600))
        assert signed_in.get("/api/v1/providers/first/anime/unseen-1").status_code == 202
        refused = signed_in.get("/api/v1/providers/first/anime/unseen-2")
        assert (refused.status_code, refused.json()["error"]) == (429, "rate_limited")
        assert refused["Retry-After"]
        assert not ProviderTitle.objects.filter(slug="unseen-2").exists()
        old(world)
        AnimeFactory(mal_id=30, document=True)
        for path in (SLUG, "/api/v1/providers/anime/mal/30"):
            known = signed_in.get(path)
            assert (known.status_code, known.json()["enriching"]) == (200, False)
            assert known.json()["data"]["metadata"]
        for path in ("first/anime/a%3Cb", "anime/mal/0"):
            assert signed_in.get(f"/api/v1/providers/{path}").status_code == 404


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            ("nobody/anime/x", 404, "provider_unknown"),
            ("jikan/anime/x", 404, "provider_unknown"),
            ("off/anime/x", 409, "provider_disabled"),
            ("first/anime/..", 404, None),
            ("first/anime/%00", 404, "provider_title_gone"),
            ("first/anime/a%20b", 404, "provider_title_gone"),
            ("first/anime/%E2%80%AEevil", 404, "provider_title_gone"),
            ("first/anime/a%C2%A0", 404, "provider_title_gone"),
            ("first/anime/a%3Cimg%3E", 404, "provider_title_gone"),
            ("first/anime/a%2F..%2Fb", 404, None),
            (f"first/anime/{'x' * 256}", 404, "provider_title_gone"),
            ("first/anime/x?wait=61", 422, "validation_failed"),
            ("first/anime/x?wait=-1", 422, "validation_failed"),
            ("first/anime/x?provider=first", 400, "unknown_filter"),
            ("anime/mal/x", 404, None),
            ("anime/mal/0?wait=61", 422, "validation_failed"),
        ],
    )
    def test_odd_questions(self, client: Client, signed_in: Client, path: str, status: int, code: str | None) -> None:
        ProviderFactory(name="first")
        ProviderFactory(name="off", off=True)
        ProviderFactory(name="jikan", role="metadata")
        for asking in (client, signed_in):
            answer = asking.get(f"/api/v1/providers/{path}")
            assert answer.status_code == status, answer.content
            assert code is None or answer.json()["error"] == code
        assert Job.objects.count() == 0

    @pytest.mark.parametrize("mal_id", [0, 2**31, 10**17])
    def test_no_mal_id(self, client: Client, signed_in: Client, mal_id: int) -> None:
        assert client.get(f"/api/v1/providers/anime/mal/{mal_id}").status_code == 404
        assert signed_in.get(f"/api/v1/providers/anime/mal/{mal_id}").status_code == 404
        assert Job.objects.count() == 0

    def test_a_mal_id_that_nobody_knew_is_not_found(self, signed_in: Client) -> None:
        now = timezone.now()
        Enrichment.objects.create(key="mal:99", requested_at=now, succeeded_at=now)
        assert signed_in.get("/api/v1/providers/anime/mal/99").json()["error"] == "not_found"
        assert Job.objects.count() == 0

    @pytest.mark.parametrize(
        ("fields", "status", "code"),
        [({"hidden": True}, 410, "anime_hidden"), ({"adult": True}, 403, "adult_not_allowed")],
    )
    def test_hidden_and_adult_anime(
        self, client: Client, signed_in: Client, fields: dict[str, Any], status: int, code: str
    ) -> None:
        anime = AnimeFactory(mal_id=7, document=True, **fields)
        title = ProviderTitleFactory(anime=anime, match_state="auto")
        for asking in (client, signed_in):
            for path in (f"{title.provider.name}/anime/{title.slug}", "anime/mal/7"):
                answer = asking.get(f"/api/v1/providers/{path}")
                assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert Job.objects.count() == 0

    def test_lists_of_providers_that_are_off_are_not_told(self, client: Client, world: SimpleNamespace) -> None:
        Provider.objects.filter(name="first").update(is_enabled=False)
        data = client.get(MAL).json()["data"]
        assert list(data["episodes"]) == ["second", "third"]
        assert "first" not in data["mapping"]["slugs"]
