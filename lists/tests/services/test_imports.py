"""Bringing a list in: matched, compared, applied, told, taken back."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.facade import ratings_of
from catalog.models import Anime, ExternalId
from catalog.tests.factories import AnimeFactory, UserFactory
from core.errors import NotFound, ValidationFailed
from core.jobs.services import job_run
from core.models import Job
from lists.errors import ImportExpired, ImportNotReady, ImportRunning
from lists.importing.errors import ListFileTooLarge
from lists.importing.file_reasons import FILE_REASONS
from lists.models import ListActivity, ListEntry, ListImport, ListImportRow
from lists.models.imports import private_storage
from lists.selectors.imports import imports_shown
from lists.services import entry_remove, entry_set, import_reading
from lists.services import imports as services
from lists.services.stored_states import states_of
from lists.tests.importing.mal_files import mal_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def brought(user, lines: list[dict[str, Any]] | bytes, name: str = "list.xml") -> ListImport:
    """Uploaded and read."""
    data = lines if isinstance(lines, bytes) else mal_file(lines)
    return work(services.import_start(user=user, file=io.BytesIO(data), file_name=name))


def work(list_import: ListImport) -> ListImport:
    """The job of an import done, as a worker does it."""
    job_run(job_id=list_import.job_id)
    list_import.refresh_from_db()
    return list_import


def applied(list_import: ListImport, rule: str = "newest") -> ListImport:
    return work(services.import_apply(list_import=list_import, rule=rule))


def row_of(list_import: ListImport, position: int) -> ListImportRow:
    return list_import.rows.get(position=position)


def state_of(user, anime):
    return states_of(user, list(ListEntry.objects.filter(user=user, anime=anime))).get(anime.pk)


def list_of(user) -> dict[int, Any]:
    return states_of(user, list(ListEntry.objects.filter(user=user)))


def uploads() -> set[str]:
    """The files that wait to be read."""
    storage = private_storage()
    return set(storage.listdir("list-imports")[1]) if storage.exists("list-imports") else set()


class TestReading:
    def test_each_line_gets_its_outcome(self, user) -> None:
        kept = uploads()
        for number in range(1, 6):
            AnimeFactory(mal_id=number, episode_count=12)
        anime = {row.value: row.anime_id for row in ExternalId.objects.filter(site="mal")}
        entry_set(user=user, anime_id=anime["2"], status="planned")
        entry_set(user=user, anime_id=anime["3"], status="watching", episodes_watched=3, started_on="2024-01-01")
        entry_set(user=user, anime_id=anime["4"], status="dropped", score=20)
        before = list_of(user)
        found = brought(
            user,
            [
                {"id": 1, "status": "Completed", "episodes": 30},
                {"id": 2},
                {"id": 3, "status": "Watching", "episodes": 3, "score": 8},
                {"id": 4, "status": "Dropped", "score": 9},
                {"id": 987654, "title": "Nobody knows it"},
                {"id": 5, "status": "No such status"},
            ],
        )
        assert found.state == "previewed", found.error_detail
        assert [row.outcome for row in found.rows.order_by("position")] == [
            "new", "same", "changed", "conflict", "unknown", "error",
        ]  # fmt: skip
        assert row_of(found, 1).reason == "beyond_count"
        assert row_of(found, 4).diff == {"score": [20, 90]}
        assert found.counts["rules"]["theirs"] == {"changed": 2, "kept": 0}
        assert found.counts["rules"]["mine"] == {"changed": 1, "kept": 1}
        assert (found.counts["has_times"], found.counts["warnings"]) == (False, 1)
        assert list_of(user) == before
        assert not found.file
        assert uploads() == kept

    def test_a_merged_anime_is_followed_and_counts_once(self, user) -> None:
        kept = AnimeFactory(mal_id=1)
        ExternalId.objects.create(anime=kept, site="mal", value="2")
        found = brought(user, [{"id": 1, "status": "Completed"}, {"id": 2, "status": "Watching"}])
        assert [(row.outcome, row.reason) for row in found.rows.order_by("position")] == [
            ("new", ""),
            ("error", "duplicate"),
        ]

    def test_what_is_hidden_is_not_taken(self, user) -> None:
        AnimeFactory(mal_id=1, visibility="hidden")
        assert row_of(brought(user, [{"id": 1}]), 1).reason == "hidden"

    @pytest.mark.parametrize("data", [b"", b"{", b"<myanimelist><anime>", b"\x00\xff" * 40])
    def test_a_broken_file_fails_with_its_reason(self, user, data: bytes) -> None:
        before = uploads()
        found = brought(user, data)
        assert (found.state, found.error_code) == ("failed", "list_file_unreadable")
        assert found.error_reason in FILE_REASONS
        assert not found.rows.exists()
        assert uploads() == before

    def test_a_file_too_large_is_not_stored(self, user, monkeypatch) -> None:
        monkeypatch.setattr(services, "UPLOAD_BYTES", 10)
        with pytest.raises(ListFileTooLarge):
            services.import_start(user=user, file=io.BytesIO(b"x" * 11), file_name="x")
        assert not ListImport.objects.exists()

    def test_one_at_a_time(self, user) -> None:
        first = services.import_start(user=user, file=io.BytesIO(mal_file([])), file_name="a")
        with pytest.raises(ImportRunning) as refused:
            services.import_start(user=user, file=io.BytesIO(b"x"), file_name="b")
        assert refused.value.extra == {"import_id": str(first.pk)}
        with pytest.raises(ImportRunning):
            services.import_discard(list_import=first)
        Job.objects.update(state="failed")  # a dead job stands in nobody's way
        assert imports_shown([first])[0].state == "failed"
        services.import_start(user=user, file=io.BytesIO(b"x"), file_name="../../etc/pass\x00wd")
        assert ListImport.objects.filter(file_name="passwd").exists()


class TestApplying:
    def test_new_entries_are_as_the_file_says(self, user) -> None:
        anime = AnimeFactory(mal_id=1, episode_count=12)
        found = applied(
            brought(
                user,
                [{"id": 1, "status": "Completed", "episodes": 30, "score": 7, "finish": "2020-05-00", "tags": "b, a"}],
            )
        )
        assert found.state == "applied"
        assert found.counts["applied"] == {"applied": 1}
        state = state_of(user, anime)
        assert (state.status, state.score, state.episodes_watched) == ("completed", 70, 30)
        assert (state.finished_on, state.started_on, state.tags) == ("2020-05", "", ("a", "b"))
        activity = ListActivity.objects.get()
        assert (activity.kind, activity.source, activity.batch) == ("added", "import", found.pk)
        assert activity.changes["status"] == [None, "completed"]

    def test_unknown_titles_become_stubs_once(self, user) -> None:
        lines = [{"id": 777, "title": "A title of tomorrow", "status": "Watching", "episodes": 2, "count": 24}]
        applied(brought(user, lines))
        stub = Anime.objects.get(external_ids__site="mal", external_ids__value="777")
        assert (stub.title, stub.episode_count) == ("A title of tomorrow", 24)
        assert state_of(user, stub).episodes_watched == 2
        again = brought(user, lines)
        assert again.counts["same"] == 1
        assert applied(again, "theirs").counts["applied"] == {"kept": 1}
        assert Anime.objects.filter(title="A title of tomorrow").count() == 1
        assert ListActivity.objects.count() == 1

    def test_a_line_may_be_decided_by_itself(self, user) -> None:
        a, b, c = (AnimeFactory(mal_id=n) for n in (1, 2, 3))
        for anime in (a, b):
            entry_set(user=user, anime_id=anime.pk, status="watching", score=10)
        found = brought(
            user,
            [
                {"id": 1, "status": "Watching", "score": 9},
                {"id": 2, "status": "Watching", "score": 9},
                {"id": 3},
                {"id": 4, "title": "Unheard of"},
            ],
        )
        services.row_choose(list_import=found, position=2, choice="mine")
        services.row_choose(list_import=found, position=3, choice="skip")
        known = AnimeFactory()
        services.row_choose(list_import=found, position=4, anime_id=known.pk, is_anime_said=True)
        applied(found, "theirs")
        assert (state_of(user, a).score, state_of(user, b).score, state_of(user, c)) == (90, 10, None)
        assert state_of(user, known).status == "planned"
        assert row_of(found, 3).state == "skipped"
        with pytest.raises(ImportNotReady):
            services.row_choose(list_import=found, position=1, choice="mine")

    def test_bad_choices(self, user) -> None:
        AnimeFactory(mal_id=1)
        found = brought(user, [{"id": 1}, {"id": 2, "title": "X"}])
        with pytest.raises(ValidationFailed):
            services.row_choose(list_import=found, position=1, choice="nothing")
        with pytest.raises(ValidationFailed):
            services.row_choose(list_import=found, position=1, anime_id=None, is_anime_said=True)
        with pytest.raises(NotFound):
            services.row_choose(list_import=found, position=9, choice="skip")
        with pytest.raises(NotFound):
            services.row_choose(list_import=found, position=2, anime_id=2**31 - 1, is_anime_said=True)

    def test_compared_with_the_entry_as_it_is_when_applied(self, user) -> None:
        anime = AnimeFactory(mal_id=1)
        found = brought(user, [{"id": 1, "status": "Watching", "episodes": 5}])
        entry_set(user=user, anime_id=anime.pk, status="watching", episodes_watched=7)
        applied(found, "highest")
        assert state_of(user, anime).episodes_watched == 7
        assert row_of(found, 1).state == "kept"

    def test_a_second_apply_is_refused(self, user) -> None:
        found = brought(user, [{"id": 1}])
        services.import_apply(list_import=found, rule="mine")
        with pytest.raises(ImportRunning):
            services.import_apply(list_import=found, rule="theirs")
        work(ListImport.objects.get(pk=found.pk))
        with pytest.raises(ImportNotReady):
            services.import_apply(list_import=found, rule="theirs")

    def test_what_a_dead_worker_left_goes_on(self, user, monkeypatch) -> None:
        from lists.services import import_apply

        monkeypatch.setattr(import_apply, "MOST", 2)
        for number in range(1, 6):
            AnimeFactory(mal_id=number)
        found = brought(user, [{"id": n, "status": "Watching", "episodes": n} for n in range(1, 6)])
        services.import_apply(list_import=found, rule="theirs")
        assert import_apply.chunk_apply(list_import=found) == 2  # and then the worker died
        Job.objects.update(state="failed")
        found.refresh_from_db()
        assert imports_shown([found])[0].is_stopped
        found = applied(found, "mine")
        assert (found.state, found.rule, found.counts["applied"]) == ("applied", "theirs", {"applied": 5})
        assert ListActivity.objects.count() == 5


class TestUndoing:
    def test_everything_is_as_before_but_what_was_changed_since(self, user) -> None:
        old, new, touched, gone = (AnimeFactory(mal_id=n, episode_count=12) for n in (1, 2, 3, 4))
        entry_set(user=user, anime_id=old.pk, status="watching", score=10, tags=["mine"], notes="n")
        ListEntry.objects.filter(anime=old).update(extras={"mal": {"x": 1}}, updated_at=timezone.now() - timedelta(9))
        before, entry = state_of(user, old), ListEntry.objects.get(anime=old)
        found = brought(user, [{"id": n, "status": "Completed", "score": 9, "tags": "t"} for n in (1, 2, 3, 4)])
        applied(found, "theirs")
        assert state_of(user, old).score == 90
        entry_set(user=user, anime_id=touched.pk, notes="mine now")
        entry_remove(user=user, anime_id=gone.pk)
        work(services.import_undo(list_import=found))
        found.refresh_from_db()
        assert (found.state, found.counts["undone"]) == ("undone", {"undone": 2, "changed": 2})
        assert (state_of(user, old), state_of(user, new), state_of(user, gone)) == (before, None, None)
        assert state_of(user, touched).notes == "mine now"
        assert ratings_of(user, [old.pk, new.pk]) == {old.pk: 10}
        now = ListEntry.objects.get(anime=old)
        assert (now.extras, now.updated_at) == (entry.extras, entry.updated_at)
        assert ListActivity.objects.filter(batch=found.pk, undone_at=None).count() == 2
        with pytest.raises(ImportNotReady):
            services.import_undo(list_import=found)

    def test_titles_it_brought_go_unless_somebody_knows_them(self, user) -> None:
        found = applied(brought(user, [{"id": 5, "title": "Brought"}, {"id": 6, "title": "Shared"}]))
        entry_set(user=UserFactory(), anime_id=Anime.objects.get(title="Shared").pk, status="planned")
        assert work(services.import_undo(list_import=found)).state == "undone"
        assert list(Anime.objects.values_list("title", flat=True)) == ["Shared"]
        assert not ListEntry.objects.filter(user=user).exists()


class TestReadingInSteps:
    def test_one_that_died_half_way_starts_over(self, user, monkeypatch) -> None:
        monkeypatch.setattr(import_reading, "CHUNK", 2)
        bring, calls = import_reading._rows_bring, []

        def dying(*args: Any) -> bool:
            calls.append(args)
            if len(calls) == 2:
                raise MemoryError
            return bring(*args)

        monkeypatch.setattr(import_reading, "_rows_bring", dying)
        data = mal_file([{"id": number} for number in range(1, 6)])
        found = ListImport.objects.create(user=user, file_name="list.xml")
        with pytest.raises(MemoryError):
            import_reading.import_read(list_import=found, file=io.BytesIO(data))
        found.refresh_from_db()
        assert (found.state, found.rows.count()) == ("reading", 2)
        import_reading.import_read(list_import=found, file=io.BytesIO(data))
        assert (found.state, found.counts["total"]) == ("previewed", 5)
        assert list(found.rows.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]


class TestForgetting:
    def test_lines_go_after_ninety_days_and_with_them_the_undo(self, user) -> None:
        found, unused = applied(brought(user, [{"id": 5, "title": "Brought"}])), brought(user, [{"id": 6}])
        assert services.imports_trim() == 0
        ListImport.objects.update(created_at=timezone.now() - timedelta(days=91))
        assert services.imports_trim() == 2
        assert not ListImport.objects.filter(pk=unused.pk).exists()
        assert not found.rows.exists()
        assert not imports_shown([found])[0].is_kept
        with pytest.raises(ImportExpired):
            services.import_undo(list_import=found)
        assert services.imports_trim() == 0

    def test_previews_go_after_a_week_and_all_but_the_newest_twenty(self, user, monkeypatch) -> None:
        found, kept = brought(user, [{"id": 5}]), applied(brought(user, [{"id": 6}]))
        ListImport.objects.update(created_at=timezone.now() - timedelta(days=8))
        assert services.imports_trim() == 1
        assert not ListImport.objects.filter(pk=found.pk).exists()
        monkeypatch.setattr(services, "KEPT_IMPORTS", 1)
        newest = brought(user, [{"id": 7}])
        assert services.imports_trim() == 1
        assert list(ListImport.objects.values_list("pk", flat=True)) == [newest.pk]
        assert not ListImportRow.objects.filter(list_import_id=kept.pk).exists()

    def test_discarded(self, user) -> None:
        found = applied(brought(user, [{"id": 5, "title": "Brought"}]))
        services.import_discard(list_import=found)
        assert not ListImportRow.objects.exists()
        assert ListEntry.objects.count() == 1
