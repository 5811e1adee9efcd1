"""The index follows the catalogue: what changed is seen, what vanished is not, and nothing is built twice for it."""

from typing import Any

import pytest

from catalog.facade import NamedAnime, Names, anime_merge, catalog_touch
from catalog.tests.factories import AnimeFactory
from core import generation
from providers.matching import following
from providers.matching.following import Follower
from providers.matching.index import Index
from providers.matching.matcher import Matcher, matcher
from providers.matching.queries import Query


@pytest.mark.django_db(transaction=True)
def test_changes_stand_beside_the_index() -> None:
    first = AnimeFactory(title="Kaze no Tani no Uta")
    catalog_touch(anime_ids=[first.pk])
    follower = Follower()
    before = follower.catalogue()
    assert follower.catalogue() is before
    added, merged = AnimeFactory(title="Midori no Saka"), AnimeFactory(title="Aoi Shima")
    catalog_touch(anime_ids=[added.pk, merged.pk])
    after = follower.catalogue()
    assert after.base is before.base
    assert Matcher(after).match(Query("Midori no Saka")).anime_id == added.pk
    assert Matcher(after).match(Query("Kaze no Tani no Uta")).anime_id == first.pk
    anime_merge(actor=None, keep=first, duplicate=merged)
    assert Matcher(follower.catalogue()).match(Query("Kaze no Tani no Uta")).anime_id == first.pk
    assert merged.pk not in _found(follower, "Aoi Shima")


def test_a_changed_season_stays_followed_like_the_one_before() -> None:
    first, second = NamedAnime(1, None, "tv", 2020, 12, 900_000), NamedAnime(2, None, "tv", 2022, 12, 0)
    base = Index(Names({1: first, 2: second}, [], [(1, 2, "sequel")]))
    changed = Index(Names({2: second}, [], []))
    assert changed.facts[2].lent == 0
    changed.weights_keep(base)
    assert changed.facts[2].lent == base.facts[2].lent > 5


@pytest.mark.django_db(transaction=True)
def test_many_changes_build_the_index_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "OVERLAY_LIMIT", 1)
    follower = Follower()
    catalog_touch(anime_ids=[AnimeFactory().pk])
    before = follower.catalogue()
    anime = AnimeFactory.create_batch(2, title="Aoi Shima")
    catalog_touch(anime_ids=[one.pk for one in anime])
    after = follower.catalogue()
    assert after.base is not before.base
    assert after.overlay is None


@pytest.mark.django_db(transaction=True)
def test_other_news_of_the_generation_costs_a_look_at_the_log(django_assert_max_num_queries: Any) -> None:
    """PostgreSQL may have to look for changes that come late too."""
    catalog_touch(anime_ids=[AnimeFactory().pk])
    follower = Follower()
    before = follower.catalogue()
    generation.bump()
    with django_assert_max_num_queries(2) as asked:
        assert follower.catalogue() is before
    assert len(asked) > 0
    with django_assert_max_num_queries(0):
        assert follower.catalogue() is before


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_kept(django_assert_num_queries: Any) -> None:
    AnimeFactory(title="Kaze no Tani no Uta")
    with django_assert_num_queries(4):
        assert matcher().match(Query("Kaze no Tani no Uta")).anime_id is not None
    AnimeFactory(title="Midori no Saka")
    assert matcher().match(Query("Midori no Saka")).candidates


def _found(follower: Follower, title: str) -> set[int]:
    return {candidate.anime_id for candidate in Matcher(follower.catalogue()).match(Query(title)).candidates}
