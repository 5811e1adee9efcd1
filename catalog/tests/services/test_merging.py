"""Two anime become one."""

import json

import pytest

from catalog.events import AnimeMerged
from catalog.models import Anime, AnimeDocument, Episode, EpisodeSource, ExternalId, Rating, Relation, Season
from catalog.services.merging import anime_merge
from catalog.tests import factories as make
from core import events
from core.errors import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    keep = make.AnimeFactory(title="Hoshi no Niwa", mal_id=1, synopsis="")
    duplicate = make.AnimeFactory(title="Garden of Stars", mal_id=2, synopsis="A gardener.")
    return keep, duplicate


def merge(pair):
    return anime_merge(actor=None, keep=pair[0], duplicate=pair[1])


def test_names_ids_and_gaps_are_taken_over(pair):
    keep, duplicate = pair
    make.TitleFactory(anime=duplicate, text="Garden of Stars", language="en", kind="main")
    make.TitleFactory(anime=keep, text="星の庭", language="ja", kind="official")
    make.TitleFactory(anime=duplicate, text="星の庭", language="ja", kind="official")
    merge(pair)
    keep.refresh_from_db()
    assert keep.synopsis == "A gardener."
    assert set(keep.titles.values_list("text", "kind")) == {("Garden of Stars", "synonym"), ("星の庭", "official")}
    assert set(ExternalId.objects.filter(site="mal").values_list("anime_id", "value")) == {
        (keep.pk, "1"),
        (keep.pk, "2"),
    }
    assert Anime.objects.get(pk=duplicate.pk).merged_into_id == keep.pk
    assert not AnimeDocument.objects.filter(anime=duplicate).exists()
    assert json.loads(AnimeDocument.objects.get(anime=keep).detail)["external_ids"]["mal"] == ["1", "2"]


def test_episodes_of_the_same_number_join_their_sources(pair):
    keep, duplicate = pair
    seasons = [make.SeasonFactory(anime=anime, number=1) for anime in pair]
    mine = make.EpisodeFactory(anime=keep, number=1, season=seasons[0])
    theirs = make.EpisodeFactory(anime=duplicate, number=1, season=seasons[1])
    make.EpisodeFactory(anime=duplicate, number=2, season=seasons[1])
    make.EpisodeSourceFactory(episode=mine, url="https://a.example.org/1")
    make.EpisodeSourceFactory(episode=theirs, url="https://b.example.org/1")
    make.SubtitleTrackFactory(episode=theirs, path="library:a.vtt")
    merge(pair)
    assert list(keep.episodes.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert set(EpisodeSource.objects.values_list("episode_id", flat=True)) == {mine.pk}
    assert mine.subtitles.count() == 1
    assert Season.objects.get() == seasons[0]
    assert set(Episode.objects.values_list("season_id", flat=True)) == {seasons[0].pk}


def test_of_two_ratings_the_one_of_the_anime_that_stays_wins(pair):
    keep, duplicate = pair
    both, one = make.UserFactory(), make.UserFactory()
    make.RatingFactory(user=both, anime=keep, score=90)
    make.RatingFactory(user=both, anime=duplicate, score=10)
    make.RatingFactory(user=one, anime=duplicate, score=50)
    merge(pair)
    assert set(Rating.objects.values_list("anime_id", "user_id", "score")) == {
        (keep.pk, both.pk, 90),
        (keep.pk, one.pk, 50),
    }


def test_relations_follow_and_none_leads_to_itself(pair):
    keep, duplicate = pair
    third = make.AnimeFactory()
    make.RelationFactory(from_anime=keep, to_anime=duplicate, kind="other")
    make.RelationFactory(from_anime=duplicate, to_anime=third, kind="sequel")
    make.RelationFactory(from_anime=third, to_anime=duplicate, kind="prequel")
    merge(pair)
    assert set(Relation.objects.values_list("from_anime_id", "to_anime_id", "kind")) == {
        (keep.pk, third.pk, "sequel"),
        (third.pk, keep.pk, "prequel"),
    }
    relations = json.loads(AnimeDocument.objects.get(anime=third).detail)["relations"]
    assert [relation["id"] for relation in relations] == [keep.pk]


def test_upper_apps_hear_of_it_inside_the_transaction(pair, monkeypatch):
    monkeypatch.setattr(events, "_subscribers", {})
    heard = []
    events.subscribe(AnimeMerged)(heard.append)
    merge(pair)
    assert heard == [AnimeMerged(keep_id=pair[0].pk, duplicate_id=pair[1].pk)]


def test_when_a_subscriber_fails_nothing_has_happened(pair, monkeypatch):
    monkeypatch.setattr(events, "_subscribers", {})

    @events.subscribe(AnimeMerged)
    def fail(event):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        merge(pair)
    assert Anime.objects.get(pk=pair[1].pk).merged_into_id is None
    assert ExternalId.objects.get(site="mal", value="2").anime_id == pair[1].pk


def test_merging_twice_or_into_itself_is_a_conflict(pair):
    merge(pair)
    with pytest.raises(Conflict):
        merge(pair)
    with pytest.raises(Conflict):
        merge((pair[0], pair[0]))


def test_a_chain_of_merges_leads_to_the_last(pair):
    keep, duplicate = pair
    merge(pair)
    last = make.AnimeFactory()
    anime_merge(actor=None, keep=last, duplicate=keep)
    assert set(Anime.objects.exclude(pk=last.pk).values_list("merged_into_id", flat=True)) == {last.pk}
    assert Anime.objects.get(pk=duplicate.pk).merged_into_id == last.pk
