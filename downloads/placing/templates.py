"""The operator's naming templates, read: text, fields in braces, "/" between folders.

`{title} ({year})/Season {season:02}/{title} - S{season:02}E{episode:02} [{quality}]`. We read it ourselves; nothing in it reaches
Python's formatting, so that `{title.__class__}` is just wrong.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from downloads.errors import ConfigurationInvalid
from downloads.placing.safe_names import text_clean

TITLES = ("title", "title_english", "title_native")
NUMBERS = ("year", "season", "episode", "absolute")
TEXTS = ("episode_title", "quality", "language", "variant", "group", "kind")
FIELDS = (*TITLES, *NUMBERS, *TEXTS)
MAX_TEMPLATE = 300
"""Characters of a template."""
MAX_FOLDERS = 4
MAX_LITERAL = 100
"""Bytes of a part's own text, so that what matters always fits."""
_FIELD = re.compile(r"\{([a-z_]+)(?::(0[1-4]))?\}", re.ASCII)
_REFUSED = re.compile(r'[<>:"\\|?*%\x00-\x1f\x7f]')
_PAIRS = (("(", ")"), ("[", "]"))


@dataclass(frozen=True, slots=True)
class Token:
    """A text (`field` is "") or a field with the least digits of its number (0: as many as there are)."""

    text: str
    field: str = ""
    width: int = 0


Part = tuple[Token, ...]


@lru_cache(maxsize=64)
def template_parse(template: str) -> tuple[Part, ...]:
    """The parts of a template, folders first. Raises `ConfigurationInvalid` (field `naming_template`) with all that is wrong."""
    wrong: list[Text] = []
    if not isinstance(template, str) or not template or len(template) > MAX_TEMPLATE:
        _refuse([_("Write a template of 1 to 300 characters.")])
    if template.startswith(("/", "~")):
        wrong.append(_("The template must not begin at the root of the disk."))
    parts = tuple(_part_read(text, wrong) for text in template.split("/"))
    if len(parts) > MAX_FOLDERS + 1:
        wrong.append(_("At most four folders are made."))
    used = [{token.field for token in part if token.field} for part in parts]
    if not any(fields.intersection(TITLES) for fields in used):
        wrong.append(_("The template needs a title, for example {title}."))
    if not used[-1].intersection(("episode", "absolute")):
        wrong.append(_("The name of the file needs the episode, for example {episode:02}."))
    if wrong:
        _refuse(wrong)
    return parts


def _refuse(messages: list[Text]) -> None:
    raise ConfigurationInvalid(extra={"fields": {"naming_template": list(dict.fromkeys(map(str, messages)))}})


def _part_read(text: str, wrong: list[Text]) -> Part:
    tokens, at = [], 0
    for found in _FIELD.finditer(text):
        tokens.append(Token(text[at : found.start()]))
        name, digits = found[1], found[2]
        if name not in FIELDS:
            wrong.append(gettext("There is no field {%(name)s}.") % {"name": name})
        if digits and name not in NUMBERS:
            wrong.append(gettext("{%(name)s} is no number and takes no digits.") % {"name": name})
        tokens.append(Token("", name, int(digits or 0)))
        at = found.end()
    tokens.append(Token(text[at:]))
    own = "".join(token.text for token in tokens)
    if "{" in own or "}" in own:
        wrong.append(_("Braces hold one field each, such as {title} or {season:02}."))
    elif _REFUSED.search(own) or any(_is_changed(token.text) for token in tokens):
        wrong.append(_("The template has characters that no file name may have."))
    if text.strip() in ("", ".", "..") or text.startswith((".", " ", "-")) or text.endswith((".", " ")):
        wrong.append(_("A folder or file must not be empty, hidden, or end with a dot or a space."))
    if not _is_balanced(own):
        wrong.append(_("A bracket is opened and not closed, or the other way round."))
    if len(own.encode(errors="replace")) > MAX_LITERAL:
        wrong.append(_("A folder or file has too much text of its own."))
    names = [token.field for token in tokens if token.field]
    if len(names) > len(set(names)):
        wrong.append(_("A field stands twice in the name of one folder or file."))
    return tuple(token for token in tokens if token.text or token.field)


def _is_changed(text: str) -> bool:
    """Whether cleaning would change more than blanks."""
    return text_clean(text).split() != unicodedata.normalize("NFC", text).split()


def _is_balanced(text: str) -> bool:
    for opening, closing in _PAIRS:
        depth = 0
        for character in text:
            depth += (character == opening) - (character == closing)
            if depth < 0:
                return False
        if depth:
            return False
    return True
