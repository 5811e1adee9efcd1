"""Whole imports: what is stored, what a second run does, what a killed or a careless one leaves."""

import datetime
import gzip
import io
import json
import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.importing import jikan, runs
from catalog.importing.formats import FORMATS
from catalog.importing.runs import ImportConflict, Importer
from catalog.models import (
    Anime,
    AnimeDocument,
    BroadcastRule,
    CatalogChange,
    Episode,
    ExternalId,
    ExternalScore,
    FieldProvenance,
    Genre,
    ImportRun,
    PendingRelation,
    Relation,
    Season,
    Tag,
    Title,
)
from catalog.services.stubs import StubDraft, anime_stubs_create
from catalog.tests.factories import AnimeFactory, EpisodeFactory, FieldProvenanceFactory, GenreFactory
from catalog.tests.importing.records import episode_record, jikan_record, lines_write, related

pytestmark = pytest.mark.django_db


def run(path, *, episodes=None, name="jikan", dry=False):
    return Importer(format=name, path=path, episodes_path=episodes, is_dry=dry).import_all()


def counts(summary):
    return tuple(summary[name] for name in ("created", "changed", "unchanged", "skipped"))


def episode_counts(summary):
    return tuple(summary[f"episodes_{name}"] for name in ("created", "changed", "unchanged", "skipped"))


def everything():
    """Every row of the catalogue but the runs, to be compared before and after."""
    models = (
        Anime,
        AnimeDocument,
        BroadcastRule,
        CatalogChange,
        Episode,
        ExternalId,
        ExternalScore,
        FieldProvenance,
        Genre,
        PendingRelation,
        Relation,
        Season,
        Tag,
        Title,
        Anime.genres.through,
        Anime.tags.through,
        Anime.studios.through,
    )
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def anime_of(mal_id):
    return Anime.objects.get(external_ids__site="mal", external_ids__value=str(mal_id))


def test_one_record_with_all_that_hangs_on_it(tmp_path):
    path = lines_write(tmp_path / "a.jsonl.gz", jikan_record())
    episodes = lines_write(
        tmp_path / "e.jsonl", episode_record(), episode_record(key="S1", seasonNumber=0, absoluteEpisodeNumber=0)
    )
    summary = run(path, episodes=episodes)
    assert (counts(summary), episode_counts(summary), summary["documents"]) == ((1, 0, 0, 0), (2, 0, 0, 0), 1)
    anime = anime_of(1)
    assert (anime.title, anime.kind, anime.score, anime.origin) == ("Hoshi no Niwa", "tv", 76.4, "jikan")
    assert list(anime.genres.values_list("name", flat=True)) == ["Drama"]
    assert set(anime.tags.values_list("name", "category")) == {("Space", "theme"), ("Seinen", "demographic")}
    assert set(anime.external_ids.values_list("site", "value")) == {
        ("mal", "1"),
        ("shikimori", "1"),
        ("anilist", "501"),
    }
    assert anime.broadcasts.get().first_at == datetime.datetime(2019, 4, 6, 14, 30, tzinfo=datetime.UTC)
    assert anime.external_scores.get().votes == 12000
    first, special = anime.episodes.order_by("kind", "number")
    assert (first.kind, first.number, first.season.number, first.duration_seconds) == ("regular", 1, 1, 1440)
    assert (special.kind, special.number, special.season.number, special.absolute_number) == ("special", 1, 0, None)
    assert json.loads(anime.document.card)["latest_episode"] == {"number": 1, "aired_on": "2019-04-06"}
    assert CatalogChange.objects.get().anime_id is None


def test_a_second_run_changes_nothing_at_all(tmp_path):
    path = lines_write(
        tmp_path / "a.jsonl",
        jikan_record(1, relations=[related("Sequel", 2, 99)]),
        jikan_record(2, "Hoshi no Niwa II", relations=[related("Prequel", 1)], score=None, broadcast={}),
    )
    episodes = lines_write(tmp_path / "e.jsonl", episode_record(), episode_record(2, "OP1a"), episode_record(2, "2"))
    run(path, episodes=episodes)
    before = everything()
    summary = run(path, episodes=episodes)
    assert (counts(summary), episode_counts(summary), summary["documents"]) == ((0, 0, 2, 0), (0, 0, 3, 0), 0)
    assert everything() == before
    assert ImportRun.objects.filter(state="done").count() == 2


