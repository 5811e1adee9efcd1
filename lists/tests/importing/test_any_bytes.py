"""Whatever the bytes are: a list or one of three refusals, and every line of a list a record or a reason."""

import gzip
import io
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.tests.factories import UserFactory
from lists.exporting import FORMATS
from lists.importing.errors import ListFileTooLarge, ListFileUnreadable, ListFileUnsafe
from lists.importing.lines import REASONS
from lists.importing.reading import list_read
from lists.importing.records import ListRecord
from lists.services.states import FIELDS
from lists.tests.importing.roundtrip import PRECISE, STATES, exported, list_fill

pytestmark = (
    pytest.mark.once
)  # bytes are read; the lists that they begin as come from every database in test_round_trip
_HAND_MADE = [
    b'{"user":{"display_name":"x"},"lists":[{"series_id":1,"series_type":0,"status":2,"score":5,"started_on":20200101,'
    b'"custom_lists":"[]","advanced_scores":"{}","updated_at":"2020-01-01 00:00:00"}]}',
    b'{"data":[{"node":{"id":1,"title":"x"},"list_status":{"status":"watching","score":5,"tags":["a"],"priority":1}}],'
    b'"paging":{}}',
    b"PK\x03\x04",
]


@pytest.fixture
def valid(db) -> list[bytes]:
    user = UserFactory()
    list_fill(user, (*STATES, *PRECISE))
    files = [exported(user, code) for code in FORMATS]
    return [*files, *_HAND_MADE, gzip.compress(files[1], mtime=0), files[1].decode().encode("utf-16")]


def is_read_or_refused(data: bytes) -> bool:
    """True: a list in which every line is a sound record or a named bad line, or one of the three refusals. Else it raises."""
    try:
        found = list_read(file=io.BytesIO(data))
    except (ListFileUnreadable, ListFileTooLarge, ListFileUnsafe):
        return True
    positions = [line.position for line in (*found.records, *found.bad)]
    assert sorted(positions) == list(range(1, len(positions) + 1))
    assert {bad.reason for bad in found.bad} <= REASONS.keys()
    for record in found.records:
        assert record.ids or record.title
        assert record.said <= set(FIELDS)
        assert ListRecord.of_json(orjson.loads(orjson.dumps(record.as_json()))) == record
        assert b"\\u0000" not in orjson.dumps(record.as_json()).replace(b"\\\\", b"")
    return True


LOOK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LOOK
@given(data=st.data())
def test_cut_and_flipped_files(valid: list[bytes], data) -> None:
    """Twelve damaged files an example."""
    for raw in valid:
        broken = bytearray(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw)
        for _ in range(data.draw(st.integers(0, 6))):
            if broken:
                place = data.draw(st.integers(0, len(broken) - 1))
                broken[place] = data.draw(st.integers(0, 255))
        assert is_read_or_refused(bytes(broken))


_ODD = [
    None,
    True,
    -1,
    0,
    7,
    2**62,
    1e300,
    "",
    "x",
    "\x00",
    "9" * 400,
    "2020-13-45",
    "Infinity",
    [],
    [[]],
    ["a"],
    {},
    {"a": {}},
]


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """(container, name) of each part of a document."""
    names = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        yield value, name
        yield from _places(value[name])


def test_any_value_in_any_place(db) -> None:
    """About 6,000 documents, each with one odd value."""
    user = UserFactory()
    list_fill(user, STATES[2:3])
    list_fill(user, STATES[5:6], first_id=700)
    files = [exported(user, code) for code in ("hiroba", "anilist", "kitsu", "shikimori")]
    for raw in (*files, *_HAND_MADE[:2]):
        root = orjson.loads(raw)
        for container, name in list(_places(root)):
            kept = container[name]
            for odd in _ODD:
                container[name] = odd
                assert is_read_or_refused(orjson.dumps(root))
            container[name] = kept


@LOOK
@given(st.binary(max_size=300))
def test_noise(data: bytes) -> None:
    for start in (
        b"",
        b"<myanimelist>",
        b"[",
        b'{"data":[',
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"media_id,media_type,title,status\n",
    ):
        assert is_read_or_refused(start + data)
