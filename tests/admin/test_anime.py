"""Anime in the admin: what is saved reaches the documents, is locked, and respects the role."""

import orjson
import pytest
from django.urls import reverse

from accounts.models import Role
from catalog.models import Anime, AnimeDocument, Episode, FieldProvenance, Visibility
from catalog.tests.factories import AnimeFactory, EpisodeFactory, GenreFactory, TitleFactory
from tests.admin.test_pages import client_of, person

LIST = "admin:catalog_anime_changelist"


def form_of(client, anime: Anime) -> dict:
    """The change form's data as a browser would send it back."""
    page = client.get(reverse("admin:catalog_anime_change", args=[anime.pk]))
    data = {}
    for form in [
        page.context["adminform"].form,
        *(f.formset.management_form for f in page.context["inline_admin_formsets"]),
    ]:
        data |= {form.add_prefix(name): form[name].value() for name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        for form in inline.formset.initial_forms:
            data |= {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: value for name, value in data.items() if value is not None}


@pytest.mark.django_db
class TestEditing:
    def test_an_edit_is_locked_and_in_the_document(self) -> None:
        anime, client = AnimeFactory(document=True), client_of(person(Role.ADMIN))
        answer = client.post(
            reverse("admin:catalog_anime_change", args=[anime.pk]), {**form_of(client, anime), "title": "Yoru no Niwa"}
        )
        assert answer.status_code == 302
        card = orjson.loads(AnimeDocument.objects.get(pk=anime.pk).card)
        assert card["title"] == "Yoru no Niwa"
        assert FieldProvenance.objects.get(anime=anime, field="title").is_locked

    def test_inlines_reach_the_document_too(self) -> None:
        anime, client = AnimeFactory(document=True), client_of(person(Role.ADMIN))
        title = TitleFactory(anime=anime, text="Old name")
        data = form_of(client, anime)
        data |= {name: "New name" for name, value in data.items() if value == "Old name"}
        genre = GenreFactory(name="Puppets")
        client.post(reverse("admin:catalog_anime_change", args=[anime.pk]), {**data, "genres": [genre.pk]})
        title.refresh_from_db()
        assert title.text == "New name"
        detail = AnimeDocument.objects.get(pk=anime.pk).detail
        assert "New name" in detail
        assert "Puppets" in detail

    def test_a_name_that_turns_what_follows_round_is_refused(self) -> None:
        anime, client = AnimeFactory(document=True), client_of(person(Role.ADMIN))
        title = TitleFactory(anime=anime, text="Old name")
        data = {
            name: "New\u202eeman" if value == "Old name" else value for name, value in form_of(client, anime).items()
        }
        answer = client.post(reverse("admin:catalog_anime_change", args=[anime.pk]), data)
        title.refresh_from_db()
        assert title.text == "Old name"
        assert "cannot be seen" in answer.content.decode()

    def test_a_moderator_sees_but_does_not_edit(self) -> None:
        anime, client = AnimeFactory(document=True, title="Hoshi"), client_of(person(Role.MODERATOR))
        client.post(reverse("admin:catalog_anime_change", args=[anime.pk]), {"title": "Stolen"})
        anime.refresh_from_db()
        assert anime.title == "Hoshi"

    def test_an_episode_refreshes_its_anime(self) -> None:
        anime = AnimeFactory(document=True)
        episode = EpisodeFactory(anime=anime)
        before = AnimeDocument.objects.get(pk=anime.pk).updated_at
        client_of(person(Role.ADMIN)).post(reverse("admin:catalog_episode_delete", args=[episode.pk]), {"post": "yes"})
        assert not Episode.objects.filter(pk=episode.pk).exists()
        assert AnimeDocument.objects.get(pk=anime.pk).updated_at >= before


@pytest.mark.django_db
class TestActions:
    def act(self, role: str, action: str, rows: list[Anime], **fields: str):
        form = {"action": action, "_selected_action": [str(a.pk) for a in rows], **fields}
        return client_of(person(role)).post(reverse(LIST), form)

    def test_hiding_asks_for_a_reason_first(self) -> None:
        anime = AnimeFactory(document=True)
        asked = self.act(Role.MODERATOR, "hide", [anime])
        assert asked.status_code == 200
        assert b'name="reason"' in asked.content
        anime.refresh_from_db()
        assert anime.visibility == Visibility.PUBLIC

    def test_a_moderator_hides_and_shows_again(self) -> None:
        anime = AnimeFactory(document=True)
        self.act(Role.MODERATOR, "hide", [anime], reason="asked to")
        anime.refresh_from_db()
        assert (anime.visibility, anime.moderation_reason) == (Visibility.HIDDEN, "asked to")
        other = person(Role.ADMIN, "other_admin")
        client_of(other).post(reverse(LIST), {"action": "publish", "_selected_action": [str(anime.pk)]})
        anime.refresh_from_db()
        assert anime.visibility == Visibility.PUBLIC

    def test_restricting_without_a_reason_is_refused(self) -> None:
        anime = AnimeFactory(document=True)
        self.act(Role.MODERATOR, "restrict", [anime], reason="  ")
        anime.refresh_from_db()
        assert anime.visibility == Visibility.PUBLIC

    def test_merging_is_for_admins(self) -> None:
        keep, duplicate = AnimeFactory(document=True), AnimeFactory(document=True)
        EpisodeFactory(anime=duplicate, number=7)
        self.act(Role.MODERATOR, "merge", [keep, duplicate], keep=str(keep.pk))
        duplicate.refresh_from_db()
        assert duplicate.merged_into_id is None
        self.act(Role.ADMIN, "merge", [keep, duplicate], keep=str(keep.pk))
        duplicate.refresh_from_db()
        assert duplicate.merged_into_id == keep.pk
        assert keep.episodes.filter(number=7).exists()

    def test_an_export_runs_no_formula(self) -> None:
        AnimeFactory(title='=HYPERLINK("http://evil")', document=True)
        client = client_of(person(Role.ADMIN))
        page = client.get(reverse("admin:catalog_anime_export"))
        fields = {name: "on" for name in page.context["form"].fields if name.startswith("animeresource_")}
        answer = client.post(reverse("admin:catalog_anime_export"), {"format": "0", "resource": "", **fields})
        assert answer.status_code == 200
        assert b"\"'=HYPERLINK" in answer.content or b"'=HYPERLINK" in answer.content
