"""The ready-made JSON: what it holds, what it costs, when it is written."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.documents import VERSION
from catalog.models import AnimeDocument, CatalogChange, SourceHealth
from catalog.services.changes import catalog_touch
from catalog.services.documents import documents_rebuild, documents_rebuild_stale
from catalog.tasks import documents_refresh
from catalog.tests import factories as make
from core import generation
from core.models import StoredImage

pytestmark = pytest.mark.django_db


def card_of(anime):
    return json.loads(AnimeDocument.objects.get(anime=anime).card)


def detail_of(anime):
    return json.loads(AnimeDocument.objects.get(anime=anime).detail)


@pytest.fixture
def anime():
    return make.AnimeFactory(
        mal_id=1,
        title="Hoshi no Niwa",
        title_english="Garden of Stars",
        title_native="星の庭",
        synopsis="A gardener tends the night sky.",
        genres=[make.GenreFactory(name="Sports"), make.GenreFactory(name="Drama")],
        poster_url="https://images.example.org/1.jpg",
        score=76.4,
        popularity=45000,
    )


def build(anime):
    documents_rebuild(anime_ids=[anime.pk])


def test_the_card(anime):
    build(anime)
    assert card_of(anime) == {
        "id": anime.pk,
        "mal_id": 1,
        "shikimori_id": 1,
        "slug": "hoshi-no-niwa",
        "title": "Hoshi no Niwa",
        "title_english": "Garden of Stars",
        "title_native": "星の庭",
        "type": "tv",
        "status": "finished",
        "source": "manga",
        "season": "spring",
        "year": 2020,
        "start_date": "2020-04-05",
        "episode_count": 12,
        "episodes_available": 0,
        "latest_episode": None,
        "dub_languages": [],
        "sub_languages": [],
        "duration_seconds": 1440,
        "score": 76.4,
        "popularity": 45000,
        "is_adult": False,
        "genres": ["Drama", "Sports"],
        "colour": None,
        "poster": None,
        "visibility": "public",
    }


def test_the_card_and_the_pictures_name_no_other_host(anime):
    anime.poster = StoredImage.objects.create(
        purpose="poster",
        sha256="0" * 64,
        width=640,
        height=960,
        bytes=1,
        colour="#102030",
        variants={"640": {"webp": "p/640.webp", "avif": "p/640.avif"}, "320": {"webp": "p/320.webp"}},
    )
    anime.save()
    build(anime)
    card = card_of(anime)
    assert card["poster"]["variants"] == {
        "320": {"webp": "/media/p/320.webp"},
        "640": {"avif": "/media/p/640.avif", "webp": "/media/p/640.webp"},
    }
    assert card["colour"] == "#102030"
    assert "example.org" not in json.dumps(card)
    assert detail_of(anime)["poster_url"] == "https://images.example.org/1.jpg"


def test_the_detail_has_the_fields_of_the_reference(anime):
    make.ExternalIdFactory(anime=anime, site="anilist", value="501")
    make.ExternalIdFactory(anime=anime, site="kitsu", value="42")
    synced = datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
    make.ExternalScoreFactory(anime=anime, site="mal", value=76.4, votes=12000, synced_at=synced)
    anime.external_scores_synced_at = synced
    anime.visibility, anime.moderation_reason = "player_restricted", "Licensed here"
    anime.save()
    make.TitleFactory(anime=anime, text="Сад звёзд", language="ru", kind="synonym")
    make.AnimeTagFactory(anime=anime, tag=make.TagFactory(name="Space"))
    make.AnimeStudioFactory(anime=anime, studio=make.StudioFactory(name="Kumo"), role="producer")
    make.AnimeStudioFactory(anime=anime, studio=make.StudioFactory(name="Nagare"), role="studio")
    make.BroadcastRuleFactory(anime=anime)
    make.OfficialLinkFactory(anime=anime, regions=["JP"])
    build(anime)
    detail = detail_of(anime)
    expected = {
        "visibility": "player_restricted",
        "moderation_reason": "Licensed here",
        "score_mal": 76.4,
        "score_mal_scored_by": 12000,
        "score_anilist": None,
        "score_anilist_scored_by": None,
        "score_kitsu": None,
        "score_kitsu_scored_by": None,
        "score_shikimori": None,
        "score_shikimori_scored_by": None,
        "anilist_id": 501,
        "kitsu_id": 42,
        "mal_id": 1,
        "external_scores_synced_at": "2024-01-02T03:04:05Z",
        "synopsis": "A gardener tends the night sky.",
        "rating": "pg13",
        "titles": [{"title": "Сад звёзд", "language": "ru", "type": "synonym"}],
    }
    assert expected.items() <= detail.items()
    assert [(studio["name"], studio["role"]) for studio in detail["studios"]] == [
        ("Nagare", "studio"),
        ("Kumo", "producer"),
    ]
    assert detail["broadcasts"][0]["first_at"] == "2020-04-05T14:30:00Z"
    assert detail["official_links"][0]["regions"] == ["JP"]
    assert detail["tags"][0]["name"] == "Space"
    assert detail["created_at"].endswith("Z")


def test_streaming_counts_only_what_plays(anime):
    dub = make.TranslationFactory(code="kaze-dub", kind="dub", language="de", team="Kaze")
    sub = make.TranslationFactory(code="kaze-sub", kind="sub", language="en")
    first, second, third = (make.EpisodeFactory(anime=anime, number=number) for number in (1, 2, 3))
    make.EpisodeSourceFactory(episode=first, translation=dub, audio_languages=["de"])
    make.EpisodeSourceFactory(episode=first, translation=sub, audio_languages=["ja", "fr"])
    make.EpisodeSourceFactory(episode=second, translation=sub)
    make.EpisodeSourceFactory(episode=third, translation=sub, is_enabled=False)
    make.EpisodeSourceFactory(episode=third, translation=dub, health=SourceHealth.DEAD)
    make.EpisodeSourceFactory(episode=make.EpisodeFactory(anime=anime, number=1, kind="special"), translation=sub)
    make.SubtitleTrackFactory(episode=second, language="ru")
    build(anime)
    card, streaming = card_of(anime), detail_of(anime)["streaming"]
    assert (card["episodes_available"], card["dub_languages"], card["sub_languages"]) == (2, ["de", "fr"], ["en", "ru"])
    assert streaming["episodes_listed"] == 3
    assert {row["id"]: row["episodes"] for row in streaming["translations"]} == {"kaze-dub": 1, "kaze-sub": 2}
    assert streaming["episodes"] == [
        {
            "number": 1,
            "translation_ids": ["kaze-dub", "kaze-sub"],
            "audio_languages": ["de", "fr", "ja"],
            "subtitle_languages": [],
        },
        {"number": 2, "translation_ids": ["kaze-sub"], "audio_languages": [], "subtitle_languages": ["ru"]},
    ]


def test_the_latest_and_the_next_episode(anime):
    today = timezone.now().date()
    for number, days in ((1, -8), (2, -1), (3, 6), (4, 13)):
        make.EpisodeFactory(anime=anime, number=number, aired_on=today + datetime.timedelta(days=days))
    make.EpisodeFactory(anime=anime, number=5, aired_on=None)
    build(anime)
    assert card_of(anime)["latest_episode"]["number"] == 2
    assert detail_of(anime)["next_episode"]["number"] == 3


def test_relations_never_name_what_is_hidden(anime):
    make.RelationFactory(from_anime=anime, to_anime=make.AnimeFactory(title="Seen"))
    make.RelationFactory(from_anime=anime, to_anime=make.AnimeFactory(title="Unseen", hidden=True))
    build(anime)
    assert [relation["title"] for relation in detail_of(anime)["relations"]] == ["Seen"]


def test_the_etag_follows_the_content(anime):
    build(anime)
    first = AnimeDocument.objects.get(anime=anime)
    build(anime)
    assert AnimeDocument.objects.get(anime=anime).etag == first.etag
    anime.synopsis = "It rains."
    anime.save()
    build(anime)
    second = AnimeDocument.objects.get(anime=anime)
    assert second.etag != first.etag
    assert second.version == VERSION


def test_queries_do_not_grow_with_the_batch():
    def queries_of(number):
        batch = [make.AnimeFactory(mal_id=9000 + number * 100 + place) for place in range(number)]
        for anime in batch:
            episode = make.EpisodeFactory(anime=anime, number=1)
            make.EpisodeSourceFactory(episode=episode)
            make.RelationFactory(from_anime=anime, to_anime=batch[0] if anime is not batch[0] else batch[-1])
        with CaptureQueriesContext(connection) as queries:
            documents_rebuild(anime_ids=[anime.pk for anime in batch])
        return len(queries)

    assert queries_of(2) == queries_of(12) <= 24


def test_only_stale_documents_are_rebuilt(anime):
    other = make.AnimeFactory(document=True)
    untouched = AnimeDocument.objects.get(anime=other).updated_at
    assert documents_rebuild_stale() == 1
    AnimeDocument.objects.filter(anime=anime).update(version=VERSION - 1)
    assert documents_rebuild_stale() == 1
    assert documents_rebuild_stale() == 0
    assert AnimeDocument.objects.get(anime=other).updated_at == untouched


def test_documents_of_merged_anime_go(anime):
    build(anime)
    anime.merged_into = make.AnimeFactory()
    anime.save()
    assert documents_rebuild(anime_ids=[anime.pk]) == 0
    assert not AnimeDocument.objects.filter(anime=anime).exists()
    assert documents_rebuild() == 1


def test_an_episode_that_has_aired_since_reaches_the_card(anime):
    today = timezone.now().date()
    make.EpisodeFactory(anime=anime, number=6, aired_on=today - datetime.timedelta(days=7))
    make.EpisodeFactory(anime=anime, number=7, aired_on=today)
    make.EpisodeFactory(anime=make.AnimeFactory(document=True), number=8, aired_on=today + datetime.timedelta(days=1))
    last_week = timezone.now() - datetime.timedelta(days=6)
    build(anime)
    AnimeDocument.objects.filter(anime=anime).update(updated_at=last_week, card="{}")
    assert documents_refresh() == 1
    assert card_of(anime)["latest_episode"]["number"] == 7
    assert documents_refresh() == 0


@pytest.mark.django_db(transaction=True)
def test_a_touch_writes_documents_a_change_and_a_new_generation():
    anime = make.AnimeFactory()
    before = generation.current()
    catalog_touch(anime_ids=[anime.pk])
    assert card_of(anime)["id"] == anime.pk
    assert list(CatalogChange.objects.values_list("anime_id", flat=True)) == [anime.pk]
    assert generation.current() > before


def test_a_touch_of_many_is_one_row_for_all(monkeypatch):
    monkeypatch.setattr("catalog.services.changes.BULK", 2)
    catalog_touch(anime_ids=[make.AnimeFactory().pk for _ in range(3)])
    assert list(CatalogChange.objects.values_list("anime_id", flat=True)) == [None]
    catalog_touch(anime_ids=[])
    assert CatalogChange.objects.count() == 1
