"""Lines of an import as the wizard draws them: mine beside theirs, in the viewer's words and scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.facade import User
from catalog.facade import CardView, anime_cards, card_view
from core.site.preferences import TitleLanguage
from lists.importing.diffing import conflicts_of
from lists.importing.line_reasons import line_reason_words
from lists.importing.rules import SKIP
from lists.models import EntryStatus, ImportRule, ListImportRow, RowOutcome, RowState
from lists.scores import score_shown

NOTES_SHOWN = 160
_APPLIED = (RowState.APPLIED, RowState.UNDONE, RowState.CHANGED_SINCE)
LABELS = {
    "status": gettext_lazy("Status"),
    "score": gettext_lazy("Score"),
    "episodes_watched": gettext_lazy("Episodes"),
    "rewatch_count": gettext_lazy("Times rewatched"),
    "started_on": gettext_lazy("Started"),
    "finished_on": gettext_lazy("Finished"),
    "notes": gettext_lazy("Notes"),
    "is_private": gettext_lazy("Private"),
    "is_favourite": gettext_lazy("Favourite"),
    "tags": gettext_lazy("Tags"),
}
CHOICES = [
    ("", gettext_lazy("As chosen for all")),
    (ImportRule.THEIRS.value, gettext_lazy("Take the file’s")),
    (ImportRule.MINE.value, gettext_lazy("Keep mine")),
    (ImportRule.NEWEST.value, gettext_lazy("The newer one")),
    (ImportRule.HIGHEST.value, gettext_lazy("The one further along")),
    (SKIP, gettext_lazy("Leave out")),
]


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field that differs. `is_conflict`: both say something; otherwise the file fills a gap."""

    label: str
    mine: str
    theirs: str
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An anime that an unknown title may be; `is_chosen` by the person."""

    card: CardView
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One line. `card` is our anime, None while the title is unknown; `facts` is the entry as the file tells it."""

    row: ListImportRow
    card: CardView | None
    facts: tuple[tuple[str, str], ...]
    fields: tuple[FieldPair, ...]
    candidates: tuple[Candidate, ...]
    reason: str
    is_warning: bool

    @property
    def is_renamed(self) -> bool:
        """Whether the file calls it otherwise than the viewer reads it here."""
        return self.card is not None and self.card.title.casefold() != self.row.title.casefold()

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, whether it is chosen) of what may be chosen for this line alone."""
        offered = CHOICES if self.row.diff else [CHOICES[0], CHOICES[-1]]
        return [(value, str(label), value == self.row.choice) for value, label in offered]

    @property
    def is_told(self) -> bool:
        """Whether `fields` tell what applying it changed; otherwise mine stands beside the file's."""
        return self.row.state in _APPLIED


def line_views(
    user: User, rows: Sequence[ListImportRow], *, language: TitleLanguage, score_format: str
) -> list[LineView]:
    """The lines with their cards; one query."""
    ids = {row.anime_id for row in rows if row.anime_id is not None}
    ids |= {candidate["anime_id"] for row in rows for candidate in row.candidates}
    cards = {key: card_view(card, language) for key, card in anime_cards(user, sorted(ids)).items()}
    return [_line(row, cards, score_format) for row in rows]


def _line(row: ListImportRow, cards: Mapping[int, CardView], score_format: str) -> LineView:
    pairs = _applied_pairs(row) if row.state in _APPLIED else row.diff
    conflicts = conflicts_of(row.diff) if row.state == RowState.PENDING else frozenset()
    return LineView(
        row=row,
        card=cards.get(row.anime_id or 0),
        facts=_facts(row, score_format),
        fields=tuple(
            FieldPair(
                str(LABELS[name]),
                value_shown(name, mine, score_format),
                value_shown(name, theirs, score_format),
                name in conflicts,
            )
            for name, (mine, theirs) in pairs.items()
        ),
        candidates=tuple(
            Candidate(cards[found["anime_id"]], found["anime_id"] == row.anime_id)
            for found in row.candidates
            if found["anime_id"] in cards
        ),
        reason=line_reason_words(row.reason, str(row.record.get("detail") or "")),
        is_warning=row.outcome != RowOutcome.ERROR and bool(row.reason),
    )


def _applied_pairs(row: ListImportRow) -> dict[str, list[Any]]:
    """{field: [before, after]} of what applying the line changed; nothing for an entry that it made."""
    if row.before is None or row.after is None:
        return {}
    return {name: [row.before[name], row.after[name]] for name in LABELS if row.before[name] != row.after[name]}


def _facts(row: ListImportRow, score_format: str) -> tuple[tuple[str, str], ...]:
    if row.outcome == RowOutcome.ERROR and not row.record.get("state"):
        return ()
    state, said = row.record["state"], row.record["said"]
    shown = ((name, value_shown(name, state[name], score_format)) for name in LABELS if name in said and state[name])
    return tuple((str(LABELS[name]), text) for name, text in shown)


def value_shown(name: str, value: Any, score_format: str) -> str:
    """A value of a field as people read it; a dash for nothing."""
    if name == "status":
        return str(EntryStatus(value).label) if value else "–"
    if name == "score":
        return score_shown(value, score_format) or "–"
    if name in ("is_private", "is_favourite"):
        return _("Yes") if value else _("No")
    if name == "tags":
        return ", ".join(value) or "–"
    text = str(value)
    return (text if len(text) <= NOTES_SHOWN else text[:NOTES_SHOWN] + "…") if text else "–"
