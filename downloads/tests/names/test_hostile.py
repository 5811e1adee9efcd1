"""No text makes the parser fail, and none makes it slow."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downloads.names.folders import path_parse
from downloads.names.known import KnownTitles
from downloads.names.parsed import ParsedName
from downloads.names.parser import name_parse

pytestmark = pytest.mark.once

KINDS = {"regular", "special", "credits", "trailer", "parody", "other"}
# fmt: off
PIECES = [
    "[", "]", "(", ")", "{", "}", "-", "_", ".", "#", "&", "+", "~", "0", "01", "1.5", "9a", "2019", "S01E02", "2x05",
    "E03-E04", "v2", "Ep", "season", "2", "3rd", "OVA", "NCOP1", "PV", "[01]", "[1080p]", "(2019)", "x264", "x264-A",
    "[ABCDEF01]", "第", "話", "期", "二", "十", "серия", "2", "из", "сезон", "ตอนที่", "화", "【", "】", "Movie", "Part", "II",
    "Ger", "Dub", "end", "999999999999", "́", "\ud800", "\x00", "½", "²", "٣", "Ⅱ",
]
# fmt: on
KNOWN = KnownTitles(["Mob 100", "86", "22/7", "Garden 2nd Season"])


def is_sound(parsed: ParsedName) -> bool:
    """What holds of every answer."""
    episodes = parsed.episodes
    return (
        parsed.kind in KINDS
        and (episodes is None or 0 <= episodes[0] <= episodes[1] <= 9999)
        and (parsed.season is None or 0 <= parsed.season <= 99)
        and 0 <= parsed.version <= 9
        and bool(json.dumps(parsed.as_json()))
    )


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
        st.lists(st.sampled_from(PIECES)).map("".join),
    )
)
def test_any_text_is_read(text: str) -> None:
    assert is_sound(name_parse(text))
    assert is_sound(name_parse(text + ".mkv", KNOWN))
    assert is_sound(path_parse(f"{text}/{text}\\{text}.mkv", KNOWN))


@pytest.mark.parametrize(
    "piece", [*PIECES, "[1] ", "a[", "(((", "第1", "s1e", "1-", "-1 ", "e1&", "[[(", " 2nd season", "x264-", "🌸"]
)
def test_long_names_take_no_time(piece: str) -> None:
    name = piece * (10_000 // max(1, len(piece)))
    start = time.process_time()
    parsed = [name_parse(name, KNOWN), name_parse(name[:590] + ".mkv"), path_parse(name)]
    assert time.process_time() - start < 0.15  # Three of them, 50 ms each.
    assert all(map(is_sound, parsed))
    assert len(parsed[0].title) <= 1300


@pytest.mark.data
def test_naughty_strings_are_read() -> None:
    strings = json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 400
    assert all(is_sound(name_parse(text)) and is_sound(path_parse(text)) for text in strings)
