"""`manage.py import_numbering`: whole, again, and not at all."""

import gzip
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from providers.models import EpisodeRedirect, NumberingOverride, SeriesNumbering
from providers.tests.factories import ProviderTitleFactory
from providers.tests.numbering.test_anime_list import LIST

pytestmark = pytest.mark.django_db
RULES = "::rules\n- 1|1|1:13-24 -> 2|2|2:1-12!\n- ?|1|1:2 -> ?|1|1:1\n"


def run(**options: object) -> dict[str, int]:
    told = io.StringIO()
    call_command("import_numbering", stdout=told, stderr=io.StringIO(), **options)
    return json.loads(told.getvalue())


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "relations.txt").write_text(RULES)
    (tmp_path / "list.xml.gz").write_bytes(gzip.compress(LIST))
    return {"relations": tmp_path / "relations.txt", "anidb": tmp_path / "list.xml.gz"}


def test_files_replace_what_was_there_and_leave_what_people_said(files: dict[str, Path]) -> None:
    NumberingOverride.objects.create(title=ProviderTitleFactory.create(), first=1)
    for _ in range(2):
        assert run(**files) == {"redirects": 2, "unknown": 1, "repeated": 0, "series": 3, "elsewhere": 4}
    assert EpisodeRedirect.objects.count() == 2
    files["relations"].write_text("::rules\n- 5|5|5:1 -> 6|6|6:1\n")
    assert run(relations=files["relations"]) == {"redirects": 1, "unknown": 0, "repeated": 0}
    assert EpisodeRedirect.objects.get().mal_id == 5
    assert (SeriesNumbering.objects.count(), NumberingOverride.objects.count()) == (3, 1)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"::rules\n- 1|1|1:1 -> nonsense", 1, "line 2"),
        (b"\xff\xfe\x00", 2, "is no text"),
        (b"<html>404</html>", 2, "cannot be read"),
        (gzip.compress(b"::rules\n" * 9)[:-9], 2, "cannot be read"),
        (gzip.compress(b"#" * (70 * 1024 * 1024)), 2, "cannot be read"),
        (None, 2, "No such file"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_stored(
    files: dict[str, Path], content: bytes | None, code: int, said: str
) -> None:
    run(**files)
    files["relations"].unlink()
    if content is not None:
        files["relations"].write_bytes(content)
    with pytest.raises(CommandError) as found:
        run(**files)
    assert (found.value.returncode, said in str(found.value)) == (code, True)
    assert str(files["relations"]) in str(found.value)
    assert (EpisodeRedirect.objects.count(), SeriesNumbering.objects.count()) == (2, 3)


def test_a_bad_second_file_leaves_the_first_unstored(files: dict[str, Path]) -> None:
    files["anidb"].write_bytes(b"<anime-list><anime anidbid='x'/></anime-list>")
    with pytest.raises(CommandError) as found:
        run(**files)
    assert found.value.returncode == 1
    assert EpisodeRedirect.objects.count() == 0


def test_without_a_file_it_says_so() -> None:
    with pytest.raises(CommandError) as found:
        run()
    assert found.value.returncode == 2
