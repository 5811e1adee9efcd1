"""One record of one source into one anime: ranks, choices, locks, provenance, and nothing doubled."""

import threading

import pytest
from django.db import connection

from catalog.importing.jikan import anime_map
from catalog.importing.records import AnimeRecord, LabelDraft, ScoreDraft, TitleDraft
from catalog.models import Anime, AnimeDocument, CatalogChange, ExternalScore, FieldProvenance, Title
from catalog.services.anime import anime_update
from catalog.services.enriching import RecordContradicts, RecordNameless, record_apply
from catalog.services.stubs import StubDraft, anime_stubs_create
from catalog.tests.factories import AnimeFactory, GenreFactory, UserFactory
from catalog.tests.importing.records import jikan_record, related
from core.errors import NotFound

pytestmark = pytest.mark.django_db


def jikan(**changes: object) -> AnimeRecord:
    return anime_map(jikan_record(**changes))


def said(**fields: object) -> AnimeRecord:
    return AnimeRecord(ids=[], fields=fields)


def source_of(anime: Anime, field: str) -> str | None:
    return FieldProvenance.objects.filter(anime=anime, field=field).values_list("source", flat=True).first()


def test_a_new_anime_is_made_once_with_all_that_the_record_says() -> None:
    first = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    again = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    anime = Anime.objects.get()
    assert (first.anime_id, first.is_new, again.anime_id, again.changed) == (anime.pk, True, anime.pk, ())
    assert {"title", "synopsis", "genres", "studios", "titles"} <= set(first.changed)
    assert (anime.origin, anime.title, anime.score) == ("jikan", "Hoshi no Niwa", 76.4)
    assert AnimeDocument.objects.get(anime=anime).version > 0
    assert CatalogChange.objects.filter(anime_id=anime.pk).count() == 1


def test_a_second_record_changes_what_differs_and_says_what() -> None:
    made = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    found = record_apply(source="jikan", record=jikan(episodes=24), anime_id=made.anime_id, chosen={})
    assert found.changed == ("episode_count",)
    assert '"episode_count":24' in AnimeDocument.objects.get().detail.replace(" ", "")


def test_a_lower_source_fills_what_is_empty_alone() -> None:
    made = record_apply(source="jikan", record=jikan(synopsis=None), anime_id=None, chosen={})
    lower = said(synopsis="From afar.", title_english="Another name", episode_count=99)
    found = record_apply(source="animasu", record=lower, anime_id=made.anime_id, chosen={})
    anime = Anime.objects.get()
    assert found.changed == ("synopsis",)
    assert (anime.synopsis, anime.title_english, anime.episode_count) == ("From afar.", "Garden of Stars", 12)
    assert source_of(anime, "synopsis") == "animasu"
    assert record_apply(source="feed", record=said(synopsis="Other"), anime_id=anime.pk, chosen={}).changed == ()
    assert record_apply(source="jikan", record=jikan(), anime_id=anime.pk, chosen={}).changed == ("synopsis",)


def test_a_site_with_episodes_never_becomes_the_origin() -> None:
    anime = AnimeFactory(origin="", synopsis="")
    record_apply(source="a-provider-with-a-name-that-is-long", record=said(synopsis="X"), anime_id=anime.pk, chosen={})
    anime.refresh_from_db()
    assert (anime.origin, anime.synopsis) == ("", "X")
    assert source_of(anime, "synopsis") == "a-provider-with-a-name-that-is-long"


def test_a_chosen_source_wins_over_rank_and_others_leave_the_field_alone() -> None:
    made = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    chosen = {"synopsis": "animasu", "genres": "animasu"}
    GenreFactory(name="Slice of Life")
    record = AnimeRecord(ids=[], fields={"synopsis": "Chosen."}, genres=[LabelDraft("Slice of Life")])
    found = record_apply(source="animasu", record=record, anime_id=made.anime_id, chosen=chosen)
    anime = Anime.objects.get()
    assert found.changed == ("genres", "synopsis")
    assert anime.synopsis == "Chosen."
    assert [genre.name for genre in anime.genres.all()] == ["Slice of Life"]
    assert source_of(anime, "synopsis") == source_of(anime, "genres") == "animasu"
    assert record_apply(source="jikan", record=jikan(), anime_id=anime.pk, chosen=chosen).changed == ()
    assert record_apply(source="animasu", record=record, anime_id=anime.pk, chosen=chosen).changed == ()


def test_a_chosen_source_that_says_nothing_takes_nothing_away() -> None:
    made = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    record = AnimeRecord(ids=[], fields={"synopsis": "", "title": ""}, genres=[])
    chosen = dict.fromkeys(("synopsis", "title", "genres"), "animasu")
    assert record_apply(source="animasu", record=record, anime_id=made.anime_id, chosen=chosen).changed == ()
    assert Anime.objects.get().title == "Hoshi no Niwa"


