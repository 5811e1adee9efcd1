"""One anime that mixed two works becomes two, and one again."""

import json

import pytest

from catalog.events import AnimeSplit, AnimeSplitting
from catalog.models import Anime, AnimeDocument, Episode, ExternalId, ExternalScore, FieldProvenance, Relation, Timecode
from catalog.services.merging import anime_merge
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split, episodes_give
from catalog.tests import factories as make
from core import events
from core.errors import Conflict, ValidationFailed

pytestmark = pytest.mark.django_db
SECOND = EpisodeSpan(first=13, last=24)


@pytest.fixture
def mixed():
    anime = make.AnimeFactory(title="Hoshi no Niwa", mal_id=1, episode_count=24, document=True)
    make.TitleFactory(anime=anime, text="Hoshi no Niwa", language="ja-Latn", kind="main")
    make.TitleFactory(anime=anime, text="Garden of Stars II", language="en", kind="official")
    make.ExternalIdFactory(anime=anime, site="anilist", value="77")
    for number in range(1, 25):
        make.EpisodeFactory(anime=anime, number=number)
    return anime


def split(anime, *, actor=None, fields=None, **draft):
    fields = {"title": "Hoshi no Niwa II"} if fields is None else fields
    return anime_split(actor=actor, anime=anime, draft=SplitDraft(fields=fields, **draft))


def numbers(anime):
    return list(anime.episodes.order_by("number").values_list("number", flat=True))


def state(anime):
    """All that a refused split must leave as it was."""
    return (
        Anime.objects.count(),
        numbers(anime),
        sorted(anime.titles.values_list("text", flat=True)),
        sorted(anime.external_ids.values_list("site", "value")),
        FieldProvenance.objects.count(),
    )


def test_episodes_names_and_ids_go_and_the_rest_stays(mixed):
    name = mixed.titles.get(text="Garden of Stars II")
    ids = mixed.external_ids.filter(site="anilist")
    make.ExternalScoreFactory(anime=mixed, site="anilist")
    make.ExternalScoreFactory(anime=mixed, site="mal")
    make.RatingFactory(anime=mixed)
    made = split(
        mixed, title_ids=[name.pk], external_id_ids=[row.pk for row in ids], episodes=SECOND, relation="sequel"
    )
    assert (numbers(mixed), numbers(made)) == (list(range(1, 13)), list(range(1, 13)))
    assert set(made.titles.values_list("text", "kind")) == {
        ("Hoshi no Niwa II", "main"),
        ("Garden of Stars II", "official"),
    }
    assert list(mixed.titles.values_list("text", flat=True)) == ["Hoshi no Niwa"]
    assert list(ExternalId.objects.filter(anime=made).values_list("site", "value")) == [("anilist", "77")]
    assert set(ExternalScore.objects.values_list("site", "anime_id")) == {("anilist", made.pk), ("mal", mixed.pk)}
    assert set(Relation.objects.values_list("from_anime_id", "to_anime_id", "kind")) == {
        (mixed.pk, made.pk, "sequel"),
        (made.pk, mixed.pk, "prequel"),
    }
    assert mixed.ratings.count() == 1
    assert json.loads(AnimeDocument.objects.get(anime=made).detail)["external_ids"]["anilist"] == ["77"]
    assert "anilist" not in json.loads(AnimeDocument.objects.get(anime=mixed).detail)["external_ids"]


def test_what_went_is_locked_and_says_who_did_it(mixed):
    staff = make.UserFactory()
    made = split(mixed, actor=staff, episodes=SECOND)
    rows = FieldProvenance.objects.values_list("anime_id", "field", "source", "is_locked", "set_by_id")
    assert set(rows) == {
        (mixed.pk, "episodes", "staff", True, staff.pk),
        *((made.pk, name, "staff", True, staff.pk) for name in ("title", "is_adult", "country")),
    }


def test_sources_seasons_and_times_follow_their_episodes(mixed):
    season = make.SeasonFactory(anime=mixed, number=2, name="Second")
    Episode.objects.filter(anime=mixed, number__gte=13).update(season=season)
    source = make.EpisodeSourceFactory(episode=mixed.episodes.get(number=14))
    for number in (12, 14):
        make.TimecodeFactory(anime=mixed, episode_number=number)
    made = split(mixed, episodes=SECOND)
    source.refresh_from_db()
    assert (source.episode.anime_id, source.episode.number) == (made.pk, 2)
    assert list(made.seasons.values_list("number", "name")) == [(2, "Second")]
    assert set(made.episodes.values_list("season__anime_id", flat=True)) == {made.pk}
    assert not mixed.seasons.exists()
    assert set(Timecode.objects.values_list("anime_id", "episode_number")) == {(mixed.pk, 12), (made.pk, 2)}


def test_numbers_may_stay_and_specials_have_no_times(mixed):
    make.EpisodeFactory(anime=mixed, kind="special", number=3)
    make.TimecodeFactory(anime=mixed, episode_number=3)
    made = split(mixed, episodes=EpisodeSpan(kind="special", first=3, last=3, is_renumbered=False))
    assert list(made.episodes.values_list("kind", "number")) == [("special", 3)]
    assert Timecode.objects.get().anime_id == mixed.pk


