"""Dates of which a part may be unknown."""

import pytest

from lists.dates import partial_date_of, partial_date_read
from lists.importing.fields import date_read
from lists.importing.lines import LineRefused


@pytest.mark.parametrize("raw", ["", "2024", "2024-05", "2024-05-17", "2024-02-29"])
def test_what_is_one(raw: str) -> None:
    assert partial_date_read(raw) == raw


@pytest.mark.parametrize("raw", ["2024-00", "2024-05-00", "2024-00-17", "2024-00-00", "2023-02-29", "2024-13", "0000"])
def test_a_zero_is_no_month_and_no_day(raw: str) -> None:
    """They would be read as days later on, and there are no such days."""
    assert partial_date_read(raw) is None


def test_other_sites_say_unknown_with_zeros() -> None:
    assert (date_read("2020-05-00"), date_read("2020-00-00"), partial_date_of(2020, 0, 0)) == (
        "2020-05",
        "2020",
        "2020",
    )
    with pytest.raises(LineRefused):
        date_read("2020-00-15")
