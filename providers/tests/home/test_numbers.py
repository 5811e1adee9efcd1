"""A number that cannot be true of the anime is shown nowhere."""

import pytest
from django.test import Client

from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from providers.numbering.belief import number_is_believed
from providers.selectors.listings import listings_of
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from providers.tests.home.told import home_titles


@pytest.mark.parametrize(
    ("number", "count", "is_believed"),
    [(9999, 500, False), (751, 500, False), (750, 500, True), (62, 12, True), (63, 12, False), (9999, None, True)],
)
def test_what_is_believed(number: int, count: int | None, is_believed: bool) -> None:
    assert number_is_believed(number, count) is is_believed


@pytest.mark.django_db
class TestWhatIsShown:
    def test_the_highest_number_that_may_be_true(self) -> None:
        anime = AnimeFactory(episode_count=500)
        for name, number in (("first", 9999), ("second", 498)):
            provider = ProviderFactory(name=name)
            ProviderTitleFactory(provider=provider, anime=anime, match_state="auto", home_rank=0, latest_episode=number)
        assert home_titles()[0].episode == 498
        assert [(one.provider, one.episodes) for one in listings_of(anime.pk)] == [("First", 0), ("Second", 498)]

    def test_none_where_none_may_be(self, client: Client) -> None:
        anime = AnimeFactory(title="Hoshi no Niwa", document=True, episode_count=500)
        ProviderTitleFactory(anime=anime, match_state="auto", home_rank=0, latest_episode=9999)
        assert home_titles()[0].episode is None
        for path in ("/on-air", f"/anime/{anime.pk}-{anime.slug}"):
            html = text_of(client.get(path))
            assert "Hoshi no Niwa" in html
            assert "9999" not in html

    def test_what_is_no_anime_yet_is_taken_at_its_word(self) -> None:
        ProviderTitleFactory(home_rank=0, latest_episode=9999, match_state="none")
        assert home_titles()[0].episode == 9999
