"""What people say of a provider's numbers: it moves sources at once, stands above rescans, and must make sense."""

from typing import Any

import pytest
from django.conf import LazySettings

from accounts.tests.factories import UserFactory
from catalog.models import Anime, EpisodeSource
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split
from catalog.tests import factories as make
from core.errors import ValidationFailed
from providers.adapters.drafts import EpisodeDraft
from providers.models import EpisodeRedirect, NumberingOverride, ProviderEpisode, ProviderTitle
from providers.selectors.episodes import provider_episodes
from providers.services.episodes import episodes_store, sources_sync
from providers.services.overrides import override_delete, override_set
from providers.tests.episodes.playing import HOST, entry, playing
from providers.tests.factories import ProviderTitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hosts(settings: LazySettings) -> None:
    settings.PLAYER_HOSTS = [HOST]


@pytest.fixture
def other() -> Anime:
    return make.AnimeFactory.create()


@pytest.fixture
def title() -> ProviderTitle:
    """A title with episodes 1 to 3 that play."""
    title = ProviderTitleFactory.create(anime=make.AnimeFactory.create(), match_state="auto", slug="hoshi")
    for number in (1, 2, 3):
        entry(title, number, url=f"https://x.example/{number}")
    sources_sync(title=title)
    return title


def places() -> list[tuple[int, int]]:
    return sorted((row[0], row[2]) for row in playing())


def test_an_override_moves_sources_and_rescans_keep_it(title: ProviderTitle, other: Anime) -> None:
    actor = UserFactory.create()
    EpisodeSource.objects.filter(url__endswith="-3").update(is_enabled=False)
    row = override_set(actor=actor, title=title, first=2, last=3, anime=other, target_first=11)
    assert places() == [(title.anime_id, 1), (other.pk, 11)]
    assert EpisodeSource.objects.get(is_enabled=False).episode.number == 12
    assert (row.set_by, EpisodeSource.objects.count()) == (actor, 3)
    drafts = [EpisodeDraft(f"Episode {n}", f"https://x.example/{n}", n, n) for n in (1, 2, 3)]
    for _ in range(2):
        episodes_store(title=title, drafts=drafts)
        sources_sync(title=title)
    EpisodeRedirect.objects.create(mal_id=1, first=2, target_mal_id=2, target_first=1)
    assert places() == [(title.anime_id, 1), (other.pk, 11)]
    assert NumberingOverride.objects.count() == 1
    override_delete(actor=actor, override=row)
    assert places() == [(title.anime_id, 1), (title.anime_id, 2)]
    assert EpisodeSource.objects.count() == 3


def test_without_an_anime_the_episodes_are_none_of_ours(title: ProviderTitle) -> None:
    override_set(actor=None, title=title, first=2)
    assert places() == [(title.anime_id, 1)]
    assert list(ProviderEpisode.objects.values_list("rule", flat=True)) == ["own", "left_out", "left_out"]


def test_what_begins_at_the_same_number_replaces_it(title: ProviderTitle, other: Anime) -> None:
    override_set(actor=None, title=title, first=1, last=1, anime=other, target_first=5)
    override_set(actor=None, title=title, first=1, last=2, anime=other, target_first=7, target_kind="special")
    assert NumberingOverride.objects.count() == 1
    assert [row[:3] for row in playing()] == [
        (other.pk, "special", 7),
        (other.pk, "special", 8),
        (title.anime_id, "regular", 3),
    ]


def test_episodes_that_staff_gave_to_another_anime_stay_there(title: ProviderTitle) -> None:
    NumberingOverride.objects.create(title=title, first=3, last=3, anime=title.anime, target_first=3)
    sources_sync(title=title)
    draft = SplitDraft(fields={"title": "Hoshi no Umi"}, episodes=EpisodeSpan(first=2, last=3))
    made = anime_split(actor=None, anime=title.anime, draft=draft)
    assert places() == [(title.anime_id, 1), (made.pk, 1), (made.pk, 2)]
    for _ in range(2):
        assert sources_sync(title=title) == 0
    assert places() == [(title.anime_id, 1), (made.pk, 1), (made.pk, 2)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"first": 3, "last": 2}, "last"),
        ({"first": -1}, "first"),
        ({"first": 2**31}, "first"),
        ({"first": 1, "last": 2**40}, "last"),
        ({"first": 1, "season": -1}, "season"),
        ({"first": 1, "season": 40_000}, "season"),
        ({"first": 1, "target_kind": "trailer"}, "target_kind"),
        ({"first": 1, "target_first": 0}, "target_first"),
        ({"first": 1, "target_first": 2**31}, "target_first"),
        ({"first": 1, "last": 2_000_000}, "last"),
        ({"first": 9, "last": 12}, "first"),
        ({"first": 12}, "first"),
        ({"first": 5}, "first"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    title: ProviderTitle, other: Anime, said: dict[str, Any], field: str
) -> None:
    override_set(actor=None, title=title, first=10, last=20, anime=other)
    before = places()
    with pytest.raises(ValidationFailed) as found:
        override_set(actor=None, title=title, anime=other, **said)
    assert list(found.value.extra["fields"]) == [field]
    assert (NumberingOverride.objects.count(), places()) == (1, before)


def test_seasons_and_other_titles_do_not_clash(title: ProviderTitle, other: Anime) -> None:
    override_set(actor=None, title=title, first=10, last=20, anime=other)
    override_set(actor=None, title=title, first=12, season=2, anime=other)
    override_set(actor=None, title=ProviderTitleFactory.create(), first=12, anime=other)
    override_set(actor=None, title=title, first=21, anime=other)
    assert NumberingOverride.objects.count() == 4


def test_lists_are_told_with_our_places_in_one_query(
    title: ProviderTitle, other: Anime, django_assert_num_queries: Any
) -> None:
    override_set(actor=None, title=title, first=2, last=2, anime=other, target_first=4)
    ProviderEpisode.objects.filter(first=3).update(gone_at="2026-01-01T00:00:00Z")
    bare = ProviderTitleFactory.create()
    with django_assert_num_queries(1):
        lists = provider_episodes([title.pk, bare.pk])
    first, second = lists[title.pk]
    assert lists[bare.pk] == []
    assert first == {
        "label": "Episode 1",
        "episodeStart": 1,
        "episodeEnd": 1,
        "url": "https://x.example/1",
        "season": None,
        "is_batch": False,
        "anime_id": title.anime_id,
        "kind": "regular",
        "number": 1,
        "places": [[title.anime_id, "regular", 1]],
        "rule": "own",
    }
    assert (second["anime_id"], second["number"], second["rule"]) == (other.pk, 4, "override")
    for number in range(4, 30):
        entry(bare, number, url=f"https://x.example/{number}")
    with django_assert_num_queries(1):
        assert len(provider_episodes([title.pk, bare.pk])[bare.pk]) == 26
