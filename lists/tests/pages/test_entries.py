"""The forms of one entry: rows, "+1", the menu, the editor; what is wrong in them; what they do not touch."""

import json
import os
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.models import Rating
from catalog.tests.factories import AnimeFactory
from lists.models import EntryTag, ListActivity, ListEntry, ListPreferences, ScoreFormat
from lists.pages.entry_forms import tags_read, tags_text
from lists.tests.pages.shelf import list_fill, page_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def user():
    return UserFactory.create(username="reader")


@pytest.fixture
def own(client: Client, user) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def anime_id(user) -> int:
    return list_fill(user, 1)[0]


def entry_of(user, anime_id: int) -> ListEntry:
    return ListEntry.objects.with_score().get(user=user, anime_id=anime_id)


class TestRow:
    def test_one_more_episode_comes_back_as_a_row_with_undo(self, own: Client, user, anime_id: int) -> None:
        with assert_queries("lists/page row next"):
            html = page_of(own.post(f"/list/{anime_id}/next", {"expected": "4"}, headers=HTMX))
        assert f'id="entry-{anime_id}"' in html
        assert "<b>4</b>" in html
        assert "Episode 4 counted" in html
        activity = ListActivity.objects.get()
        assert f"/list/history/{activity.pk}/undo" in html
        again = page_of(own.post(f"/list/{anime_id}/next", {"expected": "4"}, headers=HTMX))
        assert "Undo" not in again
        assert entry_of(user, anime_id).episodes_watched == 4
        back = page_of(own.post(f"/list/history/{activity.pk}/undo", {"place": "row"}, headers=HTMX))
        assert "<b>3</b>" in back
        assert 'hx-swap-oob="true"' in back
        assert entry_of(user, anime_id).episodes_watched == 3

    def test_a_plain_form_leads_back_and_is_told(self, own: Client, user, anime_id: int) -> None:
        response = own.post(f"/list/{anime_id}/next", {"expected": "4", "next": "/list?sort=title"}, follow=True)
        assert response.redirect_chain == [("/list?sort=title", 302)]
        html = page_of(response)
        assert "Episode 4 counted" in html
        assert 'class="button button-small toast-undo"' in html

    def test_it_never_leads_to_another_site(self, own: Client, anime_id: int) -> None:
        words = ("abc", "%00", "home", "1e400", "next page")
        for address in ("//evil.example", "https://evil.example/", "javascript:alert(1)", *words):
            assert own.post(f"/list/{anime_id}/next", {"next": address})["Location"] == "/list"

    def test_the_last_episode_completes_and_there_is_no_next(self, own: Client, user, anime_id: int) -> None:
        ListEntry.objects.update(episodes_watched=11)
        html = page_of(own.post(f"/list/{anime_id}/next", {"expected": "12"}, headers=HTMX))
        assert "completed" in html
        assert "+1" not in html.split('class="toast')[0]
        assert own.post(f"/list/{anime_id}/next", headers=HTMX).status_code == 409
        refusal = own.post(f"/list/{anime_id}/next", follow=True)
        assert "All episodes are counted already" in page_of(refusal)

    def test_only_what_changed_is_taken(self, own: Client, user, anime_id: int) -> None:
        was = json.dumps({"status": "watching", "score": ""})
        ListEntry.objects.update(status="on_hold")  # on another device, after this page was drawn
        own.post(f"/list/{anime_id}/row", {"was": was, "status": "watching", "score": "7.5"}, headers=HTMX)
        entry = entry_of(user, anime_id)
        assert (entry.status, entry.score) == ("on_hold", 75)

    def test_what_is_not_on_the_list_is_not_found(self, own: Client) -> None:
        anime = AnimeFactory(document=True)
        assert own.post(f"/list/{anime.pk}/row", {"score": "7"}, headers=HTMX).status_code == 404
        assert own.post("/list/999999/row", {"score": "7"}, headers=HTMX).status_code == 404
        assert own.post(f"/list/{2**70}/next", headers=HTMX).status_code == 404
        assert not ListEntry.objects.exists()

    @pytest.mark.parametrize(
        ("score_format", "good", "stored", "bad"),
        [
            (ScoreFormat.POINT_10, "8", 80, ("11", "7.5", "-1", "x", "1e1000000")),
            (ScoreFormat.POINT_10_DECIMAL, "7,5", 75, ("10.1", "7.55", "nan", "-0.1")),
            (ScoreFormat.POINT_100, "75", 75, ("101", "7.5", "inf")),
            (ScoreFormat.POINT_5, "4", 80, ("6", "3.5")),
            (ScoreFormat.POINT_3, "3", 85, ("4", "0.5", ":)")),
        ],
    )
    def test_scores_in_each_format(
        self, own: Client, user, anime_id: int, score_format: str, good: str, stored: int, bad: tuple[str, ...]
    ) -> None:
        ListPreferences.objects.create(user=user, score_format=score_format)
        own.post(f"/list/{anime_id}/row", {"score": good}, headers=HTMX)
        assert entry_of(user, anime_id).score == stored
        for raw in bad:
            response = own.post(f"/list/{anime_id}/row", {"score": raw}, headers=HTMX)
            assert response.status_code == 422, raw
            assert "score" in response.json()["fields"]
        assert entry_of(user, anime_id).score == stored
        own.post(f"/list/{anime_id}/row", {"score": ""}, headers=HTMX)
        assert entry_of(user, anime_id).score is None

    def test_an_unknown_status_is_refused(self, own: Client, user, anime_id: int) -> None:
        assert own.post(f"/list/{anime_id}/row", {"status": "finished"}, headers=HTMX).status_code == 422
        assert "One of" in page_of(own.post(f"/list/{anime_id}/row", {"status": "finished"}, follow=True))
        assert entry_of(user, anime_id).status == "watching"