def test_a_changed_record_changes_what_differs_and_nothing_else(tmp_path):
    run(lines_write(tmp_path / "a.jsonl", jikan_record(1), jikan_record(2, "Kumo")))
    untouched = AnimeDocument.objects.get(anime=anime_of(2)).updated_at
    changed = jikan_record(
        1,
        score=8.0,
        episodes=13,
        genres=[{"mal_id": 1, "name": "Action"}],
        title_synonyms=["Сад звёзд", "별의 정원", "Garten"],
        broadcast={"day": "Sundays", "time": "23:30", "timezone": "Asia/Tokyo"},
    )
    summary = run(lines_write(tmp_path / "b.jsonl", changed, jikan_record(2, "Kumo")))
    assert counts(summary) == (0, 1, 1, 0)
    anime = anime_of(1)
    assert (anime.score, anime.episode_count, anime.external_scores.get().value) == (80.0, 13, 80.0)
    assert list(anime.genres.values_list("name", flat=True)) == ["Action"]
    assert anime.titles.filter(text="Garten").count() == 1
    assert anime.broadcasts.count() == 1
    assert json.loads(anime.document.card)["score"] == 80.0
    assert AnimeDocument.objects.get(anime=anime_of(2)).updated_at == untouched


def test_bad_records_are_told_with_their_line_and_skipped(tmp_path, capsys):
    path = lines_write(
        tmp_path / "a.jsonl",
        jikan_record(1),
        '{"mal_id": 2, "title": ',
        {"title": "no id"},
        jikan_record(1, "again"),
        jikan_record(5, "Ame"),
    )
    episodes = lines_write(
        tmp_path / "e.jsonl", episode_record(), episode_record(), episode_record(404), episode_record(key="X9")
    )
    out, err = io.StringIO(), io.StringIO()
    call_command("import_catalog", path, format="jikan", episodes=episodes, stdout=out, stderr=err)
    summary = json.loads(out.getvalue())
    assert (counts(summary), episode_counts(summary)) == ((2, 0, 0, 3), (1, 0, 0, 3))
    told = err.getvalue()
    for expected in (
        "anime, line 2: not JSON",
        "anime, line 3: no mal_id",
        "anime, line 4: the same anime as in line 1",
    ):
        assert expected in told
    for expected in ("episodes, line 2: ", "episodes, line 3: no anime with MAL id 404", "episodes, line 4: unknown"):
        assert expected in told
    assert [error["line"] for error in ImportRun.objects.get().errors] == [2, 3, 4, 4, 2, 3]
    assert capsys.readouterr().out == ""


def test_strict_ends_with_an_error_after_all_is_stored(tmp_path):
    path = lines_write(tmp_path / "a.jsonl", "nonsense", jikan_record(1))
    with pytest.raises(CommandError):
        call_command("import_catalog", path, format="jikan", strict=True, stdout=io.StringIO(), stderr=io.StringIO())
    assert Anime.objects.count() == 1


def test_a_value_that_the_database_refuses_costs_only_its_own_record(tmp_path, monkeypatch):
    def poisoned(record):
        mapped = original(record)
        if record["mal_id"] == 2:
            mapped.fields["score"] = 1000.0
        return mapped

    original = jikan.anime_map
    monkeypatch.setitem(FORMATS, "jikan", replace(FORMATS["jikan"], mapping=lambda meta: poisoned))
    path = lines_write(tmp_path / "a.jsonl", *(jikan_record(key, f"Anime {key}") for key in range(1, 8)))
    summary = run(path)
    assert counts(summary) == (6, 0, 0, 1)
    assert ImportRun.objects.get().errors[0]["line"] == 2
    assert not ExternalId.objects.filter(site="mal", value="2").exists()


