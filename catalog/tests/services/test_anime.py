"""What staff do with an anime."""

import json

import pytest

from catalog.models import AnimeDocument, CatalogChange, FieldProvenance, Title
from catalog.services.anime import anime_create, anime_hide, anime_publish, anime_restrict, anime_update
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
