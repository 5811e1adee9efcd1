"""What staff do with an anime."""

import json

import pytest

from catalog.importing.records import StudioDraft, TitleDraft
from catalog.models import Anime, AnimeDocument, CatalogChange, FieldProvenance, Title
from catalog.services.anime import anime_create, anime_hide, anime_publish, anime_restrict, anime_update
from catalog.services.anime_labels import Collections, anime_describe
from catalog.services.relations import relation_add, relation_remove
from catalog.tests import factories as make
from core.errors import Conflict, ValidationFailed

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make.UserFactory()


def card_of(anime):
    return json.loads(AnimeDocument.objects.get(anime=anime).card)


def test_an_edit_is_stored_locked_and_seen(actor):
    anime = make.AnimeFactory(title="Hoshi no Niwa", document=True)
    anime_update(actor=actor, anime=anime, title="Kumo no Niwa", episode_count=12, year=2021)
    assert (card_of(anime)["title"], card_of(anime)["year"]) == ("Kumo no Niwa", 2021)
    locks = FieldProvenance.objects.filter(anime=anime, source="staff", is_locked=True, set_by=actor)
    assert set(locks.values_list("field", flat=True)) == {"title", "year"}
    assert list(CatalogChange.objects.values_list("anime_id", flat=True)) == [anime.pk]


def test_an_edit_of_nothing_is_nothing(actor):
    anime = make.AnimeFactory(year=2020)
    anime_update(actor=actor, anime=anime, year=2020)
    assert not FieldProvenance.objects.exists()
    assert not CatalogChange.objects.exists()


def test_a_new_main_title_joins_the_names_and_the_former_stays(actor):
    anime = make.AnimeFactory(title="Hoshi")
    make.TitleFactory(anime=anime, text="Hoshi", language="ja-Latn", kind="main")
    anime_update(actor=actor, anime=anime, title="Kumo", title_english="Cloud", title_native="雲")
    assert set(Title.objects.values_list("text", "language", "kind")) == {
        ("Hoshi", "ja-Latn", "official"),
        ("Kumo", "ja-Latn", "main"),
        ("Cloud", "en", "official"),
        ("雲", "ja", "official"),
    }


@pytest.mark.parametrize(
    "fields", [{"visibility": "hidden"}, {"score": 99}, {"kind": "opera"}, {"title": ""}, {"colour": "#12345678"}]
)
def test_what_may_not_be_set_is_refused_and_nothing_changes(actor, fields):
    anime = make.AnimeFactory(title="Hoshi")
    with pytest.raises(ValidationFailed) as refused:
        anime_update(actor=actor, anime=anime, **fields)
    assert set(refused.value.extra["fields"]) == set(fields)
    anime.refresh_from_db()
    assert (anime.title, anime.visibility, anime.score) == ("Hoshi", "public", 75.0)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Hoshi \u202eawiN"},
        {"title_english": "Garden\u200b"},
        {"title_native": "\u3164"},
        {"synopsis": "A garden.\x07"},
        {"poster_url": "ftp://images.example.org/1.jpg"},
        {"poster_url": "javascript:alert(1)"},
        {"poster_url": "http://10.0.0.1/1.jpg"},
        {"poster_url": "http://[::1]/1.jpg"},
        {"poster_url": "http://0x7f.1/1.jpg"},
        {"banner_url": "http://localhost/1.jpg"},
        {"banner_url": "http://printer.local/1.jpg"},
        {"trailer_url": "https://me:secret@videos.example.org/1"},
    ],
)
def test_what_cannot_be_seen_and_addresses_of_private_networks_are_refused(actor, fields):
    for write in (
        lambda: anime_create(actor=actor, **{"title": "Kumo", **fields}),
        lambda: anime_update(actor=actor, anime=make.AnimeFactory(title="Hoshi"), **fields),
    ):
        with pytest.raises(ValidationFailed) as refused:
            write()
        assert set(refused.value.extra["fields"]) == set(fields)
    assert list(Anime.objects.values_list("title", flat=True)) == ["Hoshi"]


