"""Texts that people write for others: checked, made into safe HTML, with whom they name looked up once."""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from core.markup import VERSION, Reading, markdown_read
from core.markup.reading import ImageHtml
from social.selectors.relations import people_not_hidden

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

MENTIONS_KNOWN = 50
"""How many names of one text are looked up; more are plain text."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""No database takes these: NUL, halves of characters."""
_FILLERS = frozenset("\u2800\u3164\u115f\u1160\uffa0")
"""Letters by their category that draw nothing."""


@dataclass(frozen=True, slots=True)
class MadeText:
    """A text as it is shown. `excerpt`: its beginning as plain text without spoilers; `mentioned`: whom it names;
    `links`: the addresses to which it links outside of spoilers, each once.
    """

    html: str
    html_version: int
    excerpt: str
    mentioned: list[User]
    links: tuple[str, ...]


def text_check(*, body: Any, limit: int, field: str = "body", is_required: bool = True, empty: str = "") -> str:
    """`body` itself: what is kept is what was written. Raises `ValidationFailed` naming `field` for what is no text, longer
    than `limit` characters, cannot be stored (NUL, halves of characters) or, where it `is_required`, shows nothing at all
    (`empty`: the words for that).
    """
    if not isinstance(body, str) or _UNSTORABLE.search(body):
        raise ValidationFailed({field: [_("A text.")]})
    if len(body) > limit:
        raise ValidationFailed({field: [_("At most %(limit)s characters.") % {"limit": limit}]})
    if is_required and all(_draws_nothing(letter) for letter in body):
        raise ValidationFailed({field: [empty or _("Say something.")]})
    return body


def text_make(*, body: str, author: User, watch_path: str = "", image_html: ImageHtml | None = None) -> MadeText:
    """Read Markdown that `author` wrote; one query where it names anybody, none otherwise.

    People are named who are public (not suspended, not leaving) and from whom no block parts the author. `watch_path`:
    times like 12:34 lead there. `image_html` as in `core.markup`.
    """
    reading = markdown_read(body, watch_path=watch_path)
    people = people_named(author, reading)
    return MadeText(
        html=str(reading.html(people=paths_of(people), image_html=image_html)),
        html_version=VERSION,
        excerpt=reading.excerpt(),
        mentioned=people,
        links=links_open(reading),
    )


def text_preview(*, body: str, viewer: "Viewer", watch_path: str = "") -> str:
    """The HTML that this text would have if `viewer` published it; nothing is kept."""
    reading = markdown_read(body, watch_path=watch_path)
    return str(reading.html(people=paths_of(people_named(viewer, reading))))


def people_named(author: "Viewer", reading: Reading) -> list[User]:
    """The people whom a text of `author` names, in the order of the text; one query, none where it names nobody."""
    names = reading.mentions[:MENTIONS_KNOWN]
    if not names or not author.is_authenticated:
        return []
    people = User.objects.public().alias(folded=Lower("username")).filter(folded__in=names)
    rows = people_not_hidden(author.pk, people)
    found = {user.username.lower(): user for user in rows}
    return [found[name] for name in names if name in found]


def links_open(reading: Reading) -> tuple[str, ...]:
    """The addresses that the text gives away: none of those that stand in spoilers alone."""
    return tuple(link for link in reading.links if link not in reading.covered)


def paths_of(people: list[User]) -> dict[str, str]:
    """By name in lower case, the path of each one's page."""
    return {user.username.lower(): reverse("profile", args=[user.username]) for user in people}


def _draws_nothing(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "CZ" or letter in _FILLERS
