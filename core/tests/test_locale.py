"""The Russian texts are complete, keep their placeholders, and the compiled file is the one that belongs to them."""

import ast
import gettext
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "locale" / "ru" / "LC_MESSAGES"
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}|</?\w+>")


def _entries() -> list[dict[str, str]]:
    """{"msgid": …, "msgid_plural": …, "msgstr[0]": …} of each text."""
    found = []
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]:
        entry: dict[str, str] = {"flags": " ".join(line for line in block.splitlines() if line.startswith("#,"))}
        key = ""
        for line in block.splitlines():
            if match := re.match(r'(msg[a-z_]+(?:\[\d\])?) (".*")$', line):
                key = match[1]
                entry[key] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                entry[key] += ast.literal_eval(line)
        if entry.get("msgid"):
            found.append(entry)
    return found


ENTRIES = _entries()


def test_every_text_is_translated() -> None:
    assert len(ENTRIES) > 500
    empty = [
        entry["msgid"]
        for entry in ENTRIES
        if "fuzzy" in entry["flags"] or not all(text for key, text in entry.items() if key.startswith("msgstr"))
    ]
    assert empty == []


def test_placeholders_are_kept() -> None:
    changed = [
        entry["msgid"]
        for entry in ENTRIES
        for key, text in entry.items()
        if key.startswith("msgstr") and set(_PLACEHOLDER.findall(text)) != _placeholders(entry)
    ]
    assert changed == []


def _placeholders(entry: dict[str, str]) -> set[str]:
    return set(_PLACEHOLDER.findall(entry.get("msgid_plural", entry["msgid"])))


def test_the_compiled_file_is_current() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [
        entry["msgid"]
        for entry in ENTRIES
        if "msgid_plural" not in entry and _compiled(compiled, entry) != entry["msgstr"]
    ]
    assert stale == []


def _compiled(compiled: gettext.GNUTranslations, entry: dict[str, str]) -> str:
    if "msgctxt" in entry:
        return compiled.pgettext(entry["msgctxt"], entry["msgid"])
    return compiled.gettext(entry["msgid"])
