"""The newest episode of a list in which not every number can be true."""

import datetime

import pytest

from catalog.tests.factories import AnimeFactory
from providers.adapters.drafts import EpisodeDraft
from providers.models import ProviderTitle
from providers.services.episodes import episodes_store
from providers.tests.factories import ProviderTitleFactory

pytestmark = pytest.mark.django_db
BEFORE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def stored(title: ProviderTitle, *numbers: int) -> int | None:
    drafts = [EpisodeDraft(f"Episode {n}", f"https://provider.example/{n}/", first=n, last=n) for n in numbers]
    episodes_store(title=title, drafts=drafts)
    return title.latest_episode


@pytest.fixture
def title() -> ProviderTitle:
    return ProviderTitleFactory(anime=AnimeFactory(episode_count=201), match_state="auto")


def test_one_number_beyond_belief_does_not_hide_what_comes_out(title: ProviderTitle) -> None:
    assert stored(title, 199, 200, 9999) == 200
    ProviderTitle.objects.update(released_at=BEFORE)
    assert stored(title, 199, 200, 201, 9999) == 201
    assert title.released_at is not None
    assert title.released_at > BEFORE


def test_a_list_that_goes_on_through_the_series_is_believed(title: ProviderTitle) -> None:
    assert stored(title, *range(1, 370)) == 369


def test_so_is_one_that_begins_beyond_it(title: ProviderTitle) -> None:
    assert stored(title, 502, 503) == 503


def test_an_unknown_anime_has_any_number() -> None:
    assert stored(ProviderTitleFactory(), 1, 9999) == 9999
