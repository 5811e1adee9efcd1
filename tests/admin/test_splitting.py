"""Splitting an anime in the admin: counted first, done by admins only, refused in words with nothing changed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from catalog.models import Anime, Relation
from catalog.tests import factories as make
from tests.admin.test_pages import client_of, person

pytestmark = pytest.mark.django_db
PAYLOAD = "<script>alert(1)</script>"


@pytest.fixture
def mixed() -> Anime:
    anime = make.AnimeFactory(title="Hoshi no Niwa", kind="tv", document=True)
    make.TitleFactory(anime=anime, text=f"Garden of Stars II {PAYLOAD}", language="en", kind="official")
    make.ExternalIdFactory(anime=anime, site="anilist", value="77")
    for number in range(1, 5):
        make.EpisodeSourceFactory(episode=make.EpisodeFactory(anime=anime, number=number))
    return anime


def page_of(anime: Anime) -> str:
    return reverse("admin:catalog_anime_split", args=[anime.pk])


def form_of(anime: Anime, **fields: Any) -> dict[str, Any]:
    chosen = {"titles": [row.pk for row in anime.titles.all()], "external_ids": [anime.external_ids.get().pk]}
    new = {"title": "Hoshi no Niwa II", "kind": "tv", "year": "2020", "relation": "sequel"}
    return {**new, **chosen, "episode_kind": "regular", "first": "3", "last": "4", "is_renumbered": "on", **fields}


def split(client: Client, anime: Anime, **fields: Any) -> Any:
    """Look at what goes, then do it."""
    seen = client.post(page_of(anime), form_of(anime, **fields))
    return client.post(page_of(anime), {**form_of(anime, **fields), "seal": seen.context["preview"].seal}, follow=True)


def test_an_anime_links_to_its_split_and_the_page_offers_what_it_has(mixed: Anime) -> None:
    client = client_of(person(Role.ADMIN))
    change = client.get(reverse("admin:catalog_anime_change", args=[mixed.pk])).content.decode()
    body = client.get(page_of(mixed)).content.decode()
    assert f'href="{page_of(mixed)}"' in change
    assert "Garden of Stars II &lt;script&gt;" in body
    assert PAYLOAD not in body
    assert "AniList 77" in body


def test_what_goes_is_counted_before_anything_changes(mixed: Anime) -> None:
    seen = client_of(person(Role.ADMIN)).post(page_of(mixed), form_of(mixed)).context["preview"]
    assert (seen.titles, seen.external_ids, seen.episodes, seen.sources, seen.subtitles) == (1, 1, 2, 2, 0)
    assert Anime.objects.count() == 1


def test_two_come_of_one_and_both_are_linked(mixed: Anime) -> None:
    answer = split(client_of(person(Role.ADMIN)), mixed)
    made = Anime.objects.exclude(pk=mixed.pk).get()
    assert (made.title, made.kind, made.year) == ("Hoshi no Niwa II", "tv", 2020)
    assert list(made.episodes.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert list(mixed.episodes.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert made.external_ids.get().value == "77"
    assert Relation.objects.filter(from_anime=mixed, to_anime=made, kind="sequel").exists()
    told = str(next(iter(answer.context["messages"])))
    for one in (mixed, made):
        assert reverse("admin:catalog_anime_change", args=[one.pk]) in told


def test_what_was_not_looked_at_is_not_done(mixed: Anime) -> None:
    client = client_of(person(Role.ADMIN))
    seal = client.post(page_of(mixed), form_of(mixed)).context["preview"].seal
    again = client.post(page_of(mixed), {**form_of(mixed, first="1"), "seal": seal})
    assert again.context["preview"].episodes == 4
    assert Anime.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("title", " ", "required"),
        ("first", "", "both the first and the last"),
        ("last", "2", "comes before the last"),
        ("first", "-1", "greater than or equal to 0"),
        ("year", "12", "1900"),
        ("relation", "rival", "Select a valid choice"),
        ("titles", ["999999"], "Select a valid choice"),
        ("external_ids", ["x"], "not a valid value"),
    ],
)
def test_bad_input_is_said_beside_its_field(mixed: Anime, field: str, value: Any, word: str) -> None:
    answer = client_of(person(Role.ADMIN)).post(page_of(mixed), form_of(mixed, **{field: value}))
    assert word in answer.content.decode()
    assert answer.context["preview"] is None
    assert Anime.objects.count() == 1


def test_a_refusal_is_shown_and_nothing_changed(mixed: Anime) -> None:
    answer = split(client_of(person(Role.ADMIN)), mixed, first="7", last="9")
    assert "episodes:" in str(next(iter(answer.context["messages"])))
    assert Anime.objects.count() == 1
    assert mixed.titles.count() == 1


def test_a_moderator_may_not_and_a_merged_one_leads_on(mixed: Anime) -> None:
    moderator = client_of(person(Role.MODERATOR))
    change = moderator.get(reverse("admin:catalog_anime_change", args=[mixed.pk])).content.decode()
    assert page_of(mixed) not in change
    assert moderator.get(page_of(mixed)).status_code == 403
    assert moderator.post(page_of(mixed), form_of(mixed)).status_code == 403
    keep = make.AnimeFactory()
    Anime.objects.filter(pk=mixed.pk).update(merged_into=keep)
    admin = client_of(person(Role.ADMIN))
    assert admin.get(page_of(mixed)).url == reverse("admin:catalog_anime_change", args=[keep.pk])
    assert admin.get(reverse("admin:catalog_anime_split", args=[999_999])).status_code == 404
