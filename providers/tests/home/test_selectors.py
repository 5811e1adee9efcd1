"""What airs now: each anime once, the preferred provider first, nothing of what is off, hidden or for adults."""

import datetime

import pytest
from django.utils import timezone

from catalog.tests.factories import AnimeFactory
from providers.models import Provider, ProviderTitle
from providers.selectors.home import home_of
from providers.selectors.home_names import name_clean
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from providers.tests.home.told import home_titles
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2024, 5, 15, 12, tzinfo=datetime.UTC)


@pytest.fixture
def first() -> Provider:
    return ProviderFactory(name="first", position=1)


@pytest.fixture
def second() -> Provider:
    return ProviderFactory(name="second", position=2)


def listed(provider: Provider, title: str, rank: int = 0, **fields: object) -> ProviderTitle:
    slug = title.lower().replace(" ", "-")
    fields.setdefault("match_state", "auto" if "anime" in fields else "none")
    return ProviderTitleFactory(provider=provider, title=title, slug=slug, home_rank=rank, **fields)


class TestOneAnimeOnce:
    def test_titles_of_one_anime_are_one(self, first: Provider, second: Provider) -> None:
        anime = AnimeFactory(mal_id=55825)
        listed(second, "Jigokuraku S2 Sub Indo", anime=anime, latest_episode=7, cover_url="https://c.example.org/2.jpg")
        listed(first, "Jigokuraku Season 2", anime=anime, latest_episode=6, released_at=NOW)
        (found,) = home_titles()
        assert found.name == "Jigokuraku Season 2"
        assert (found.provider, found.slug, found.sources) == ("first", "jigokuraku-season-2", ("first", "second"))
        assert found.provider_slugs == {"first": "jigokuraku-season-2", "second": "jigokuraku-s2-sub-indo"}
        assert (found.anime_id, found.mal_id, found.episode, found.released_at) == (anime.pk, 55825, 7, NOW)
        assert found.cover == "https://c.example.org/2.jpg"

    def test_unmatched_ones_are_joined_by_name_and_season(self, first: Provider, second: Provider) -> None:
        listed(first, "Sakamoto Days Season 2", rank=0)
        listed(second, "Sakamoto Days 2nd Season Subtitle Indonesia", rank=0)
        listed(second, "Sakamoto Days", rank=1)
        assert [title.sources for title in home_titles()] == [("first", "second"), ("second",)]

    def test_an_unmatched_one_joins_the_matched_one_of_its_name(self, first: Provider, second: Provider) -> None:
        anime = AnimeFactory()
        listed(second, "Sakamoto Days", anime=anime)
        listed(first, "Sakamoto Days", match_state="queued")
        (found,) = home_titles()
        assert (found.anime_id, found.provider) == (anime.pk, "first")

    def test_two_anime_of_one_name_stay_two(self, first: Provider, second: Provider) -> None:
        listed(first, "Hunter x Hunter", anime=AnimeFactory())
        listed(second, "Hunter x Hunter", anime=AnimeFactory())
        assert len(home_titles()) == 2

    def test_names_that_fold_to_nothing_join_nobody(self, first: Provider) -> None:
        listed(first, "🔥🔥")
        listed(first, "！！", rank=1)
        assert [title.name for title in home_titles()] == ["🔥🔥", "！！"]

    def test_what_is_only_queued_has_no_anime(self, first: Provider) -> None:
        listed(first, "Some Show", anime=AnimeFactory(), match_state="queued")
        assert home_titles()[0].anime_id is None