def test_what_an_import_brought_keeps_nobody_from_another_field(actor):
    brought = {"title": "Hoshi\u200b", "synopsis": "A\u200b\ngarden", "poster_url": "http://10.0.0.1/1.jpg"}
    anime = make.AnimeFactory(slug="hoshi", **brought)
    brought["synopsis"] = "A\u200b\r\ngarden"  # as a form sends it back
    anime_update(actor=actor, anime=anime, **brought, title_english=" Garden  of\tStars ", year=2021)
    anime.refresh_from_db()
    assert (anime.title, anime.title_english, anime.year) == ("Hoshi\u200b", "Garden of Stars", 2021)
    assert set(FieldProvenance.objects.values_list("field", flat=True)) == {"title_english", "year"}


def test_other_names_and_studios_are_cleaned_too(actor):
    anime = make.AnimeFactory(title="Hoshi")
    for given in (
        Collections(titles=[TitleDraft("Niwa\u202e", "en", "synonym")]),
        Collections(studios=[StudioDraft("Studio\u200b", "studio")]),
    ):
        with pytest.raises(ValidationFailed):
            anime_describe(actor=actor, anime=anime, fields={}, collections=given)
    given = Collections(titles=[TitleDraft("Star  Garden", "en", "synonym")])
    anime_describe(actor=actor, anime=anime, fields={}, collections=given)
    assert list(anime.titles.filter(language="en").values_list("text", flat=True)) == ["Star Garden"]


def test_an_anime_by_staff(actor):
    anime = anime_create(actor=actor, title="星の庭", title_english="Garden of Stars", kind="movie")
    assert (anime.slug, anime.origin, card_of(anime)["type"]) == ("garden-of-stars", "staff", "movie")
    assert FieldProvenance.objects.filter(anime=anime, is_locked=True).count() == 3
    with pytest.raises(ValidationFailed):
        anime_create(actor=actor, kind="movie")


def test_hiding_takes_it_out_of_the_documents_of_others(actor):
    anime, other = make.AnimeFactory(document=True), make.AnimeFactory(document=True)
    relation_add(actor=actor, from_anime=other, to_anime=anime, kind="sequel")
    assert json.loads(AnimeDocument.objects.get(anime=other).detail)["relations"]
    anime_hide(actor=actor, anime=anime, reason=" Taken down ")
    anime.refresh_from_db()
    assert (anime.visibility, anime.moderation_reason) == ("hidden", "Taken down")
    assert card_of(anime)["visibility"] == "hidden"
    assert json.loads(AnimeDocument.objects.get(anime=other).detail)["relations"] == []
    anime_publish(actor=actor, anime=anime)
    anime.refresh_from_db()
    assert (anime.visibility, anime.moderation_reason) == ("public", "")
    assert json.loads(AnimeDocument.objects.get(anime=other).detail)["relations"]


def test_restricting_needs_a_reason(actor):
    anime = make.AnimeFactory()
    with pytest.raises(ValidationFailed):
        anime_restrict(actor=actor, anime=anime, reason="  ")
    anime_restrict(actor=actor, anime=anime, reason="Licensed here")
    assert card_of(anime)["visibility"] == "player_restricted"


def test_relations_come_and_go_with_their_inverse(actor):
    first, second = make.AnimeFactory(), make.AnimeFactory()
    relation = relation_add(actor=actor, from_anime=first, to_anime=second, kind="sequel")
    assert list(second.relations.values_list("to_anime_id", "kind")) == [(first.pk, "prequel")]
    assert FieldProvenance.objects.filter(field="relations", is_locked=True).count() == 2
    relation_remove(actor=actor, relation=relation)
    assert not first.relations.exists()
    assert not second.relations.exists()
    with pytest.raises(Conflict):
        relation_add(actor=actor, from_anime=first, to_anime=first, kind="sequel")
