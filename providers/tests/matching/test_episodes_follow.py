"""Episodes and sources go where a decision sends their title."""

import pytest
from django.conf import LazySettings

from accounts.tests.factories import UserFactory
from catalog.models import EpisodeSource, SourceHealth
from catalog.tests.factories import AnimeFactory
from providers.models import MatchState
from providers.services.matching import title_decide, title_match, title_reopen
from providers.tests.episodes.playing import HOST, entry, mirror, playing
from providers.tests.factories import ProviderTitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hosts(settings: LazySettings) -> None:
    settings.PLAYER_HOSTS = [HOST]


def test_sources_follow_a_decision_and_go_with_a_rejection() -> None:
    first, second, staff = AnimeFactory(document=True), AnimeFactory(document=True), UserFactory()
    title = ProviderTitleFactory(title="Something Else")
    entry(title, 1, mirror("1"))
    title = title_decide(actor=staff, title=title, anime=first)
    assert [row[0] for row in playing()] == [first.pk]
    title = title_decide(actor=staff, title=title, anime=second)
    assert [row[0] for row in playing()] == [second.pk]
    title = title_decide(actor=staff, title=title, anime=None)
    assert title.match_state == MatchState.REJECTED
    assert playing() == []
    assert set(EpisodeSource.objects.values_list("health", flat=True)) <= {SourceHealth.DEAD}
    title_decide(actor=staff, title=title, anime=second)
    assert [row[0] for row in playing()] == [second.pk]
    title_reopen(actor=staff, title=title)
    assert playing() == []


def test_a_match_by_name_brings_its_episodes_along() -> None:
    anime = AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000, document=True)
    title = ProviderTitleFactory(title="Kaze no Tani no Uta")
    entry(title, 1, mirror("1"))
    assert title_match(title=title).anime_id == anime.pk
    assert [row[0] for row in playing()] == [anime.pk]
