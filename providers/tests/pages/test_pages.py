"""On air now, the row on the front page, where an anime is listed."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from providers.models import Provider
from providers.tests.factories import ProviderEpisodeFactory, ProviderFactory, ProviderTitleFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_else() -> None:
    Provider.objects.all().delete()


def listed(provider: Provider, title: str, **fields: object):
    fields = {"home_rank": 0, "latest_episode": 7, "match_state": "none"} | fields
    return ProviderTitleFactory(provider=provider, title=title, **fields)


def ours(title: str = "Hoshi no Niwa", **fields: object):
    return AnimeFactory(title=title, document=True, **fields)


class TestOnAir:
    def test_cards_with_episode_and_sources(self, client: Client) -> None:
        anime = ours()
        for name in ("First", "Second"):
            listed(ProviderFactory(name=name.lower(), label=name), "Hoshi Sub Indo", anime=anime, match_state="auto")
        html = text_of(client.get("/on-air"))
        assert html.count('<article class="card">') == 1
        assert "Hoshi no Niwa</a>" in html
        assert "Ep. 7" in html
        assert ">First</span>" in html
        assert ">Second</span>" in html

    def test_what_is_no_anime_yet_leads_to_the_provider(self, client: Client) -> None:
        title = listed(ProviderFactory(), "Unknown <b>Show</b> Sub Indo")
        html = text_of(client.get("/on-air"))
        assert f'<a href="{title.url}" rel="external noopener noreferrer nofollow">' in html
        assert "Unknown &lt;b&gt;Show&lt;/b&gt;" in html
        assert "<b>Show" not in html

    def test_one_providers_list(self, client: Client) -> None:
        listed(ProviderFactory(name="first"), "Show One")
        listed(ProviderFactory(name="second"), "Show Two")
        html = text_of(client.get("/on-air?provider=second"))
        assert "Show Two" in html
        assert "Show One" not in html
        assert "Show One" in text_of(client.get("/on-air?provider=nobody"))

    def test_empty_states(self, client: Client) -> None:
        assert "No provider is switched on" in text_of(client.get("/on-air"))
        ProviderFactory()
        assert "Nothing is listed yet" in text_of(client.get("/on-air"))

    @pytest.mark.parametrize("count", [2, 7])
    def test_as_many_queries_for_more_rows(self, client: Client, count: int) -> None:
        provider = ProviderFactory()
        for number in range(count):
            anime = ours(f"Show number {number}", mal_id=number + 1)
            listed(provider, f"Show number {number}", home_rank=number, anime=anime, match_state="auto")
        with assert_queries("providers/on-air"):
            client.get("/on-air")

    def test_hidden_anime_are_for_those_who_may_see_them(self, client: Client) -> None:
        listed(ProviderFactory(), "Hidden Show", anime=ours("Hidden Show", hidden=True), match_state="auto")
        assert "Hidden Show" not in text_of(client.get("/on-air"))
        client.force_login(UserFactory(role="tester"))
        assert "Hidden Show" in text_of(client.get("/on-air"))


class TestFrontPage:
    def test_what_is_in_the_catalogue_has_a_row(self, client: Client) -> None:
        provider = ProviderFactory()
        assert "Airing at providers" not in text_of(client.get("/"))
        listed(provider, "Hoshi", anime=ours(), match_state="auto")
        listed(provider, "Unknown Show", home_rank=1)
        html = text_of(client.get("/"))
        assert "Airing at providers" in html
        assert "Hoshi no Niwa" in html
        assert "Unknown Show" not in html

    def test_no_adult_title_is_on_the_front_page(self, client: Client) -> None:
        listed(ProviderFactory(), "Adult Show", anime=ours("Adult Show", adult=True), match_state="auto")
        assert "Adult Show" not in text_of(client.get("/"))


class TestListings:
    def test_providers_episodes_and_when(self, client: Client) -> None:
        anime = ours()
        title = listed(
            ProviderFactory(label="First"), "Hoshi Sub", anime=anime, match_state="auto", episodes_at=timezone.now()
        )
        ProviderEpisodeFactory(title=title)
        html = text_of(client.get(f"/anime/{anime.pk}-{anime.slug}"))
        assert "Where it is listed" in html
        assert "<b>First</b>" in html
        assert "1 episode<" in html
        assert "last seen" in html
        assert "/admin/providers/" not in html

    def test_staff_get_to_the_match(self, client: Client) -> None:
        anime = ours()
        title = listed(ProviderFactory(), "Hoshi Sub", anime=anime, match_state="auto")
        client.force_login(UserFactory(role="admin"))
        assert f"/admin/providers/providertitle/{title.pk}/change/" in text_of(
            client.get(f"/anime/{anime.pk}-{anime.slug}")
        )

    def test_who_is_off_lists_nothing(self, client: Client) -> None:
        anime = ours()
        listed(ProviderFactory(off=True), "Hoshi Sub", anime=anime, match_state="auto")
        assert "Where it is listed" not in text_of(client.get(f"/anime/{anime.pk}-{anime.slug}"))
