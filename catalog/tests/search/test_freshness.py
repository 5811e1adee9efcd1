"""The index follows the database: additions, edits, hiding, deletion, restored databases, other processes, damage."""

import datetime
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from catalog.models import Anime, CatalogChange, Title, Visibility
from catalog.search import changes, freshness, titles_rebuild, titles_refresh, titles_search, titles_suggest
from catalog.search.changes import State
from catalog.search.freshness import LiveIndex
from catalog.search.query import answer
from catalog.search.service import live_index
from catalog.tests.factories import AnimeFactory

pytestmark = pytest.mark.django_db


def changed(*anime: Anime | None) -> None:
    """What a service does after it changed these (None: everything)."""
    for one in anime:
        CatalogChange.objects.create(anime_id=one and one.pk)


def found(query: str, **scope: bool) -> list[int]:
    return [hit.anime_id for hit in titles_search(query, **scope)]


def found_by(index: LiveIndex, query: str) -> list[int]:
    return [hit.anime_id for hit in answer(index.snapshot(), query, limit=20)]


@pytest.fixture
def wing() -> Anime:
    anime = AnimeFactory(title="Aoi Tsubasa")
    Title.objects.create(anime=anime, text="青い翼")
    changed(anime)
    return anime


def test_empty_database_has_nothing() -> None:
    assert found("anything") == []


def test_new_anime_and_its_titles_are_found(wing: Anime) -> None:
    assert found("aoi tsubasa") == found("青い翼") == [wing.pk]
    other = AnimeFactory(title="Midori no Umi")
    changed(other)
    assert found("midori no umi") == [other.pk]


def test_edited_title_is_found_and_the_old_one_is_not(wing: Anime) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    wing.title = "Kuroi Hasami"
    wing.save(update_fields=["title"])
    changed(wing)
    assert found("kuroi hasami") == [wing.pk]
    assert found("aoi tsubasa") == []


def test_hidden_anime_disappears_except_for_staff(wing: Anime) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    Anime.objects.filter(pk=wing.pk).update(visibility=Visibility.HIDDEN)
    changed(wing)
    assert found("aoi tsubasa") == []
    assert found("aoi tsubasa", include_hidden=True) == [wing.pk]
    Anime.objects.filter(pk=wing.pk).update(visibility=Visibility.PUBLIC)
    changed(wing)
    assert found("aoi tsubasa") == [wing.pk]


def test_adult_anime_only_when_asked_for(wing: Anime) -> None:
    Anime.objects.filter(pk=wing.pk).update(is_adult=True)
    changed(wing)
    assert found("aoi tsubasa") == []
    assert found("aoi tsubasa", include_adult=True) == [wing.pk]


def test_deleted_anime_disappears(wing: Anime) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    changed(wing)
    wing.delete()
    assert found("aoi tsubasa") == []


def test_merged_anime_disappears_even_for_staff(wing: Anime) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    keeper = AnimeFactory(title="Midori no Umi")
    Anime.objects.filter(pk=wing.pk).update(merged_into=keeper)
    changed(wing, keeper)
    assert found("aoi tsubasa", include_hidden=True) == []


def test_a_change_of_everything_rebuilds(wing: Anime, search_dir: Path) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    before = (search_dir / "current").read_text()
    AnimeFactory(title="Midori no Umi")
    changed(None)
    assert found("midori no umi")
    assert (search_dir / "current").read_text() != before
    assert len(list(search_dir.glob("titles-*"))) == 1


def test_small_change_does_not_rebuild(wing: Anime, search_dir: Path) -> None:
    assert found("aoi tsubasa")
    before = (search_dir / "current").read_text()
    changed(wing)
    assert found("aoi tsubasa")
    assert (search_dir / "current").read_text() == before


def test_another_database_under_the_same_counter_is_noticed(wing: Anime) -> None:
    """A restored backup, or SQLite handing out an id again after a rollback."""
    assert found("aoi tsubasa") == [wing.pk]
    Anime.objects.filter(pk=wing.pk).update(title="Kuroi Hasami")
    CatalogChange.objects.update(created_at=timezone.now() + datetime.timedelta(seconds=1))
    assert found("kuroi hasami") == [wing.pk]


def test_older_database_is_noticed(wing: Anime) -> None:
    changed(wing, wing)
    assert found("aoi tsubasa") == [wing.pk]
    CatalogChange.objects.order_by("id").last().delete()
    Anime.objects.filter(pk=wing.pk).update(title="Kuroi Hasami")
    assert found("kuroi hasami") == [wing.pk]


def test_pruned_log_is_noticed(wing: Anime) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    CatalogChange.objects.all().delete()
    Anime.objects.filter(pk=wing.pk).update(title="Kuroi Hasami")
    changed(wing)
    assert found("kuroi hasami") == [wing.pk]