def test_a_dry_run_tells_and_writes_nothing(tmp_path):
    run(lines_write(tmp_path / "a.jsonl", jikan_record(1)))
    before = everything()
    path = lines_write(
        tmp_path / "b.jsonl", jikan_record(1, score=9.0), jikan_record(2, "Kumo", genres=[{"name": "New"}])
    )
    episodes = lines_write(tmp_path / "e.jsonl", episode_record(), episode_record(2), episode_record(3))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        summary = run(path, episodes=episodes, dry=True)
    assert (counts(summary), episode_counts(summary)) == ((1, 1, 0, 0), (2, 0, 0, 1))
    assert everything() == before
    assert ImportRun.objects.count() == 1
    assert not [query for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]


class Killed(BaseException):
    """Stands for a process that ends between two batches: no handler may catch it."""


@pytest.mark.parametrize("stop_after", [1, 3, 4, 6, 7])
def test_a_killed_import_goes_on_after_the_last_batch(tmp_path, monkeypatch, stop_after):
    monkeypatch.setattr(runs, "ANIME_BATCH", 2)
    monkeypatch.setattr(runs, "EPISODE_BATCH", 2)
    path = lines_write(tmp_path / "a.jsonl", *(jikan_record(key, f"Anime {key}") for key in range(1, 8)), "bad")
    episodes = lines_write(tmp_path / "e.jsonl", *(episode_record(key) for key in range(1, 8)))
    batches = []

    def die(stage, done, share):
        batches.append(stage)
        if len(batches) == stop_after:
            raise Killed

    with pytest.raises(Killed):
        Importer(format="jikan", path=path, episodes_path=episodes, progress=die).import_all()
    assert ImportRun.objects.get().state == "running"
    summary = run(path, episodes=episodes)
    assert (counts(summary), episode_counts(summary)) == ((7, 0, 0, 1), (7, 0, 0, 0))
    assert ImportRun.objects.get().state == "done"
    assert (Anime.objects.count(), Episode.objects.count(), AnimeDocument.objects.count()) == (7, 7, 7)
    assert all(json.loads(card)["latest_episode"] for card in AnimeDocument.objects.values_list("card", flat=True))


def test_a_batch_that_fails_halfway_leaves_nothing(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(runs.Importer, "_position_commit", fail)
    with pytest.raises(Killed):
        run(lines_write(tmp_path / "a.jsonl", jikan_record(1)))
    assert (Anime.objects.count(), Title.objects.count()) == (0, 0)


def test_two_processes_do_not_import_the_same_file_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "ANIME_BATCH", 1)
    path = lines_write(tmp_path / "a.jsonl", *(jikan_record(key, f"Anime {key}") for key in range(1, 5)))

    def overtake(stage, done, share):
        if done == 2:
            ImportRun.objects.update(position=3)

    with pytest.raises(ImportConflict):
        Importer(format="jikan", path=path, progress=overtake).import_all()
    assert Anime.objects.count() == 2


def test_locked_fields_are_left_alone(tmp_path):
    run(lines_write(tmp_path / "a.jsonl", jikan_record(1)))
    anime = anime_of(1)
    genre = GenreFactory(name="Mine")
    Anime.objects.filter(pk=anime.pk).update(synopsis="Ours", title="Our title")
    anime.genres.set([genre])
    EpisodeFactory(anime=anime, number=1, title="Our episode")
    for name in ("synopsis", "title", "genres", "episodes"):
        FieldProvenanceFactory(anime=anime, field=name)
    summary = run(
        lines_write(tmp_path / "b.jsonl", jikan_record(1, synopsis="Theirs", members=50000)),
        episodes=lines_write(tmp_path / "e.jsonl", episode_record(), episode_record(key="2")),
    )
    anime.refresh_from_db()
    assert (counts(summary), episode_counts(summary)) == ((0, 1, 0, 0), (1, 0, 1, 0))
    assert (anime.synopsis, anime.title, anime.popularity) == ("Ours", "Our title", 50000)
    assert list(anime.genres.all()) == [genre]
    assert list(anime.episodes.order_by("number").values_list("title", flat=True)) == ["Our episode", "Seeds"]


