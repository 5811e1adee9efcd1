"""Why a line of a file is not taken, or what is to be said of it, as people read it; stored is the code alone."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from lists.importing.lines import REASONS

_SENTENCES: Final[dict[str, Text]] = {
    "manga": _("Manga: this site keeps lists of anime."),
    "duplicate": _("The file has this anime a second time; the first line counts."),
    "hidden": _("This anime is not shown on this site."),
    "bad_status": _("Its status is none that is known."),
    "beyond_count": _("More episodes than the catalogue counts. They are kept as the file says."),
}


def line_reason_words(reason: str, detail: str = "") -> str:
    """The sentence of a code in the language that is active; a code that has none stands as it is, or as its detail."""
    return str(_SENTENCES.get(reason) or REASONS.get(reason) or detail or reason)