class TestMenu:
    def test_it_saves_all_it_shows(self, own: Client, user) -> None:
        anime = AnimeFactory(document=True)
        html = page_of(own.get(f"/anime/{anime.pk}-{anime.slug}"))
        assert "Add to list" in html
        form = {"was": '{"status": ""}', "status": "watching", "score": "6.4", "is_favourite": "on", "notes": "a\r\nb"}
        answer = page_of(own.post(f"/anime/{anime.pk}/list", form, headers=HTMX))
        assert 'id="list-menu"' in answer
        assert "Undo" in answer
        entry = entry_of(user, anime.pk)
        assert (entry.status, entry.score, entry.is_favourite, entry.notes) == ("watching", 64, True, "a\nb")
        was = json.dumps(
            {"status": "watching", "score": "6.4", "is_favourite": "on", "is_private": "", "notes": "a\nb"}
        )
        own.post(f"/anime/{anime.pk}/list", {"was": was, "status": "watching", "score": "6.4", "notes": "a\r\nb"})
        entry = entry_of(user, anime.pk)
        assert (entry.is_favourite, entry.notes) == (False, "a\nb")

    def test_plus_and_rewatch(self, own: Client, user, anime_id: int) -> None:
        answer = page_of(own.post(f"/list/{anime_id}/next", {"expected": "4", "place": "menu"}, headers=HTMX))
        assert '<details class="menu menu-start" id="list-menu" open' in answer
        ListEntry.objects.update(status="completed", episodes_watched=12)
        anime = ListEntry.objects.get().anime
        assert 'value="rewatching">' in page_of(own.get(f"/anime/{anime.pk}-{anime.slug}"))
        own.post(f"/anime/{anime_id}/list", {"was": '{"status": "completed"}', "status": "rewatching"})
        entry = entry_of(user, anime_id)
        assert (entry.status, entry.episodes_watched) == ("rewatching", 0)

    def test_taking_it_off_can_be_undone(self, own: Client, user, anime_id: int) -> None:
        Rating.objects.create(user=user, anime_id=anime_id, score=70)
        own.post(f"/anime/{anime_id}/list", {"status": "none"}, headers=HTMX)
        assert not ListEntry.objects.exists()
        activity = ListActivity.objects.get()
        html = page_of(own.post(f"/list/history/{activity.pk}/undo", {"place": "menu"}, headers=HTMX))
        assert 'hx-swap-oob="true"' in html
        assert entry_of(user, anime_id).score == 70


