"""Threat 37, in exported tables: nothing that somebody typed runs in a spreadsheet, and it comes back as it was typed."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tests.factories import UserFactory
from core.csv_cells import cell_escape
from lists.services.states import EntryState
from lists.spreadsheet_cells import cell_read, cell_write
from lists.tests.importing.roundtrip import exported, list_fill, read_back

FORMULAS = ['=HYPERLINK("http://evil","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "＝1", "'=1", "''=1", "'kept'"]


@given(st.text() | st.text("=+-@'\t\r\n \ufeff＝", max_size=6))
def test_any_text_comes_back_and_does_not_run(text: str) -> None:
    cell = cell_write(text)
    assert cell_escape(cell) == cell
    assert cell_read(cell) == text


@pytest.mark.django_db
def test_notes_of_an_exported_list() -> None:
    user = UserFactory()
    list_fill(user, [EntryState(status="watching", notes=notes) for notes in FORMULAS])
    data = exported(user, "yamtrack")
    cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
    assert [cell for cell in cells if cell_escape(cell) != cell] == []
    assert [record.state.notes for record in read_back(data).records] == FORMULAS
