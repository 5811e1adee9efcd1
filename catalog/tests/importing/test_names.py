"""Tables of ids and dumps of names: they add to what is there, make nothing, and change no field."""

import gzip
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.importing.anidb_titles import anime_map as anidb_map
from catalog.importing.anidb_titles import language_read
from catalog.importing.animeapi import anime_map as animeapi_map
from catalog.importing.records import BadRecord
from catalog.models import Anime, ExternalId, FieldProvenance, ImportRun, Title
from catalog.tests.factories import AnimeFactory

COLUMNS = ("title", "anidb", "anilist", "animeplanet", "kitsu", "myanimelist", "shikimori", "themoviedb")


def table(path: Path, *rows: dict[str, str]) -> Path:
    lines = ["\t".join(COLUMNS), *("\t".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def dump(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["# created: today", "# <aid>|<type>|<language>|<title>", *lines]), encoding="utf-8")
    return path


def imported(path: Path, form: str) -> dict[str, int]:
    said = io.StringIO()
    call_command("import_catalog", path, format=form, stdout=said, stderr=io.StringIO())
    found = json.loads(said.getvalue())
    return {name: found[name] for name in ("created", "changed", "unchanged", "unmatched", "skipped") if found[name]}


def names(anime: Anime) -> list[tuple[str, str, str]]:
    return list(anime.titles.order_by("position", "pk").values_list("text", "language", "kind"))


@pytest.fixture
def hoshi(db: None) -> Anime:
    anime = AnimeFactory(title="Hoshi no Niwa", mal_id=7, origin="jikan", year=2020)
    Title.objects.create(anime=anime, text="Hoshi no Niwa", language="ja-Latn", kind="main")
    return anime


def test_a_table_adds_ids_and_the_name_and_nothing_else(hoshi: Anime, tmp_path: Path) -> None:
    row = {"title": "Garden of the Stars", "myanimelist": "7", "anidb": "70", "anilist": "77", "kitsu": "k7"}
    row |= {"animeplanet": "hoshi-no-niwa", "shikimori": "8", "themoviedb": "1"}
    stranger = {"title": "Nobody knows it", "myanimelist": "999", "anidb": "70"}
    path = table(tmp_path / "a.tsv.gz", row, stranger, {"title": "No id"})
    before = Anime.objects.filter(pk=hoshi.pk).values(*(f.name for f in Anime._meta.fields if f.name != "updated_at"))[
        0
    ]
    assert imported(path, "animeapi") == {"changed": 1, "unmatched": 1, "skipped": 1}
    assert set(hoshi.external_ids.exclude(site="shikimori").values_list("site", "value")) == {
        ("mal", "7"), ("anidb", "70"), ("anilist", "77"), ("animeplanet", "hoshi-no-niwa"),
    }  # fmt: skip
    assert names(hoshi)[1:] == [("Garden of the Stars", "ja-Latn", "synonym")]
    after = Anime.objects.filter(pk=hoshi.pk).values(*before)[0]
    assert {name: after[name] for name in before if after[name] != before[name]}.keys() <= {"document_version"}
    assert Anime.objects.count() == 1
    assert imported(path, "animeapi") == {"unchanged": 1, "unmatched": 1, "skipped": 1}


def test_a_dump_adds_names_by_their_id_each_once(hoshi: Anime, tmp_path: Path) -> None:
    ExternalId.objects.create(anime=hoshi, site="anidb", value="70")
    path = dump(
        tmp_path / "t.dat",
        "70|4|ru|Звёздный сад",
        "71|1|x-jat|Somebody else",
        "70|3|en|HnN",
        "70|1|x-jat|Hoshi no Niwa",
        "70|4|en|Garden of Stars",
        "70|4|fr|Garden of Stars",
        "70|2|x-other|Niwa | Hoshi",
        "70|5|ja|ほしのにわ",
        "broken",
    )
    assert imported(path, "anidb-titles") == {"changed": 1, "unmatched": 1, "skipped": 1}
    assert names(hoshi)[1:] == [
        ("Звёздный сад", "ru", "official"),
        ("Garden of Stars", "en", "official"),
        ("Niwa | Hoshi", "und", "synonym"),
        ("HnN", "en", "short"),
    ]
    assert imported(path, "anidb-titles") == {"unchanged": 1, "unmatched": 1, "skipped": 1}


def test_an_id_that_two_carry_and_a_stub_say_nothing(hoshi: Anime, tmp_path: Path) -> None:
    other = AnimeFactory(title="Hoshi no Niwa 2", mal_id=8, origin="jikan")
    stub = AnimeFactory(title="Somebody's", mal_id=9, origin="stub")
    for anime, aid in ((hoshi, "70"), (other, "70"), (stub, "90")):
        ExternalId.objects.create(anime=anime, site="anidb", value=aid)
    before = Title.objects.count()
    assert imported(dump(tmp_path / "t.dat", "70|4|en|One", "90|4|en|Two"), "anidb-titles") == {"unmatched": 2}
    assert Title.objects.count() == before
    assert stub.external_ids.filter(site="mal").exists()


def test_locks_are_kept(hoshi: Anime, tmp_path: Path) -> None:
    FieldProvenance.objects.bulk_create(
        [
            FieldProvenance(anime=hoshi, field=name, source="staff", is_locked=True)
            for name in ("titles", "external_ids")
        ]
    )
    before = hoshi.external_ids.count()
    path = table(tmp_path / "a.tsv.gz", {"title": "Garden", "myanimelist": "7", "anidb": "70"})
    assert imported(path, "animeapi") == {"unchanged": 1}
    assert (hoshi.titles.count(), hoshi.external_ids.count()) == (1, before)


def test_a_killed_import_goes_on_where_it_was(hoshi: Anime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.importing.runs.ANIME_BATCH", 1)
    second = AnimeFactory(title="Niwa", mal_id=8, origin="jikan")
    rows = [{"title": f"Name {n}", "myanimelist": str(n)} for n in (7, 999, 8)]
    path = table(tmp_path / "a.tsv.gz", *rows)
    from catalog.importing.runs import Importer

    def killed(stage: str, done: int, share: float) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Importer(format="animeapi", path=path, progress=killed).import_all()
    assert (ImportRun.objects.get().position, second.titles.filter(text="Name 8").exists()) == (2, False)
    assert imported(path, "animeapi") == {"changed": 2, "unmatched": 1}
    assert second.titles.filter(text="Name 8").exists()


@pytest.mark.parametrize(
    ("form", "text", "word"),
    [
        ("animeapi", b"title\tanidb\nA\t1\n", "myanimelist"),
        ("animeapi", b"", "myanimelist"),
        ("anidb-titles", b"<html>\n", "aid|type|language|title"),
        ("animeapi", b"\x1f\x8b broken", "a.bin"),
    ],
)
def test_another_file_is_refused(db: None, tmp_path: Path, form: str, text: bytes, word: str) -> None:
    (tmp_path / "a.bin").write_bytes(text)
    with pytest.raises(CommandError, match=word.replace("|", r"\|")):
        call_command("import_catalog", tmp_path / "a.bin", format=form, stdout=io.StringIO(), stderr=io.StringIO())


@pytest.mark.once  # the reader stops before a row is written
def test_a_dump_that_unpacks_to_more_than_it_may_is_refused_early(db: None, tmp_path: Path) -> None:
    (tmp_path / "a.dat.gz").write_bytes(gzip.compress(b"70|4|en|One\n" + b"x\n" * 2_000_000))
    tracemalloc.start()
    with pytest.raises(CommandError, match="more than 64 MB"):
        call_command("import_catalog", tmp_path / "a.dat.gz", format="anidb-titles", stdout=io.StringIO())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * 1024**2


def test_a_last_line_that_is_too_long_is_told(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.importing.reader.LINE_BYTES", 100)
    (tmp_path / "a.tsv").write_bytes(b"title\tmyanimelist\n" + b"x" * 1_000)
    assert imported(tmp_path / "a.tsv", "animeapi") == {"skipped": 1}


def test_bad_lines_cost_themselves_alone(hoshi: Anime, tmp_path: Path) -> None:
    head = b"title\tmyanimelist\n"
    (tmp_path / "a.tsv").write_bytes(head + b"A\t7\tmore\n\xff\xfe\t7\n\nGarden\t7\r\n" + b"x" * 20)
    assert imported(tmp_path / "a.tsv", "animeapi") == {"changed": 1, "skipped": 3}
    assert names(hoshi)[1:] == [("Garden", "ja-Latn", "synonym")]


@pytest.mark.once
@pytest.mark.parametrize(
    "row", [None, [], {}, {"title": "x"}, {"myanimelist": "0"}, {"anilist": "1; DROP"}, {"kitsu": "1" * 30}]
)
def test_rows_without_an_id_are_bad(row: object) -> None:
    with pytest.raises(BadRecord):
        animeapi_map(row)


@pytest.mark.once
def test_names_of_languages() -> None:
    said = ("x-jat", "zh-Hans", "es-419", "pt-BR", "x-other", "bur", "", "en|", "es-CA")
    assert [language_read(one) for one in said] == ["ja-Latn", "zh-Hans", "es-419", "pt-BR", *["und"] * 4, "ca"]
    with pytest.raises(BadRecord):
        anidb_map({"aid": "x", "titles": []})