class TestEditor:
    FORM = {
        "status": "completed",
        "score": "9.5",
        "episodes_watched": "12",
        "rewatch_count": "1",
        "started_on": "2024",
        "finished_on": "2024-05-17",
        "notes": "Fine.",
        "tags": 'cosy, "slice, of life"',
        "is_private": "on",
    }

    def test_every_field_is_saved(self, own: Client, user, anime_id: int) -> None:
        with assert_queries("lists/page entry"):
            assert own.get(f"/list/{anime_id}/edit").status_code == 200
        response = own.post(f"/list/{anime_id}/edit", {**self.FORM, "next": "/list"})
        assert (response.status_code, response["Location"]) == (302, "/list")
        entry = entry_of(user, anime_id)
        found = (entry.status, entry.score, entry.rewatch_count, entry.started_on, entry.finished_on, entry.is_private)
        assert found == ("completed", 95, 1, "2024", "2024-05-17", True)
        assert sorted(EntryTag.objects.values_list("name", flat=True)) == ["cosy", "slice, of life"]
        html = page_of(own.get(f"/list/{anime_id}/edit"))
        assert 'value="cosy,&quot;slice, of life&quot;"' in html

    def test_nothing_typed_is_lost_on_an_error(self, own: Client, user, anime_id: int) -> None:
        wrong = {**self.FORM, "score": "12", "episodes_watched": "13", "started_on": "soon", "notes": "n" * 501}
        response = own.post(f"/list/{anime_id}/edit", wrong)
        html = page_of(response)
        assert response.status_code == 422
        for part in ('value="12"', 'value="soon"', "n" * 501):
            assert part in html, part
        for name in ("score", "episodes", "started", "notes"):
            assert f'id="wrong-{name}"' in html, "all that is wrong is said at once"
        right_score = page_of(own.post(f"/list/{anime_id}/edit", {**wrong, "score": "9"}))
        for name in ("episodes", "started", "notes"):
            assert f'id="wrong-{name}"' in right_score
        assert entry_of(user, anime_id).status == "watching"

    def test_a_tag_without_end_is_refused(self, own: Client, user, anime_id: int) -> None:
        assert own.post(f"/list/{anime_id}/edit", {"tags": "x" * 140_000}).status_code == 422
        form = {"anime": [anime_id], "add_tags": "x" * 140_000}
        assert "At most 50 characters" in page_of(own.post("/list/bulk", form, follow=True))
        assert not EntryTag.objects.filter(entry__user=user).exists()

    def test_in_a_dialog_it_answers_pieces(self, own: Client, user, anime_id: int) -> None:
        inside = page_of(own.get(f"/list/{anime_id}/edit?place=row", headers=HTMX))
        assert "<html" not in inside
        bad = own.post(f"/list/{anime_id}/edit", {"place": "row", "score": "99"}, headers=HTMX)
        assert bad.status_code == 422
        assert 'hx-target="#entry-dialog"' in page_of(bad)
        good = own.post(f"/list/{anime_id}/edit", {"place": "row", "score": "9"}, headers=HTMX)
        assert good["HX-Retarget"] == f"#entry-{anime_id}"
        assert json.loads(good["HX-Trigger"]) == {"lists:saved": anime_id}
        gone = own.post(f"/list/{anime_id}/edit", {"place": "row", "delete": "1"}, headers=HTMX)
        assert gone["HX-Reswap"] == "delete"
        assert not ListEntry.objects.exists()

    def test_imported_notes_that_are_longer_stay(self, own: Client, user, anime_id: int) -> None:
        ListEntry.objects.update(notes="long\n" * 300)
        html = page_of(own.get(f"/list/{anime_id}/edit"))
        was = html.split('name="was" value="')[1].split('"')[0].replace("&quot;", '"')
        form = {"was": was, **self.FORM, "notes": "long\r\n" * 300}
        assert own.post(f"/list/{anime_id}/edit", form).status_code == 302
        assert ListEntry.objects.get().notes == "long\n" * 300
        assert own.post(f"/list/{anime_id}/edit", {**form, "notes": "longer" * 300}).status_code == 422

    def test_of_another_nothing_is_seen_or_changed(self, client: Client, user, anime_id: int) -> None:
        ListEntry.objects.update(notes="only mine")
        client.force_login(UserFactory.create())
        assert "only mine" not in page_of(client.get(f"/list/{anime_id}/edit"))
        client.post(f"/list/{anime_id}/edit", self.FORM)
        client.post(f"/list/{anime_id}/edit", {"delete": "1"})
        assert entry_of(user, anime_id).notes == "only mine"

    def test_hidden_anime_are_not_found(self, own: Client) -> None:
        hidden = AnimeFactory(hidden=True, document=True)
        assert own.get(f"/list/{hidden.pk}/edit").status_code == 410
        assert own.get("/list/99999999/edit").status_code == 404


def test_forms_need_their_token(user, anime_id: int) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    for path in (f"/list/{anime_id}/row", f"/list/{anime_id}/next", f"/list/{anime_id}/edit", "/list/bulk"):
        assert client.post(path, {"anime": anime_id, "remove": "1", "status": "dropped"}).status_code == 403, path
    assert entry_of(user, anime_id).status == "watching"


@pytest.mark.parametrize("tags", [["a", "b"], ["slice, of life", "x"], ['5" disk', "y"], []])
def test_tags_go_there_and_back(tags: list[str]) -> None:
    assert tags_read(tags_text(tags)) == tags


@pytest.mark.data
def test_naughty_strings_stay_texts(own: Client, user) -> None:
    """As notes and as tags, typed through the form; the pages that show them hold no element of theirs."""
    strings: list[str] = json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text())
    texts = [text for text in strings if "<" in text or "&" in text or "'" in text][:100]
    ids = list_fill(user, len(texts))
    harmless = _elements(page_of(own.get("/list")))
    for anime_id, text in zip(ids, texts, strict=True):
        ListEntry.objects.filter(anime_id=anime_id).update(notes=text)
        EntryTag.objects.create(entry=ListEntry.objects.get(anime_id=anime_id), name=text[:50])
    html = page_of(own.get("/list"))
    found = _elements(html)
    for name in ("script", "iframe", "img", "style", "link", "body", "input"):
        assert found[name] == harmless[name], name
    assert not [value for value in found if value.startswith("on")]
    edit_harmless = _elements(page_of(own.get(f"/list/{ids[-1]}/edit")))
    for text in texts[:20]:
        answer = own.post(f"/list/{ids[0]}/edit", {"notes": text, "tags": text})
        assert answer.status_code in (302, 422)
        assert _elements(page_of(own.get(f"/list/{ids[0]}/edit")))["script"] == edit_harmless["script"]


def _elements(html: str) -> Counter[str]:
    """How often each element stands on the page, and each attribute that runs a script ("on…")."""

    class Elements(HTMLParser):
        found: Counter[str] = Counter()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found[tag] += 1
            self.found.update(name for name, _ in attrs if name.startswith("on"))

    parser = Elements()
    parser.found = Counter()
    parser.feed(html)
    return parser.found