def test_relations_wait_for_their_anime(tmp_path):
    run(lines_write(tmp_path / "a.jsonl", jikan_record(1, relations=[related("Sequel", 2)])))
    assert (Relation.objects.count(), PendingRelation.objects.get().mal_id) == (0, 2)
    run(lines_write(tmp_path / "b.jsonl", jikan_record(2, "Kumo")))
    assert PendingRelation.objects.count() == 0
    relation = Relation.objects.get()
    assert (relation.from_anime, relation.to_anime, relation.kind) == (anime_of(1), anime_of(2), "sequel")
    document = json.loads(AnimeDocument.objects.get(anime=anime_of(1)).detail)
    assert [entry["title"] for entry in document["relations"]] == ["Kumo"]


def test_a_relation_that_the_source_took_back_goes(tmp_path):
    records = [jikan_record(2, "Kumo"), jikan_record(3, "Ame")]
    run(lines_write(tmp_path / "a.jsonl", jikan_record(1, relations=[related("Other", 2, 9)]), *records))
    summary = run(lines_write(tmp_path / "b.jsonl", jikan_record(1, relations=[related("Sequel", 2)]), *records))
    assert counts(summary) == (0, 1, 2, 0)
    assert list(Relation.objects.values_list("kind", flat=True)) == ["sequel"]


def test_nothing_known_is_not_overwritten_by_nothing(tmp_path):
    path = lines_write(tmp_path / "a.jsonl", jikan_record(1))
    run(path, episodes=lines_write(tmp_path / "e.jsonl", episode_record()))
    episodes = lines_write(
        tmp_path / "f.jsonl", episode_record(title={"ja": "種"}, airDate="", image=None, runtime=None)
    )
    assert episode_counts(run(path, episodes=episodes)) == (0, 1, 0, 0)
    episode = Episode.objects.get()
    assert episode.titles == {"en": "Seeds", "ja": "種"}
    assert episode.aired_on == datetime.date(2019, 4, 6)
    assert episode.still_url


def test_an_identity_of_another_anime_is_not_taken_away(tmp_path):
    AnimeFactory(mal_id=7)
    ExternalId.objects.filter(site="mal").update(value="70")
    record = jikan_record(1, external=[{"name": "shikimori", "url": "7"}])
    before = ExternalId.objects.get(site="shikimori").anime_id
    run(lines_write(tmp_path / "a.jsonl", record))
    assert ExternalId.objects.get(site="shikimori", value="7").anime_id == before


def test_an_import_fills_a_stub_and_makes_it_public(tmp_path):
    (pk,) = anime_stubs_create([StubDraft("Somebody's title", (("mal", "1"), ("anidb", "77")))])
    assert not Anime.objects.public().exists()
    run(lines_write(tmp_path / "a.jsonl", jikan_record()))
    anime = Anime.objects.public().get()
    assert (anime.pk, anime.title, anime.origin) == (pk, "Hoshi no Niwa", "jikan")


def test_a_batch_costs_the_same_queries_whatever_its_size(tmp_path):
    def queries_of(first, last):
        path = lines_write(
            tmp_path / f"{first}.jsonl",
            *(jikan_record(key, f"Anime {key}", relations=[related("Sequel", key + 1)]) for key in range(first, last)),
        )
        with CaptureQueriesContext(connection) as queries:
            run(path)
        return len(queries)

    queries_of(1, 3)
    assert queries_of(10, 15) == queries_of(100, 120)


@pytest.mark.data
def test_two_thousand_real_records(tmp_path):
    folder = Path(os.environ["HIROBA_DATA"]) / "jikan"
    with gzip.open(folder / "anime_full.jsonl.gz") as lines:
        path = tmp_path / "a.jsonl"
        path.write_bytes(b"".join(islice(lines, 2000)))
    first = run(path)
    assert counts(first) == (2000, 0, 0, 0)
    before = everything()
    assert counts(run(path)) == (0, 0, 2000, 0)
    assert everything() == before