def test_an_id_that_commits_late_is_taken_over(wing: Anime, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL: transaction A takes id n, B takes n + 1 and commits first."""
    monkeypatch.setattr(changes, "connection", SimpleNamespace(vendor="postgresql"))
    assert found("aoi tsubasa") == [wing.pk]
    last = CatalogChange.objects.order_by("-id").first().pk
    CatalogChange.objects.create(id=last + 2, anime_id=wing.pk)
    assert found("aoi tsubasa") == [wing.pk]
    late = AnimeFactory(title="Midori no Umi")
    CatalogChange.objects.create(id=last + 1, anime_id=late.pk)
    assert found("midori no umi") == [late.pk]


def test_an_id_that_commits_after_a_rebuild_is_taken_over(wing: Anime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "connection", SimpleNamespace(vendor="postgresql"))
    last = CatalogChange.objects.order_by("-id").first().pk
    CatalogChange.objects.create(id=last + 2, anime_id=wing.pk)
    titles_rebuild()
    late = AnimeFactory(title="Midori no Umi")
    CatalogChange.objects.create(id=last + 1, anime_id=late.pk)
    assert found("midori no umi") == [late.pk]


def test_ids_that_never_come_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "connection", SimpleNamespace(vendor="postgresql"))
    state = State(10, "t", {7: 0.0})
    assert set(changes._late_ids(state, {10, 13}, 13)) == {11, 12}


def test_two_processes_share_one_index(wing: Anime, search_dir: Path) -> None:
    one, two = LiveIndex(search_dir), LiveIndex(search_dir)
    assert found_by(one, "aoi tsubasa") == found_by(two, "aoi tsubasa") == [wing.pk]
    other = AnimeFactory(title="Midori no Umi")
    changed(other)
    assert found_by(one, "midori no umi") == [other.pk]
    with search_dir.joinpath("lock").open() as _:
        assert found_by(two, "midori no umi") == [other.pk]
    one.rebuild()
    changed(wing)
    assert found_by(two, "midori no umi") == [other.pk]


def test_while_another_process_writes_the_old_snapshot_answers(wing: Anime, index: LiveIndex, search_dir: Path) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    other = AnimeFactory(title="Midori no Umi")
    changed(other)
    with LiveIndex(search_dir)._folder.lock(wait=True):
        assert found("midori no umi") == []
        assert found("aoi tsubasa") == [wing.pk]
    assert found("midori no umi") == [other.pk]


def test_large_change_is_left_to_a_thread(wing: Anime, index: LiveIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("aoi tsubasa") == [wing.pk]
    monkeypatch.setattr(freshness, "INLINE_LIMIT", 0)
    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: started.append(thread))
    other = AnimeFactory(title="Midori no Umi")
    changed(other)
    assert found("midori no umi") == []
    assert found("midori no umi") == []
    assert [thread.name for thread in started] == ["title-index"]
    titles_refresh()
    assert found("midori no umi") == [other.pk]


@pytest.mark.parametrize("damage", ["current", "meta.json", "segments", "folder"])
def test_damaged_index_is_built_anew(wing: Anime, search_dir: Path, damage: str) -> None:
    assert found_by(LiveIndex(search_dir), "aoi tsubasa") == [wing.pk]
    generation = search_dir / (search_dir / "current").read_text()
    if damage == "current":
        (search_dir / "current").write_bytes(b"\xff../../nowhere")
    elif damage == "meta.json":
        (generation / "meta.json").write_text('{"segments": [')
    elif damage == "segments":
        for path in [path for path in generation.iterdir() if path.suffix in (".store", ".idx", ".term", ".fast")]:
            path.unlink()  # the index above has it mapped: emptied in place, its next look would end the process
            path.write_bytes(b"")
    else:
        for path in generation.iterdir():
            path.unlink()
        generation.rmdir()
    assert found_by(LiveIndex(search_dir), "aoi tsubasa") == [wing.pk]


def test_index_of_another_version_is_built_anew(wing: Anime, search_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_by(LiveIndex(search_dir), "aoi tsubasa") == [wing.pk]
    before = (search_dir / "current").read_text()
    monkeypatch.setattr(changes, "SCHEMA_VERSION", 999)
    LiveIndex(search_dir).snapshot()
    assert (search_dir / "current").read_text() != before


def test_rebuild_counts_the_anime(wing: Anime) -> None:
    AnimeFactory(title="Midori no Umi", hidden=True)
    assert titles_rebuild() == 2


def test_suggestions_are_few() -> None:
    for number in range(12):
        changed(AnimeFactory(title=f"Kumo no Machi {number}"))
    assert len(titles_suggest("kumo")) == 8
    assert len(titles_search("kumo")) == 12


def test_fresh_search_asks_the_database_once(wing: Anime, django_assert_num_queries: object) -> None:
    found("aoi")
    # One, and exactly one more while ids that other transactions skipped may still appear (State.late).
    late = bool(live_index()._state.late)  # type: ignore[union-attr]
    with django_assert_num_queries(1 + late):  # type: ignore[operator]
        found("aoi")
    with django_assert_num_queries(0):  # type: ignore[operator]
        found("!!")


def test_unwritable_folder_without_an_index_is_an_os_error(wing: Anime, search_dir: Path) -> None:
    search_dir.parent.joinpath("search").write_text("a file is in the way")
    with pytest.raises(OSError, match=r"exists|directory"):
        titles_search("aoi")
