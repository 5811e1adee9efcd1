"""In which variants a file shows its episode, and when an episode counts as aired."""

import datetime

import pytest

from catalog.facade import AnimeSpan
from downloads.missing.held import height_of, variants_of
from downloads.missing.hosts import _origin

pytestmark = pytest.mark.once


def tracks(*streams: tuple[str, str]) -> dict:
    return {"streams": [{"kind": kind, "language": language} for kind, language in streams]}


@pytest.mark.parametrize(
    ("info", "parsed", "fetched", "expected"),
    [
        ({}, {}, None, ()),
        ({}, {"variant": "dub", "language": "de"}, None, (("dub", "de"),)),
        (tracks(("audio", "ja")), {}, None, (("raw", "ja"),)),
        (tracks(("audio", "ja"), ("subtitle", "en"), ("subtitle", "de")), {}, None, (("sub", "de"), ("sub", "en"))),
        (tracks(("audio", "ja-JP"), ("audio", "de"), ("subtitle", "en")), {}, None, (("dub", "de"), ("sub", "en"))),
        (tracks(("audio", "de"), ("subtitle", "de")), {}, None, (("dub", "de"),)),
        (tracks(("audio", "und"), ("audio", "")), {"variant": "sub"}, None, (("sub", ""),)),
        (tracks(("audio", "")), {}, ("dub", "de"), (("dub", "de"),)),
        (tracks(("audio", "ja")), {}, ("", ""), (("raw", "ja"),)),
        ({"streams": None}, {"variant": None}, None, ()),
    ],
)
def test_variants(info: dict, parsed: dict, fetched: tuple[str, str] | None, expected: tuple) -> None:
    assert variants_of(info=info, parsed=parsed, fetched=fetched, native="ja") == expected


def test_height_comes_from_the_tracks_then_from_the_name() -> None:
    assert height_of({"streams": [{"kind": "video", "height": 1080}]}, {"resolution": 720}) == 1080
    assert height_of({"streams": [{"kind": "video"}]}, {"resolution": 720}) == 720
    assert height_of({}, {"resolution": None}) == 0


TODAY = datetime.date(2026, 11, 24)
PAST, FUTURE = TODAY - datetime.timedelta(days=15), TODAY + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "start", "number", "aired_on", "newest", "expected"),
    [
        ("finished", PAST, 5, TODAY, 0, True),
        ("finished", PAST, 5, FUTURE, 9, False),
        ("finished", PAST, 99, None, 0, True),
        ("unknown", None, 1, None, 0, True),
        ("finished", FUTURE, 1, None, 0, False),
        ("upcoming", None, 1, None, 0, False),
        ("airing", PAST, 3, None, 3, True),
        ("airing", PAST, 4, None, 3, False),
        ("airing", PAST, 3, None, 0, True),
        ("airing", PAST, 4, None, 0, False),
        ("airing", None, 50, None, 0, True),
    ],
)
def test_what_has_aired(
    status: str,
    start: datetime.date | None,
    number: int,
    aired_on: datetime.date | None,
    newest: int,
    expected: bool,
) -> None:
    span = AnimeSpan(1, "", status, start, 12, "ja")
    assert span.has_aired(number, aired_on, newest=newest, today=TODAY) is expected


def test_an_origin_ends_where_the_host_ends() -> None:
    for url in ("https://a.example/x", "https://a.example", "https://a.example?x", "https://a.example#/@b.example"):
        assert _origin(url) == "https://a.example/", url
    assert _origin("https://a.example\\@b.example/x") == "https://a.example\\@b.example/"
    assert _origin("nothing") == "nothing/"
