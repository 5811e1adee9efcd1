"""The share of real names that are read right: a floor, measured by the tool that the figures come from."""

import os
from pathlib import Path

import pytest

from bench.file_names import answer_of, count, rows_read

pytestmark = [pytest.mark.once, pytest.mark.data]


@pytest.mark.parametrize(("name", "least"), [("anitomy", 0.975), ("anitopy", 0.99), ("anitopy-known-failing", 0.88)])
def test_real_names(name: str, least: float) -> None:
    rows = rows_read(Path(os.environ["HIROBA_DATA"]), name)
    wrong = count(rows, answer_of)
    assert 1 - len(wrong) / len(rows) >= least, [row["filename"] for row in wrong]
