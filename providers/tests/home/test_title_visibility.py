"""A title that is no anime for certain is kept from whom the anime that it may be is kept from."""

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.errors import AdultNotAllowed
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from providers.errors import TitleGone
from providers.matching.decision import QUEUE
from providers.models import Provider, ProviderTitle
from providers.selectors.home import home_of
from providers.selectors.title_visibility import title_check, titles_audience
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from providers.tests.home.told import home_titles

pytestmark = pytest.mark.django_db


def candidate(anime: Anime, confidence: int) -> dict[str, object]:
    return {"anime_id": anime.pk, "confidence": confidence, "reasons": ["same title"]}


def queued(*candidates: dict[str, object], **fields: object) -> ProviderTitle:
    fields = {"match_state": "queued", "home_rank": 0, "title": "Secret Show"} | fields
    return ProviderTitleFactory(candidates=list(candidates), **fields)


def title_is_shown(title: ProviderTitle, *, adult: bool, shows_hidden: bool) -> bool:
    return titles_audience([title])[title.pk].has(adult=adult, shows_hidden=shows_hidden)


class TestWhoMaySee:
    def test_any_anime_that_it_may_be_counts(self) -> None:
        title = queued(candidate(AnimeFactory(), 92), candidate(AnimeFactory(adult=True), 35))
        assert not title_is_shown(title, adult=False, shows_hidden=True)
        assert title_is_shown(title, adult=True, shows_hidden=False)

    def test_a_hidden_one_too(self) -> None:
        title = queued(candidate(AnimeFactory(hidden=True), 60))
        assert not title_is_shown(title, adult=True, shows_hidden=False)
        assert title_is_shown(title, adult=False, shows_hidden=True)

    def test_what_the_matcher_has_not_looked_at_may_be_anything(self) -> None:
        title = queued(match_state="open")
        assert not title_is_shown(title, adult=True, shows_hidden=False)
        assert not title_is_shown(title, adult=False, shows_hidden=True)
        assert title_is_shown(title, adult=True, shows_hidden=True)

    def test_what_is_hardly_alike_counts_only_when_it_is_the_likeliest(self) -> None:
        adult, other = AnimeFactory(adult=True), AnimeFactory()
        assert title_is_shown(
            queued(candidate(other, 50), candidate(adult, QUEUE - 1)), adult=False, shows_hidden=False
        )
        unlike = queued(candidate(adult, 12), candidate(other, 3), match_state="none")
        assert not title_is_shown(unlike, adult=False, shows_hidden=False)

    def test_the_anime_that_a_candidate_is_part_of_now(self) -> None:
        merged = AnimeFactory(merged_into=AnimeFactory(adult=True))
        assert not title_is_shown(queued(candidate(merged, 80)), adult=False, shows_hidden=False)

    def test_a_matched_one_is_seen_as_its_anime(self) -> None:
        beside = candidate(AnimeFactory(adult=True), 40)
        known = queued(beside, anime=AnimeFactory(), match_state="human", genres=["Hentai"])
        assert title_is_shown(known, adult=False, shows_hidden=False)
        secret = queued(anime=AnimeFactory(adult=True), match_state="auto")
        assert not title_is_shown(secret, adult=False, shows_hidden=False)

    def test_what_a_person_rejected_is_not_its_candidates(self) -> None:
        likely = candidate(AnimeFactory(adult=True), 80)
        assert title_is_shown(queued(likely, match_state="rejected"), adult=False, shows_hidden=False)

    @pytest.mark.parametrize(
        ("genres", "is_shown"),
        [
            (["Action", "Hentai"], False),
            (["action / EROTICA"], False),
            (["18+"], False),
            (["Ecchi", "Harem"], True),
            ([None, 18, {}], True),
        ],
    )
    def test_what_the_provider_says_itself(self, genres: list, is_shown: bool) -> None:
        assert title_is_shown(queued(genres=genres), adult=False, shows_hidden=False) is is_shown

    @pytest.mark.parametrize("count", [2, 7])
    def test_one_query_for_any_number(self, count: int, django_assert_num_queries) -> None:
        titles = [queued(candidate(AnimeFactory(), 50)) for _ in range(count)]
        with django_assert_num_queries(1):
            assert len(titles_audience(titles)) == count

    def test_a_candidate_that_vanished_keeps_nobody_out(self) -> None:
        gone = {"anime_id": 987_654, "confidence": 90, "reasons": []}
        assert title_is_shown(queued(gone), adult=False, shows_hidden=False)


class TestByItsAddress:
    def test_an_adult_one_is_for_those_who_asked(self) -> None:
        title = queued(candidate(AnimeFactory(adult=True), 80))
        for stranger in (None, UserFactory()):
            with pytest.raises(AdultNotAllowed):
                title_check(stranger, title)
        title_check(UserFactory(shows_adult=True), title)

    def test_a_hidden_one_is_not_there(self) -> None:
        title = queued(candidate(AnimeFactory(hidden=True), 80))
        for stranger in (None, UserFactory(shows_adult=True)):
            with pytest.raises(TitleGone):
                title_check(stranger, title)
        title_check(UserFactory(role="tester"), title)

    def test_the_route_says_so(self, client: Client) -> None:
        provider = ProviderFactory(name="first")
        queued(candidate(AnimeFactory(adult=True), 80), provider=provider, slug="adult")
        queued(candidate(AnimeFactory(hidden=True), 80), provider=provider, slug="hidden")
        answers = [client.get(f"/api/v1/providers/first/anime/{slug}") for slug in ("adult", "hidden")]
        assert [answer.json()["error"] for answer in answers] == ["adult_not_allowed", "provider_title_gone"]


class TestWhereItIsListed:
    def test_strangers_meet_it_nowhere(self, client: Client) -> None:
        Provider.objects.all().delete()
        queued(candidate(AnimeFactory(adult=True), 80), provider=ProviderFactory(name="first"))
        assert "Secret Show" not in text_of(client.get("/on-air"))
        assert client.get("/api/v1/providers/home").json()["results"] == []
        assert "Secret Show" not in text_of(client.get("/"))
        client.force_login(UserFactory(shows_adult=True))
        assert "Secret Show" in text_of(client.get("/on-air"))

    def test_one_title_of_many_hides_their_name(self) -> None:
        adult = candidate(AnimeFactory(adult=True), 80)
        queued(provider=ProviderFactory(name="first"), match_state="none")
        queued(adult, provider=ProviderFactory(name="second"))
        assert home_titles() == []
        assert [title.sources for title in home_of(adult=True).titles] == [("first", "second")]

    @pytest.mark.parametrize("count", [2, 7])
    def test_as_many_queries_for_more_rows(self, count: int, django_assert_num_queries) -> None:
        provider = ProviderFactory()
        for number in range(count):
            queued(candidate(AnimeFactory(), 50), provider=provider, title=f"Show number {number}", home_rank=number)
        with django_assert_num_queries(3):
            assert len(home_titles()) == count
