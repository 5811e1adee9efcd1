"""`manage.py import_list`: exit codes, the report, and that what goes out comes back."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.tests.factories import AnimeFactory, UserFactory
from lists.exporting import FORMATS
from lists.models import ListEntry, ListImport
from lists.services import entry_set
from lists.tests.importing.mal_files import mal_file
from lists.tests.importing.roundtrip import PRECISE, STATES, content_of, exported, list_fill

pytestmark = pytest.mark.django_db


def run(*arguments: Any) -> tuple[int, dict, dict]:
    """(exit code, JSON of stdout, JSON of stderr)."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("import_list", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, json.loads(out.getvalue() or "{}"), json.loads(err.getvalue() or "{}")


@pytest.fixture
def user():
    return UserFactory(username="Mika")


def test_the_report(user, tmp_path: Path) -> None:
    for number in range(1, 5):
        AnimeFactory(mal_id=number, episode_count=12)
    entries = {"2": "planned", "3": "watching", "4": "dropped"}
    for value, status in entries.items():
        anime = AnimeFactory._meta.model.objects.get(external_ids__site="mal", external_ids__value=value)
        entry_set(user=user, anime_id=anime.pk, status=status)
    path = tmp_path / "list.xml.gz"
    lines = [
        {"id": 1, "status": "Completed", "episodes": 12},
        {"id": 2},
        {"id": 3, "status": "Watching", "score": 8},
        {"id": 4, "status": "On-Hold"},
        {"id": 5, "title": "Unheard of"},
        {"id": 6, "title": "Odd", "status": "Perhaps"},
    ]
    path.write_bytes(gzip.compress(mal_file(lines)))
    expected = {
        "total": 6,
        "new": 1,
        "changed": 1,
        "same": 1,
        "conflicts": 1,
        "errors": [{"position": 6, "title": "Odd", "reason": "bad_status"}],
    }
    code, said, _ = run("mika", path, "--dry-run")
    assert code == 0
    unknown = said.pop("unknown")
    assert said == expected
    assert [(found["title"], found["ids"]) for found in unknown] == [("Unheard of", {"mal": "5"})]
    assert set(said) | {"unknown"} == {"total", "new", "changed", "same", "conflicts", "unknown", "errors"}
    assert ListEntry.objects.count() == 3
    assert not ListImport.objects.exists()

    code, said, _ = run("MIKA", path, "--rule", "theirs")
    assert (code, said["total"], said["conflicts"]) == (0, 6, 1)
    assert ListEntry.objects.count() == 5
    assert ListImport.objects.get().counts["applied"] == {"applied": 4, "kept": 1, "skipped": 1}
    assert run("mika", path)[1]["same"] == 5


@pytest.mark.parametrize("data", [b"", b"{}", b"<myanimelist><anime></myanimelist>", b"no list\n" * 9])
def test_a_broken_file_changes_nothing(user, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    code, said, wrong = run("mika", path)
    assert (code, said, wrong["error"]) == (1, {}, "list_file_unreadable")
    assert wrong["detail"]
    assert not ListImport.objects.exists()


def test_nobody_and_nothing(user, tmp_path: Path) -> None:
    assert run("nobody", tmp_path / "x")[0] == 2
    code, _, wrong = run("mika", tmp_path / "missing")
    assert (code, wrong["error"]) == (1, "file_unreadable")


@pytest.mark.parametrize("format", FORMATS)
def test_out_and_in_and_out_is_the_same(user, tmp_path: Path, format: str) -> None:
    other = UserFactory()
    list_fill(user, (*STATES, *PRECISE))
    first = exported(user, format)
    path = tmp_path / "list"
    path.write_bytes(first)
    code, said, wrong = run(other.username, path)
    assert (code, said.get("new"), said.get("unknown")) == (0, len(STATES) + len(PRECISE), []), wrong
    has_times = format in ("hiroba", "anilist", "kitsu")
    assert content_of(format, exported(other, format), has_times=has_times) == content_of(
        format, first, has_times=has_times
    )
    assert run(other.username, path)[1]["same"] == said["new"]