@pytest.mark.parametrize("visibility", ["hidden", "player_restricted"])
def test_what_was_taken_down_stays_down(mixed, visibility):
    Anime.objects.filter(pk=mixed.pk).update(visibility=visibility, moderation_reason="Licensed")
    Anime.objects.filter(pk=mixed.pk).update(is_adult=True)
    mixed.refresh_from_db()
    made = split(mixed, episodes=SECOND)
    assert (made.visibility, made.moderation_reason, made.is_adult) == (visibility, "Licensed", True)


def test_upper_apps_hear_of_it_inside_the_transaction(mixed, monkeypatch):
    monkeypatch.setattr(events, "_subscribers", {})
    heard = []
    for event in (AnimeSplitting, AnimeSplit):
        events.subscribe(event)(heard.append)
    made = split(mixed, episodes=SECOND, external_id_ids=[mixed.external_ids.get(site="anilist").pk])
    assert heard == [
        AnimeSplitting(mixed.pk),
        AnimeSplit(mixed.pk, made.pk, "regular", 13, 24, -12, (("anilist", "77"),)),
    ]


def test_when_a_subscriber_fails_nothing_has_happened(mixed, monkeypatch):
    monkeypatch.setattr(events, "_subscribers", {})
    before = state(mixed)

    @events.subscribe(AnimeSplit)
    def fail(event):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        split(mixed, episodes=SECOND)
    assert state(mixed) == before


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"fields": {}}, "title"),
        ({"fields": {"title": "   "}}, "title"),
        ({"fields": {"title": "x", "score": 3}}, "score"),
        ({"fields": {"title": "x", "year": 99}}, "year"),
        ({"relation": "cousin"}, "relation"),
        ({"title_ids": [10**9]}, "title_ids"),
        ({"external_id_ids": [10**9]}, "external_id_ids"),
        ({"episodes": EpisodeSpan(first=30, last=40)}, "episodes"),
        ({"episodes": EpisodeSpan(first=5, last=4)}, "episodes"),
        ({"episodes": EpisodeSpan(first=-1, last=4)}, "episodes"),
        ({"episodes": EpisodeSpan(first=1, last=4, kind="dream")}, "episodes"),
    ],
)
def test_a_draft_that_does_not_fit_changes_nothing(mixed, draft, field):
    before = state(mixed)
    with pytest.raises(ValidationFailed) as refused:
        split(mixed, **draft)
    assert list(refused.value.extra["fields"]) == [field]
    assert state(mixed) == before


def test_rows_of_another_anime_and_the_main_title_are_refused(mixed):
    other = make.TitleFactory()
    with pytest.raises(ValidationFailed):
        split(mixed, title_ids=[other.pk])
    with pytest.raises(ValidationFailed):
        split(mixed, title_ids=[mixed.titles.get(kind="main").pk])
    with pytest.raises(ValidationFailed):
        split(mixed, external_id_ids=[make.ExternalIdFactory().pk])
    assert other.anime.titles.count() == 1
    assert mixed.titles.count() == 2


def test_what_was_merged_away_cannot_be_split(mixed):
    anime_merge(actor=None, keep=make.AnimeFactory(), duplicate=mixed)
    count = Anime.objects.count()
    with pytest.raises(Conflict):
        split(mixed, episodes=SECOND)
    assert Anime.objects.count() == count


def test_episodes_given_back_and_merged_are_one_anime_again(mixed):
    before = [(row.pk, row.number) for row in mixed.episodes.order_by("pk")]
    make.TimecodeFactory(anime=mixed, episode_number=20)
    ids = sorted(mixed.external_ids.values_list("site", "value"))
    made = split(mixed, episodes=SECOND, relation="sequel", external_id_ids=[mixed.external_ids.first().pk])
    episodes_give(actor=None, giver=made, taker=mixed, span=EpisodeSpan(first=1, last=12), offset=12)
    anime_merge(actor=None, keep=mixed, duplicate=made)
    assert [(row.pk, row.number) for row in mixed.episodes.order_by("pk")] == before
    assert sorted(mixed.external_ids.values_list("site", "value")) == ids
    assert (Timecode.objects.get().anime_id, Timecode.objects.get().episode_number) == (mixed.pk, 20)
    assert not Relation.objects.exists()


def test_kept_numbers_need_but_the_merge(mixed):
    before = [(row.pk, row.number) for row in mixed.episodes.order_by("pk")]
    made = split(mixed, episodes=EpisodeSpan(first=13, last=24, is_renumbered=False))
    anime_merge(actor=None, keep=mixed, duplicate=made)
    assert [(row.pk, row.number) for row in mixed.episodes.order_by("pk")] == before


def test_episodes_are_not_given_onto_others(mixed):
    other = make.AnimeFactory()
    make.EpisodeFactory(anime=other, number=14)
    for taker in (other, mixed):
        with pytest.raises(Conflict):
            episodes_give(actor=None, giver=mixed, taker=taker, span=SECOND, offset=0)
    with pytest.raises(ValidationFailed):
        episodes_give(actor=None, giver=mixed, taker=other, span=SECOND, offset=-14)
    assert (len(numbers(mixed)), numbers(other)) == (24, [14])