class TestWhatIsShown:
    def test_the_newest_of_each_list_first(self, first: Provider, second: Provider) -> None:
        for rank, name in enumerate(["a", "b"]):
            listed(first, f"Show {name} one", rank)
            listed(second, f"Other {name} two", rank)
        assert [title.name for title in home_titles()] == ["Show a one", "Other a two", "Show b one", "Other b two"]

    def test_who_is_off_vanishes_at_once(self, first: Provider, second: Provider) -> None:
        anime = AnimeFactory()
        listed(first, "Show", anime=anime)
        listed(second, "Show", anime=anime)
        first.is_enabled = False
        first.save()
        assert [title.sources for title in home_titles()] == [("second",)]
        Provider.objects.update(is_enabled=False)
        assert home_titles() == []

    def test_what_left_the_list_or_is_gone_stays_out(self, first: Provider) -> None:
        ProviderTitleFactory(provider=first)
        listed(first, "Gone Show", gone_at=timezone.now())
        assert home_titles() == []

    def test_what_the_matcher_has_not_looked_at_waits_for_it(self, first: Provider, second: Provider) -> None:
        listed(first, "Known Show", anime=AnimeFactory())
        listed(second, "Known Show", match_state="open")
        title = listed(second, "New Show", 1, match_state="open")
        assert [found.sources for found in home_titles()] == [("first",)]
        assert len(home_of(adult=True, shows_hidden=True).titles) == 1
        ProviderTitle.objects.filter(pk=title.pk).update(match_state="none")
        assert [found.name for found in home_titles()] == ["Known Show", "New Show"]

    def test_hidden_and_adult_anime_take_all_their_titles_along(self, first: Provider, second: Provider) -> None:
        for provider in (first, second):
            listed(provider, "Hidden Show", anime=AnimeFactory(hidden=True))
        listed(first, "Adult Show", anime=AnimeFactory(adult=True))
        listed(second, "Adult Show", match_state="queued")
        listed(second, "Unknown Show", genres=["Action", "Hentai"])
        assert home_titles() == []
        assert {title.name for title in home_of(adult=True).titles} == {"Adult Show", "Unknown Show"}
        assert {title.name for title in home_of(shows_hidden=True).titles} == {"Hidden Show"}


@pytest.mark.parametrize("count", [2, 7])
def test_as_many_queries_for_more_rows(first: Provider, second: Provider, count: int) -> None:
    for number in range(count):
        anime = AnimeFactory(mal_id=100 + number)
        listed(first, f"Show number {number}", number, anime=anime)
        listed(second, f"Show number {number}", number)
    with assert_queries("providers/home titles"):
        assert len(home_titles()) == count


@pytest.mark.django_db(transaction=True)
def test_kept_for_five_minutes_until_a_list_or_a_setting_changes(django_assert_num_queries) -> None:
    provider = ProviderFactory(name="kept")
    listed(provider, "Show")
    assert len(home_titles()) == 1
    with django_assert_num_queries(1):
        kept = home_of()
    listed(provider, "Another", 1)
    assert home_of() == kept
    Provider.objects.update(home_at=timezone.now())
    assert len(home_titles()) == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Jigokuraku Season 2 Episode 7 Sub Indo", "Jigokuraku Season 2"),
        ("Nonton Anime One Piece Subtitle Indonesia", "One Piece"),
        ("Kusuriya no Hitorigoto [Sub Indo]", "Kusuriya no Hitorigoto"),
        ("Frieren (English Dub)", "Frieren"),
        ("Frieren (2023)", "Frieren (2023)"),
        ("Frieren English Dubbed", "Frieren"),
        ("Boruto Episode 01-12 END", "Boruto"),
        ("Eighty-Six Batch", "Eighty-Six"),
        ("Episode 1", "Episode 1"),
        ("Dub I Dub", "Dub I Dub"),
        ("Sub Indo", "Sub Indo"),
        ("86", "86"),
        ("  Spy ×  Family ", "Spy × Family"),
        ("", ""),
        ("🔥", "🔥"),
    ],
)
def test_names_are_cleaned(title: str, name: str) -> None:
    assert name_clean(title) == name


def test_hostile_names_are_cleaned_quickly() -> None:
    for hostile in (" - " * 170, "sub " * 125, "episode 1-" * 50, "[" * 500, "nonton anime " * 40):
        assert len(name_clean(hostile)) <= 500
