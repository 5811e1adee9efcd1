"""Text for spreadsheets: a cell that a person wrote must not run as a formula (threat 37)."""

# A full-width sign becomes the plain one in some programs; a line break can start a new row in others.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell_escape(value: object) -> object:
    """The value for a CSV or XLSX cell: text that a spreadsheet would take for a formula gets a leading apostrophe.

    Numbers, dates and None stay as they are (a negative number is no text).
    """
    if isinstance(value, str) and value.lstrip(" \u00a0\ufeff\x00").startswith(_STARTS):
        return f"'{value}"
    return value


def row_escape(row: list[object]) -> list[object]:
    """`cell_escape` over a row."""
    return [cell_escape(value) for value in row]
