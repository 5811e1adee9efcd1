"""Reading `anime-relations.txt`: every form of a rule, and lines that are none."""

import os
from pathlib import Path

import pytest

from providers.numbering.reading import NumberingUnreadable
from providers.numbering.relations import RedirectDraft, relations_read

pytestmark = pytest.mark.once
HEAD = "# About this file\n::meta\n- version: 1.3.0\n::rules\n# Hoshi no Niwa -> ~ 2nd Season\n"


def test_every_form_of_a_rule_is_read() -> None:
    read = relations_read(
        HEAD
        + "- 1|11|111:13-24 -> 2|22|222:1-12!\n"
        + "- 3|33|333:0 -> ~|~|~:1\n"
        + "- 4|44|444:11-12 -> 5|55|555:1\n"
        + "- 6|?|666:14-? -> 7|?|777:1-?\n"
    )
    assert read.redirects == (
        RedirectDraft(1, 13, 24, 2, 1, 12),
        RedirectDraft(2, 13, 24, 2, 1, 12),
        RedirectDraft(3, 0, 0, 3, 1, 1),
        RedirectDraft(4, 11, 12, 5, 1, 1),
        RedirectDraft(6, 14, None, 7, 1, None),
    )
    assert (read.unknown, read.repeated) == (0, 0)


def test_rules_without_an_id_of_mal_and_repeated_ones_are_counted() -> None:
    read = relations_read(
        HEAD + "- ?|1|2:51-101 -> ?|3|4:1-51!\n- 1|1|1:2 -> ?|1|1:1\n- 1|1|1:13-24 -> 2|2|2:1-12\n" * 2
    )
    assert read.redirects == (RedirectDraft(1, 13, 24, 2, 1, 12),)
    assert (read.unknown, read.repeated) == (4, 1)


@pytest.mark.parametrize(
    "line",
    [
        "- 1|1|1:1-2 => 2|2|2:1-2",
        "- ~|1|1:1 -> 2|2|2:1",
        "- 1|1|1:5-2 -> 2|2|2:1-4",
        "- 1|1:1 -> 2|2:1",
        "- 9999999999|1|1:1 -> 2|2|2:1",
        "- 1|1|1:-1 -> 2|2|2:1",
        "<html>",
        "- 1|1|1:١ -> 2|2|2:1",
    ],
)
def test_a_line_that_is_no_rule_is_named(line: str) -> None:
    with pytest.raises(NumberingUnreadable) as found:
        relations_read(HEAD + line)
    assert found.value.place == 6


@pytest.mark.parametrize("text", ["", "::meta\n- version: 1", "no rules here"])
def test_a_file_without_rules_is_none(text: str) -> None:
    with pytest.raises(NumberingUnreadable) as found:
        relations_read(text)
    assert found.value.place == 0


@pytest.mark.data
def test_the_real_file_is_read_whole() -> None:
    text = (Path(os.environ["HIROBA_DATA"]) / "ids" / "anime-relations.txt").read_text()
    read = relations_read(text)
    assert (len(read.redirects), read.unknown, read.repeated) == (774, 13, 0)
    assert RedirectDraft(16498, 26, 37, 25777, 1, 12) in read.redirects
