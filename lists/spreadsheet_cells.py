"""Texts in CSV files that go out and come back: nothing runs as a formula (threat 37), nothing is changed by the way."""

from core.csv_cells import cell_escape


def cell_write(text: str) -> str:
    """A text for a cell. What a spreadsheet would run gets an apostrophe before it; so does what looks as if it had one."""
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def cell_read(text: str) -> str:
    """The text that `cell_write` was given; other programs' cells as they are, unless they escape as we do."""
    return text[1:] if text.startswith("'") and _is_formula(text.lstrip("'")) else text


def _is_formula(text: str) -> bool:
    return cell_escape(text) != text