def test_what_staff_locked_stays_even_when_a_source_is_chosen() -> None:
    made = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    anime_update(actor=UserFactory(), anime=Anime.objects.get(), synopsis="By hand.")
    for chosen in ({}, {"synopsis": "jikan"}):
        record_apply(source="jikan", record=jikan(synopsis="New."), anime_id=made.anime_id, chosen=chosen)
    assert Anime.objects.get().synopsis == "By hand."


def test_scores_of_other_sites_stand_beside_each_other() -> None:
    made = record_apply(source="jikan", record=jikan(), anime_id=None, chosen={})
    record = AnimeRecord(ids=[("anilist", "501")], fields={"score": 80.0}, scores=[ScoreDraft("anilist", 80.0, 10)])
    found = record_apply(source="anilist", record=record, anime_id=made.anime_id, chosen={})
    assert found.changed == ("external_scores",)
    assert dict(ExternalScore.objects.values_list("site", "value")) == {"mal": 76.4, "anilist": 80.0}
    assert Anime.objects.get().score == 76.4
    assert record_apply(source="anilist", record=record, anime_id=made.anime_id, chosen={}).changed == ()


def test_a_record_of_another_work_is_refused() -> None:
    anime = AnimeFactory(mal_id=5)
    with pytest.raises(RecordContradicts):
        record_apply(source="jikan", record=jikan(mal_id=6), anime_id=anime.pk, chosen={})
    anime.refresh_from_db()
    assert anime.synopsis != jikan().fields["synopsis"]


def test_no_anime_comes_of_a_record_without_identity_or_of_a_site_with_episodes() -> None:
    with pytest.raises(RecordNameless):
        record_apply(source="anilist", record=AnimeRecord([("anilist", "1")], {"title": "X"}), anime_id=None)
    with pytest.raises(RecordNameless):
        record_apply(source="animasu", record=jikan(), anime_id=None)
    with pytest.raises(NotFound):
        record_apply(source="jikan", record=jikan(), anime_id=404)
    assert not Anime.objects.exists()


def test_a_stub_waits_for_a_source_that_knows_the_work() -> None:
    stub = anime_stubs_create([StubDraft("Somebody's words", (("mal", "1"),))])[0]
    assert record_apply(source="animasu", record=said(synopsis="X"), anime_id=stub).changed == ()
    assert Anime.objects.get().origin == "stub"
    record_apply(source="jikan", record=jikan(), anime_id=stub)
    assert Anime.objects.get().origin == "jikan"
    assert not Title.objects.filter(text="Somebody's words").exists()


def test_a_merged_anime_leads_on() -> None:
    keep = AnimeFactory(synopsis="", mal_id=1)
    gone = AnimeFactory(merged_into=keep)
    assert record_apply(source="jikan", record=jikan(), anime_id=gone.pk).anime_id == keep.pk


def test_the_id_of_another_anime_and_a_relation_to_itself_are_not_written_again_and_again() -> None:
    AnimeFactory(mal_id=1)
    anime = AnimeFactory(synopsis="")
    record = AnimeRecord(ids=[("shikimori", "1"), ("anidb", "9")], fields={"synopsis": "S"})
    assert record_apply(source="kitsu", record=record, anime_id=anime.pk).changed == ("external_ids", "synopsis")
    assert record_apply(source="kitsu", record=record, anime_id=anime.pk).changed == ()
    odd = jikan(mal_id=7, relations=[related("Sequel", 8)])
    made = record_apply(source="jikan", record=odd, anime_id=None)
    assert record_apply(source="jikan", record=odd, anime_id=made.anime_id).changed == ()


def test_fields_that_no_column_has_are_left_out() -> None:
    anime = AnimeFactory(synopsis="")
    record = AnimeRecord(ids=[], fields={"synopsis": "S", "origin": "staff", "visibility": "hidden", "pk": 1})
    assert record_apply(source="kitsu", record=record, anime_id=anime.pk).changed == ("synopsis",)
    anime.refresh_from_db()
    assert (anime.visibility, anime.origin) == ("public", "kitsu")


def test_a_chosen_title_becomes_the_main_one_and_the_former_stays_a_name() -> None:
    made = record_apply(source="jikan", record=jikan(), anime_id=None)
    record = AnimeRecord([], {"title": "Niwa no Hoshi"}, titles=[TitleDraft("Niwa no Hoshi", "ja-Latn", "main")])
    record_apply(source="animasu", record=record, anime_id=made.anime_id, chosen={"title": "animasu"})
    names = dict(Title.objects.filter(text__contains="Niwa", language="ja-Latn").values_list("text", "kind"))
    assert names == {"Niwa no Hoshi": "main", "Hoshi no Niwa": "official"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_anime() -> None:
    found: list[int] = []

    def apply() -> None:
        try:
            found.append(record_apply(source="jikan", record=jikan(), anime_id=None).anime_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Anime.objects.get().pk] * 2
