"""Lists of AniList, Kitsu, Shikimori and MyAnimeList's API, as their JSON is."""

import datetime as dt
import io
from typing import Any

import orjson
import pytest

from lists.importing.errors import ListFileUnreadable
from lists.importing.reading import list_read
from lists.importing.records import ReadList
from lists.services.states import EntryState


def read(document: Any) -> ReadList:
    return list_read(file=io.BytesIO(document if isinstance(document, bytes) else orjson.dumps(document)))


def anilist(*entries: dict, score_format: str = "POINT_10_DECIMAL", **more: Any) -> dict:
    user = {"name": "tester", "mediaListOptions": {"scoreFormat": score_format}}
    lists = [{"name": "Completed", "status": "COMPLETED", "isCustomList": False, "entries": list(entries)}]
    return {"data": {"MediaListCollection": {"user": user, "lists": [*lists, *more.get("lists", [])]}}}


def media(number: int = 1, **fields: Any) -> dict:
    facts = {"id": number, "idMal": number + 1, "format": "TV", "episodes": 12, "title": {"romaji": f"Title {number}"}}
    return {"mediaId": number, "status": "COMPLETED", "media": facts, **fields}


class TestAniList:
    def test_a_whole_entry(self) -> None:
        entry = media(
            score=8.5,
            progress=12,
            repeat=1,
            priority=2,
            private=True,
            hiddenFromStatusLists=True,
            notes="Good.",
            customLists={"Best": True, "Worst": False},
            advancedScores={"Story": 9, "Art": 0},
            startedAt={"year": 2020, "month": 5, "day": None},
            completedAt={"year": None, "month": None, "day": None},
            createdAt=1_500_000_000,
            updatedAt=1_600_000_000,
        )
        found = read(anilist(entry))
        record = found.records[0]
        assert (found.format, found.owner_name) == ("anilist", "tester")
        assert record.ids == (("mal", "2"), ("anilist", "1"))
        assert record.state == EntryState(
            status="completed",
            score=85,
            episodes_watched=12,
            rewatch_count=1,
            started_on="2020-05",
            notes="Good.",
            is_private=True,
            tags=("Best",),
        )
        kept = {"priority": 2, "hiddenFromStatusLists": True, "advancedScores": {"Story": 9, "Art": 0}}
        assert record.extras == {"anilist": kept}
        assert record.updated_at == dt.datetime(2020, 9, 13, 12, 26, 40, tzinfo=dt.UTC)

    @pytest.mark.parametrize(
        ("score_format", "theirs", "ours"),
        [
            ("POINT_100", [0, 1, 73], [None, 1, 73]),
            ("POINT_10", [0, 7, 10], [None, 70, 100]),
            ("POINT_10_DECIMAL", [0.0, 7.3, 10], [None, 73, 100]),
            ("POINT_5", [0, 1, 5], [None, 10, 90]),
            ("POINT_3", [0, 1, 3], [None, 35, 85]),
            ("POINT_10", [7, 85, 100], [7, 85, 100]),
            ("unheard of", [0, 7.5, 10], [None, 75, 100]),
        ],
    )
    def test_scores_are_those_of_the_persons_format(self, score_format: str, theirs: list, ours: list) -> None:
        entries = [media(number, score=score) for number, score in enumerate(theirs, start=1)]
        found = read(anilist(*entries, score_format=score_format))
        assert [record.state.score for record in found.records] == ours

    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [("CURRENT", "watching"), ("PLANNING", "planned"), ("PAUSED", "on_hold"), ("REPEATING", "rewatching")],
    )
    def test_statuses(self, theirs: str, ours: str) -> None:
        assert read(anilist(media(status=theirs))).records[0].state.status == ours

    def test_custom_lists_are_tags_not_lines(self) -> None:
        best = {"name": "Best", "isCustomList": True, "entries": [media(1), media(3)]}
        found = read(anilist(media(1), media(2), lists=[best]))
        tags = {record.ids[1][1]: record.state.tags for record in found.records}
        assert tags == {"1": ("Best",), "2": (), "3": ("Best",)}
        assert found.bad == ()

    def test_bad_lines(self) -> None:
        lines = [media(1), media(1), {**media(2), "media": {"id": 2, "type": "MANGA"}}, media(3, status="X"), None]
        lines.append(media(4, startedAt={"year": 2020, "month": 13}))
        found = read(anilist(*lines))
        assert sorted(bad.reason for bad in found.bad) == [
            "bad_date",
            "bad_status",
            "duplicate",
            "manga",
            "not_an_entry",
        ]

    def test_the_copy_of_ones_data(self) -> None:
        row = {
            "series_id": 21,
            "series_type": 0,
            "status": 5,
            "score": 85,
            "progress": 3,
            "repeat": 1,
            "private": 1,
            "priority": 1,
            "notes": None,
            "custom_lists": '{"Best": true}',
            "advanced_scores": "[]",
            "started_on": 20200500,
            "finished_on": 0,
            "created_at": "2019-01-02 03:04:05",
            "updated_at": 1_600_000_000,
        }
        found = read(
            {"user": {"display_name": "tester"}, "lists": [row, {**row, "series_type": 1}, {**row, "status": 9}]}
        )
        record = found.records[0]
        assert (found.format, record.ids, found.owner_name) == ("anilist_gdpr", (("anilist", "21"),), "tester")
        assert record.state == EntryState(
            status="rewatching",
            score=85,
            episodes_watched=3,
            rewatch_count=1,
            started_on="2020-05",
            is_private=True,
            tags=("Best",),
        )
        assert record.created_at == dt.datetime(2019, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
        assert [bad.reason for bad in found.bad] == ["manga", "bad_status"]


class TestKitsu:
    def document(self, kind: str = "anime", **attributes: Any) -> dict:
        entry = {
            "id": "900",
            "type": "libraryEntries",
            "attributes": {"status": "current", **attributes},
            "relationships": {kind: {"data": {"type": kind, "id": "7"}}},
        }
        anime = {
            "id": "7",
            "type": "anime",
            "attributes": {"canonicalTitle": "Title", "subtype": "movie", "episodeCount": 1},
            "relationships": {"mappings": {"data": [{"type": "mappings", "id": "1"}]}},
        }
        mapping = {
            "id": "1",
            "type": "mappings",
            "attributes": {"externalSite": "myanimelist/anime", "externalId": "5"},
        }
        return {"data": [entry], "included": [anime, mapping]}

    def test_a_whole_entry(self) -> None:
        found = read(
            self.document(
                progress=1,
                ratingTwenty=17,
                reconsuming=True,
                reconsumeCount=2,
                startedAt="2024-05-17T00:00:00.000Z",
                finishedAt=None,
                private=True,
                notes="Good.",
                updatedAt="2024-06-01T00:00:00Z",
            )
        )
        record = found.records[0]
        assert (found.format, record.ids, record.title, record.kind) == (
            "kitsu",
            (("mal", "5"), ("kitsu", "7")),
            "Title",
            "movie",
        )
        assert record.state == EntryState(
            status="rewatching",
            score=85,
            episodes_watched=1,
            rewatch_count=2,
            started_on="2024-05-17",
            notes="Good.",
            is_private=True,
        )

    def test_older_ratings_and_manga(self) -> None:
        assert read(self.document(rating="4.5", ratingTwenty=None)).records[0].state.score == 90
        assert read(self.document(rating="0.0")).records[0].state.score is None
        assert [bad.reason for bad in read(self.document("manga")).bad] == ["manga"]

    def test_mappings_that_are_not_included(self) -> None:
        record = read({**self.document(), "included": []}).records[0]
        assert (record.ids, record.title) == ((("kitsu", "7"),), "")


class TestShikimori:
    line = {"target_title": "Test", "target_id": 9, "target_type": "Anime", "score": 7, "status": "rewatching"}

    def test_a_whole_line(self) -> None:
        found = read([{**self.line, "rewatches": 1, "episodes": 30, "text": "test"}])
        record = found.records[0]
        assert (found.format, record.ids) == ("shikimori", (("shikimori", "9"),))
        state = EntryState(status="rewatching", score=70, rewatch_count=1, episodes_watched=30, notes="test")
        assert record.state == state

    def test_lines_that_are_none(self) -> None:
        lines = [
            self.line,
            {**self.line, "target_type": "Manga"},
            {"target_id": 3},
            {**self.line, "status": "eaten"},
            5,
        ]
        reasons = [bad.reason for bad in read(lines).bad]
        assert reasons == ["manga", "not_an_entry", "bad_status", "not_an_entry"]

    def test_empty_and_broken_whole(self) -> None:
        assert read([]).records == ()
        for broken in ([{"target_id": 3, "score": 7}], [1, 2], b'[{"target_id":', b"{}", b'{"a":1}{'):
            with pytest.raises(ListFileUnreadable):
                read(broken)


class TestMalApi:
    def test_a_line(self) -> None:
        said = {
            "status": "plan_to_watch",
            "score": 0,
            "num_episodes_watched": 3,
            "is_rewatching": False,
            "updated_at": "2021-03-15T09:00:58+00:00",
            "priority": 2,
            "tags": ["a"],
        }
        found = read({"data": [{"node": {"id": 967, "title": "Hokuto no Ken"}, "list_status": said}], "paging": {}})
        record = found.records[0]
        assert (found.format, record.ids) == ("mal_api", (("mal", "967"),))
        assert record.state == EntryState(status="planned", episodes_watched=3, tags=("a",))
        assert record.said == {"status", "score", "episodes_watched", "tags"}
        assert record.extras == {"mal": {"my_priority": "HIGH"}}

    @pytest.mark.parametrize(
        ("document", "what"),
        [
            ({"id": 1, "title": "x", "main_picture": {}}, "single anime"),
            ({"data": [{"node": {"id": 1, "title": "x"}}], "paging": {}}, "nobody's list"),
            ({"data": [{"node": {"id": 1}, "ranking": {"rank": 1}}]}, "ranking"),
            ({"categories": []}, "forum"),
            ({"status": "watching", "score": 8}, "one entry"),
            ({"id": 1, "name": "x"}, "profile"),
            ({"data": [1, [2]], "x": 1}, "data, x"),
        ],
    )
    def test_what_is_no_list_is_named(self, document: dict, what: str) -> None:
        with pytest.raises(ListFileUnreadable, match=what):
            read(document)


class TestHiroba:
    def test_bad_lines(self) -> None:
        line = {"title": "T", "status": "watching", "ids": {"mal": ["1"]}}
        deep: Any = []
        for _ in range(9):
            deep = [deep]
        entries = [line, {**line, "score": 101}, {**line, "extras": {"mal": deep}}, {**line, "status": "?"}, 1, line]
        found = read({"format": "hiroba-list", "version": 1, "entries": entries})
        assert found.records[0].said == {"status"}
        reasons = [bad.reason for bad in found.bad]
        assert reasons == ["bad_score", "bad_extras", "bad_status", "not_an_entry", "duplicate"]

    def test_nothing_that_a_database_refuses(self) -> None:
        line = {
            "title": "T\x00",
            "status": "watching",
            "notes": "a\x00b",
            "tags": ["\x00t"],
            "extras": {"\x00": "\x00"},
        }
        record = read({"format": "hiroba-list", "entries": [line]}).records[0]
        assert "\\u0000" not in orjson.dumps(record.as_json()).decode()

    @pytest.mark.parametrize("document", [{}, {"version": 1, "entries": {"a": 1}}, {"entries": None}])
    def test_a_broken_copy_is_no_empty_list(self, document: dict) -> None:
        with pytest.raises(ListFileUnreadable):
            read({"format": "hiroba-list", **document})
        assert read({"format": "hiroba-list", "version": 1, "entries": []}).records == ()
