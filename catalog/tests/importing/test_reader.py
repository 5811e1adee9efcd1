"""Reading files: every shape, every kind of damage."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importing import reader
from catalog.importing.reader import Source, UnreadableFile, entries_read

pytestmark = pytest.mark.once


def read(path):
    return [(entry.line, entry.value, bool(entry.error)) for entry in entries_read(Source(path))]


def written(tmp_path, data, name="file"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_lines_with_a_bad_one_between(tmp_path):
    path = written(tmp_path, b'{"a": 1}\n\n{"a": \n{"a": 3}\n')
    assert read(path) == [(1, {"a": 1}, False), (3, None, True), (4, {"a": 3}, False)]


def test_gzip_is_told_by_its_content_not_its_name(tmp_path):
    assert read(written(tmp_path, gzip.compress(b'{"a": 1}\n{"a": 2}'), "file.json")) == [
        (1, {"a": 1}, False),
        (2, {"a": 2}, False),
    ]


def test_a_broken_first_line_is_one_bad_record(tmp_path):
    path = written(tmp_path, b'{"a": nope}\n{"a": 2}\n')
    assert [line for line, _, failed in read(path) if failed] == [1]
    assert (2, {"a": 2}, False) in read(path)


@pytest.mark.parametrize("indent", [None, 2])
def test_documents_give_their_items_and_keep_what_stands_before(tmp_path, indent):
    document = {"siteMeta": {"x": {"type": "onair"}}, "items": [{"a": 1}, {"a": 2}]}
    source = Source(written(tmp_path, json.dumps(document, indent=indent).encode()))
    assert [entry.value for entry in entries_read(source)] == [{"a": 1}, {"a": 2}]
    assert source.meta == {"siteMeta": {"x": {"type": "onair"}}}


def test_documents_know_their_lines(tmp_path):
    path = written(tmp_path, b'{"items":[\n{"a":1},\n{"a":2}\n]}\n')
    assert [line for line, _, _ in read(path)] == [2, 3]


def test_a_bare_array_and_an_api_answer(tmp_path):
    assert [value for _, value, _ in read(written(tmp_path, b'[{"a": 1}, {"a": 2}]'))] == [{"a": 1}, {"a": 2}]
    assert [value for _, value, _ in read(written(tmp_path, b'{\n"data": {"a": 1}\n}'))] == [{"a": 1}]


def test_an_empty_file_has_no_records(tmp_path):
    assert read(written(tmp_path, b"")) == []


@pytest.mark.parametrize(
    "data",
    [
        b'{"items": [{"a": 1}, {"a": ',
        b'{"items": [{"a": NaN}]}',
        gzip.compress(b'{"a": 1}\n' * 5000)[:-20],
        b"\x1f\x8bnot gzip",
        b'[{"a": "\xff"}]',
    ],
)
def test_a_file_that_breaks_off_says_so(tmp_path, data):
    with pytest.raises(UnreadableFile, match="file"):
        read(written(tmp_path, data))


def test_a_missing_file(tmp_path):
    with pytest.raises(UnreadableFile):
        read(tmp_path / "nothing")


def test_a_line_over_the_bound_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "LINE_BYTES", 50)
    path = written(tmp_path, b'{"a": 1}\n{"a": "' + b"x" * 200 + b'"}\n{"a": 3}\n')
    assert read(path) == [(1, {"a": 1}, False), (2, None, True), (3, {"a": 3}, False)]


def test_a_gzip_bomb_ends_at_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "DOCUMENT_BYTES", 100_000)
    bomb = gzip.compress(b'{"items": [' + b" " * 5_000_000 + b"]}")
    with pytest.raises(UnreadableFile, match="more than"):
        read(written(tmp_path, bomb))


def test_deep_nesting_is_a_bad_record(tmp_path):
    path = written(tmp_path, b'{"a": 1}\n' + b"[" * 100_000 + b"\n")
    assert [failed for _, _, failed in read(path)] == [False, True]


@settings(max_examples=200)
@given(
    lines=st.lists(
        st.binary(max_size=60)
        | st.recursive(st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()),
        max_size=8,
    ),
    first=st.sampled_from([b'{"mal_id": 1}', b"", b"[", b'{"items": [']),
)
def test_arbitrary_bytes_are_read_or_refused(tmp_path_factory, lines, first):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(b"\n".join([first, *lines]))
    try:
        entries = list(entries_read(Source(path)))
    except UnreadableFile:
        return
    assert all(entry.line >= 1 for entry in entries)
    if first == b'{"mal_id": 1}':
        assert entries[0].value == {"mal_id": 1}
