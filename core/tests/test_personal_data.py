"""The registry of personal data: names once, order, rows in chunks; which models belong to a person is tested in `tests/`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import personal_data
from core.models import Job
from core.personal_data import Registry, erase_part, erase_parts, exempt, export_part, export_parts, rows_of


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """An empty one in the place of the real one."""
    empty = Registry()
    monkeypatch.setattr(personal_data, "registry", empty)
    return empty


def test_parts_are_sorted(registry: Registry) -> None:
    for name, order in (("b/last", 900), ("b/first", 0), ("a/first", 0)):
        erase_part(name, models=["Core.Job"], order=order)(lambda user: None)
        export_part(name, label=name, models=["Core.Job"])(lambda user: [])
    assert [part.name for part in erase_parts()] == ["a/first", "b/first", "b/last"]
    assert [part.name for part in export_parts()] == ["a/first", "b/first", "b/last"]


def test_a_name_is_taken_once(registry: Registry) -> None:
    export_part("a/b", label="", models=[])(lambda user: [])
    with pytest.raises(ValueError, match="a/b"):
        export_part("a/b", label="", models=[])(lambda user: [])


def test_each_side_is_covered_by_itself(registry: Registry) -> None:
    export_part("a/b", label="", models=["core.Job"])(lambda user: [])
    exempt("core.RealtimeEvent", of="erasure", reason="x")
    exempt("core.StoredImage", reason="y")
    assert registry.covered("export") == {"core.job", "core.storedimage"}
    assert registry.covered("erasure") == {"core.realtimeevent", "core.storedimage"}
    assert replace(registry).exempt_models["core.storedimage", "export"] == "y"


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "queries"), [(0, 1), (3, 1), (4, 2), (9, 3)])
def test_rows_come_in_chunks(count: int, queries: int) -> None:
    """By primary key, each row once, also when rows are written between two chunks."""
    Job.objects.bulk_create(Job(kind=f"k{number}") for number in range(count))
    with CaptureQueriesContext(connection) as captured:
        rows = list(rows_of(Job.objects.all(), "kind", chunk=4))
    assert sorted(row["kind"] for row in rows) == [f"k{number}" for number in range(count)]
    assert all(set(row) == {"kind"} for row in rows)
    assert len(captured) == queries


@pytest.mark.django_db
def test_rows_that_come_while_reading_disturb_nothing() -> None:
    Job.objects.bulk_create(Job(kind="old") for _ in range(6))

    def reading() -> Iterator[dict[str, Any]]:
        for number, row in enumerate(rows_of(Job.objects.filter(kind="old"), "id", chunk=2)):
            Job.objects.create(kind="new")
            if number == 2:
                Job.objects.filter(kind="old").last().delete()  # type: ignore[union-attr]
            yield row

    ids = [row["id"] for row in reading()]
    assert len(ids) == len(set(ids)) in (5, 6)


@pytest.mark.django_db
def test_the_primary_key_may_be_asked_for() -> None:
    job = Job.objects.create(kind="x")
    assert list(rows_of(Job.objects.all(), "id", "kind")) == [{"id": job.pk, "kind": "x"}]
