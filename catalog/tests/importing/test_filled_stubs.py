"""A stub that a source fills: of what a stranger's file said of it only what the source says too stays."""

from pathlib import Path

import pytest

from catalog.importing.runs import Importer
from catalog.models import Anime, ExternalId, FieldProvenance, Title
from catalog.services.anime import anime_update, fields_lock
from catalog.services.stubs import StubDraft, anime_stubs_create
from catalog.tests.factories import UserFactory
from catalog.tests.importing.records import jikan_record, lines_write
from catalog.tests.pages.shelf import text_of

pytestmark = pytest.mark.django_db
STRANGERS_WORD = "Buy my pills"


def run(folder: Path, **changes: object) -> dict:
    path = lines_write(folder / "a.jsonl", jikan_record(**changes))
    return Importer(format="jikan", path=path, episodes_path=None, is_dry=False).import_all()


def stub(*ids: tuple[str, str]) -> Anime:
    return Anime.objects.get(pk=anime_stubs_create([StubDraft(STRANGERS_WORD, ids)])[0])


def ids_of(anime: Anime) -> set[tuple[str, str]]:
    return set(ExternalId.objects.filter(anime=anime).values_list("site", "value"))


def test_ids_that_the_source_does_not_say_go(tmp_path: Path) -> None:
    made = stub(("mal", "1"), ("shikimori", "1"), ("anidb", "77"), ("tmdb", "tv/5"))
    summary = run(tmp_path)
    assert summary["changed"] == 1
    assert ids_of(made) >= {("mal", "1"), ("shikimori", "1")}
    assert not ids_of(made) & {("anidb", "77"), ("tmdb", "tv/5")}
    made.refresh_from_db()
    assert made.origin == "jikan"


def test_what_is_added_later_stays(tmp_path: Path) -> None:
    made = stub(("mal", "1"), ("anidb", "77"))
    run(tmp_path)
    ExternalId.objects.create(anime=made, site="anidb", value="78")
    assert run(tmp_path)["unchanged"] == 1
    assert run(tmp_path, episodes=13)["changed"] == 1
    assert ("anidb", "78") in ids_of(made)


def test_names_that_the_source_does_not_say_go(tmp_path: Path, client) -> None:
    made = stub(("mal", "1"))
    run(tmp_path)
    assert not Title.objects.filter(text=STRANGERS_WORD).exists()
    assert Title.objects.filter(anime=made, kind="main").get().text == "Hoshi no Niwa"
    assert STRANGERS_WORD not in text_of(client.get(f"/anime/{made.pk}", follow=True))


def test_a_name_that_the_source_says_too_is_there_once(tmp_path: Path) -> None:
    (pk,) = anime_stubs_create([StubDraft("Garden of Stars", (("mal", "1"),))])
    run(tmp_path)
    assert Title.objects.filter(anime=pk, text="Garden of Stars").count() == 1


class TestFilledByStaff:
    def test_identities_wait_for_a_source_and_weak_ids_go(self, tmp_path: Path) -> None:
        made = stub(("mal", "1"), ("anidb", "77"), ("kitsu", "5"))
        made = anime_update(actor=UserFactory(), anime=made, synopsis="Staff know it.")
        assert ids_of(made) == {("mal", "1")}
        ExternalId.objects.create(anime=made, site="kitsu", value="6")
        run(tmp_path)
        assert ids_of(made) & {("mal", "1"), ("kitsu", "6")} == {("mal", "1")}
        assert FieldProvenance.objects.get(anime=made, field="external_ids").source == "jikan"
        ExternalId.objects.create(anime=made, site="kitsu", value="7")
        run(tmp_path, episodes=13)
        assert ("kitsu", "7") in ids_of(made)

    def test_ids_that_staff_locked_are_theirs(self, tmp_path: Path) -> None:
        made, staff = stub(("mal", "1"), ("anidb", "77")), UserFactory()
        fields_lock(anime=made, names=["external_ids"], actor=staff)
        made = anime_update(actor=staff, anime=made, synopsis="Staff know it.")
        run(tmp_path)
        assert ids_of(made) == {("mal", "1"), ("anidb", "77")}
