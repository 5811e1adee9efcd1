"""An anime is split or merged: snapshots, titles and people's word on numbers follow."""

import pytest
from django.utils import timezone

from catalog.services.merging import anime_merge
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split
from catalog.tests.factories import AnimeFactory, EpisodeFactory, TitleFactory
from providers.models import CoverHash, Enrichment, MetadataSnapshot, NumberingOverride, ProviderTitle
from providers.services.episodes import sources_sync
from providers.tests.episodes.playing import HOST, entry, mirror, playing
from providers.tests.factories import ProviderTitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed():
    anime = AnimeFactory(title="Hoshi no Niwa", mal_id=1)
    TitleFactory(anime=anime, text="Garden of Stars II", language="en")
    for number in (1, 13, 24):
        EpisodeFactory(anime=anime, number=number)
    return anime


def split(anime, **draft):
    draft = {"fields": {"title": "Hoshi no Niwa II"}, "episodes": EpisodeSpan(first=13, last=24), **draft}
    return anime_split(actor=None, anime=anime, draft=SplitDraft(**draft))


def overrides():
    names = ("first", "last", "anime_id", "target_first")
    return list(NumberingOverride.objects.order_by("first").values_list(*names))


def test_what_a_service_said_of_an_id_goes_with_the_id(mixed):
    now = timezone.now()
    for external_id in ("1", "2"):
        MetadataSnapshot.objects.create(
            source="jikan", external_id=external_id, anime=mixed, fetched_at=now, checked_at=now
        )
    Enrichment.objects.create(key="mal:1", anime=mixed, requested_at=now)
    Enrichment.objects.create(key=f"anime:{mixed.pk}", anime=mixed, requested_at=now)
    made = split(mixed, external_id_ids=[mixed.external_ids.get(site="mal").pk])
    assert set(MetadataSnapshot.objects.values_list("external_id", "anime_id")) == {("1", made.pk), ("2", mixed.pk)}
    assert set(Enrichment.objects.values_list("key", "anime_id")) == {
        ("mal:1", made.pk),
        (f"anime:{mixed.pk}", mixed.pk),
    }


def test_titles_go_where_their_name_went_unless_a_person_put_them_here(mixed):
    auto = ProviderTitleFactory(title="Garden of Stars II", anime=mixed, match_state="auto")
    ProviderTitleFactory(title="Garden of Stars II", anime=mixed, match_state="human")
    ProviderTitleFactory(title="Hoshi no Niwa", anime=mixed, match_state="auto")
    made = split(mixed, title_ids=[mixed.titles.get(text="Garden of Stars II").pk])
    assert list(ProviderTitle.objects.filter(anime=made)) == [auto]
    assert ProviderTitle.objects.filter(anime=mixed).count() == 2


def test_ways_to_play_go_with_a_title_that_went(mixed, settings):
    settings.PLAYER_HOSTS = [HOST]
    stays = ProviderTitleFactory(title="Hoshi no Niwa", anime=mixed, match_state="auto")
    goes = ProviderTitleFactory(title="Garden of Stars II", anime=mixed, match_state="auto")
    for title in (stays, goes):
        entry(title, 1, mirror(title.slug))
        sources_sync(title=title)
    made = split(mixed, title_ids=[mixed.titles.get(text="Garden of Stars II").pk], episodes=None)
    assert {(row[0], row[4].rpartition("/")[2]) for row in playing()} == {(mixed.pk, stays.slug), (made.pk, goes.slug)}


@pytest.mark.parametrize(
    ("first", "last", "target", "parts"),
    [
        (1, 24, 1, [(1, 12, "old", 1), (13, 24, "new", 1)]),
        (101, None, 1, [(101, 112, "old", 1), (113, 124, "new", 1), (125, None, "old", 25)]),
        (1, 12, 13, [(1, 12, "new", 1)]),
        (1, 6, 15, [(1, 6, "new", 3)]),
        (1, 12, 1, [(1, 12, "old", 1)]),
        (5, 6, 25, [(5, 6, "old", 25)]),
    ],
)
def test_overrides_are_cut_where_the_anime_is(mixed, first, last, target, parts):
    title = ProviderTitleFactory()
    NumberingOverride.objects.create(title=title, first=first, last=last, anime=mixed, target_first=target)
    made = split(mixed)
    ids = {"old": mixed.pk, "new": made.pk}
    assert overrides() == [(one, other, ids[whose], place) for one, other, whose, place in parts]


def test_overrides_of_specials_and_of_other_anime_stay(mixed):
    title, other = ProviderTitleFactory(), AnimeFactory()
    NumberingOverride.objects.create(
        title=title, first=13, last=14, anime=mixed, target_first=13, target_kind="special"
    )
    NumberingOverride.objects.create(title=title, first=15, last=16, anime=other, target_first=13)
    split(mixed)
    assert overrides() == [(13, 14, mixed.pk, 13), (15, 16, other.pk, 13)]


def test_all_of_a_duplicate_goes_to_the_one_that_stays(mixed):
    keep, now = AnimeFactory(), timezone.now()
    title = ProviderTitleFactory(anime=mixed, match_state="human")
    NumberingOverride.objects.create(title=title, first=1, anime=mixed)
    for anime, value in ((keep, 1), (mixed, 2)):
        CoverHash.objects.create(anime=anime, url="", value=value, hashed_at=now)
    anime_merge(actor=None, keep=keep, duplicate=mixed)
    title.refresh_from_db()
    assert (title.anime_id, title.match_state) == (keep.pk, "human")
    assert overrides() == [(1, None, keep.pk, 1)]
    assert list(CoverHash.objects.values_list("anime_id", "value")) == [(keep.pk, 1)]
