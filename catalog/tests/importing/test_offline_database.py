"""anime-offline-database's entries: mapping and joining with what is there."""

import json

import pytest

from catalog.importing.offline_database import anime_map
from catalog.importing.records import BadRecord
from catalog.importing.runs import Importer
from catalog.models import Anime, Relation
from catalog.tests.importing.records import jikan_record, lines_write, related


def entry(**changes):
    return {
        "sources": [
            "https://anidb.net/anime/70",
            "https://anilist.co/anime/501",
            "https://anime-planet.com/anime/hoshi-no-niwa",
            "https://kitsu.app/anime/42",
            "https://myanimelist.net/anime/1",
            "https://unknown.example.org/anime/9",
        ],
        "title": "Hoshi no Niwa",
        "type": "TV",
        "episodes": 12,
        "status": "FINISHED",
        "animeSeason": {"season": "SPRING", "year": 2019},
        "picture": "https://images.example.org/1.jpg",
        "thumbnail": "https://images.example.org/1t.jpg",
        "duration": {"value": 1440, "unit": "SECONDS"},
        "score": {"arithmeticGeometricMean": 7.5, "arithmeticMean": 7.6, "median": 7.7},
        "synonyms": ["Garden of Stars", "星の庭", "Сад звёзд", "Hoshi no Niwa"],
        "studios": ["studio nagare"],
        "producers": ["kumo pictures", "Kumo Pictures"],
        "relatedAnime": ["https://myanimelist.net/anime/2", "https://anidb.net/anime/71"],
        "tags": ["drama", "space", "sci-fi", "space"],
        **changes,
    }


def document(tmp_path, *entries):
    path = tmp_path / "offline.json"
    path.write_text(json.dumps({"license": {"name": "x"}, "lastUpdate": "2024-06-01", "data": list(entries)}))
    return path


def test_the_entry_as_a_record():
    record = anime_map(entry())
    assert record.ids == [
        ("mal", "1"),
        ("anilist", "501"),
        ("anidb", "70"),
        ("kitsu", "42"),
        ("animeplanet", "hoshi-no-niwa"),
    ]
    expected = {
        "title_native": "星の庭",
        "kind": "tv",
        "status": "finished",
        "season": "spring",
        "year": 2019,
        "episode_count": 12,
        "duration_seconds": 1440,
        "score": 75.0,
    }
    assert expected.items() <= record.fields.items()
    assert [genre.name for genre in record.genres] == ["Drama", "Sci-Fi"]
    assert [tag.name for tag in record.tags] == ["Space"]
    assert [(studio.name, studio.role) for studio in record.studios] == [
        ("studio nagare", "studio"),
        ("kumo pictures", "producer"),
    ]
    assert [(relation.kind, relation.mal_id) for relation in record.relations] == [("other", 2)]
    assert [title.text for title in record.titles] == ["Hoshi no Niwa", "Garden of Stars", "星の庭", "Сад звёзд"]


@pytest.mark.parametrize("unit", ["MINUTES", "DAYS", None])
def test_durations_in_other_units(unit):
    duration = anime_map(entry(duration={"value": 24, "unit": unit})).fields["duration_seconds"]
    assert duration == (1440 if unit == "MINUTES" else None)


@pytest.mark.parametrize("changes", [{"title": ""}, {"sources": []}, {"sources": ["https://example.org/1"]}])
def test_what_cannot_be_found_again_is_refused(changes):
    with pytest.raises(BadRecord):
        anime_map(entry(**changes))


@pytest.mark.django_db
def test_it_fills_gaps_and_leaves_the_rest(tmp_path):
    records = [jikan_record(1, duration="Unknown", relations=[related("Sequel", 2)], score=None), jikan_record(2, "II")]
    Importer(format="jikan", path=lines_write(tmp_path / "a.jsonl", *records)).import_all()
    path = document(tmp_path, entry(episodes=99))
    importer = Importer(format="offline-database", path=path)
    assert importer.import_all()["changed"] == 1
    anime = Anime.objects.get(external_ids__site="mal", external_ids__value="1")
    assert (anime.episode_count, anime.duration_seconds, anime.score) == (12, 1440, 75.0)
    assert list(anime.genres.values_list("name", flat=True)) == ["Drama"]
    assert list(Relation.objects.values_list("kind", flat=True)) == ["sequel"]
    assert Importer(format="offline-database", path=path).import_all()["unchanged"] == 1
