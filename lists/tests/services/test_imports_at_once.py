"""Imports while other things happen: two that apply, two workers, "+1" and edits in between. On both databases."""

import io
from typing import Any

import pytest

from catalog.tests.factories import AnimeFactory, UserFactory
from core.jobs.services import job_run
from lists.models import ListActivity, ListEntry, ListImport
from lists.services import entry_set, episode_next
from lists.services import imports as services
from lists.services.import_apply import rows_apply
from lists.services.import_undo import rows_undo
from lists.services.stored_states import states_of
from lists.tests.importing.mal_files import mal_file
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def previewed(user, lines: list[dict[str, Any]]) -> ListImport:
    found = services.import_start(user=user, file=io.BytesIO(mal_file(lines)), file_name="list.xml")
    job_run(job_id=found.job_id)
    found.refresh_from_db()
    return found


def applying(user, lines: list[dict[str, Any]], rule: str) -> ListImport:
    return services.import_apply(list_import=previewed(user, lines), rule=rule)


def test_one_of_many_applies_wins() -> None:
    user = UserFactory()
    AnimeFactory(mal_id=1)
    found = previewed(user, [{"id": 1}])
    calls = [lambda rule=rule: services.import_apply(list_import=found, rule=rule) for rule in ("mine", "theirs") * 3]
    assert at_once(calls) == {"done": 1, "import_running": 5}


def test_one_upload_at_a_time() -> None:
    user = UserFactory()
    calls = [lambda: services.import_start(user=user, file=io.BytesIO(b"x"), file_name="x")] * 4
    assert at_once(calls) == {"done": 1, "import_running": 3}
    assert ListImport.objects.count() == 1


def test_two_workers_apply_each_line_once(monkeypatch) -> None:
    from lists.services import import_apply

    monkeypatch.setattr(import_apply, "MOST", 3)
    user = UserFactory()
    for number in range(1, 13):
        AnimeFactory(mal_id=number)
    lines = [{"id": n, "status": "Watching", "episodes": 1, "score": 5} for n in range(1, 13)]
    found = applying(user, [*lines, {"id": 777, "title": "Unheard of"}], "theirs")
    copies = [ListImport.objects.get(pk=found.pk) for _ in range(3)]
    assert at_once([lambda one=one: rows_apply(list_import=one) for one in copies]) == {"done": 3}
    found.refresh_from_db()
    assert (found.state, found.counts["applied"]) == ("applied", {"applied": 13})
    assert ListActivity.objects.count() == ListEntry.objects.count() == 13


@pytest.mark.parametrize("is_there", [True, False])
def test_plus_one_in_between_is_not_lost(is_there: bool) -> None:
    user, anime, presses = UserFactory(), AnimeFactory(mal_id=1, episode_count=50), 6
    if is_there:
        entry_set(user=user, anime_id=anime.pk, status="watching")
    found = applying(user, [{"id": 1, "status": "Watching", "episodes": 20, "count": 50}], "highest")

    def press() -> None:
        for _ in range(presses):
            episode_next(user=user, anime_id=anime.pk)

    assert at_once([lambda: rows_apply(list_import=found), press]) == {"done": 2}
    steps = [
        activity.changes["episodes_watched"]
        for activity in ListActivity.objects.order_by("created_at", "pk")
        if "episodes_watched" in activity.changes
    ]
    assert len(steps) == presses + 1
    seen = 0
    for before, after in sorted(steps):
        assert (before or 0) == seen  # each change goes on from what the one before left
        seen = after
    state = states_of(user, list(ListEntry.objects.all()))[anime.pk]
    assert state.episodes_watched == seen >= 20
    statuses = [activity.changes.get("status", [""])[0] for activity in ListActivity.objects.all()]
    assert statuses.count(None) == 1  # it joined the list once


def test_an_edit_while_it_is_undone_is_kept() -> None:
    user, anime = UserFactory(), AnimeFactory(mal_id=1)
    found = applying(user, [{"id": 1, "status": "Watching", "score": 9}], "theirs")
    job_run(job_id=found.job_id)
    found = services.import_undo(list_import=found)
    edit = lambda: entry_set(user=user, anime_id=anime.pk, notes="written meanwhile")  # noqa: E731
    assert at_once([lambda: rows_undo(list_import=found), edit]) == {"done": 2}
    state = states_of(user, list(ListEntry.objects.all()))[anime.pk]
    assert state.notes == "written meanwhile"
    was_undone = found.rows.get().state == "undone"
    assert state.score == (None if was_undone else 90)
