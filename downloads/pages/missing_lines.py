"""Lines of the missing board and episodes in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils import formats
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from catalog.facade import CardView
from downloads.errors import DownloadFailed
from downloads.missing.filling import Filled
from downloads.missing.gathering import EpisodeGap
from downloads.missing.held import HeldFile
from downloads.missing.selectors import AnimeGaps
from downloads.missing.states import REASONS, GapState
from downloads.models import DownloadState, VariantFollow

ICONS = {
    GapState.PRESENT: "circle-check",
    GapState.IN_QUEUE: "loader-circle",
    GapState.NOT_AIRED: "calendar-days",
    GapState.NO_SOURCE: "circle-slash",
    GapState.NO_ALLOWED_HOST: "shield-alert",
    GapState.FAILED: "circle-alert",
    GapState.READY: "download",
}
KINDS = (("dub", gettext_lazy("Dub")), ("sub", gettext_lazy("Sub")), ("raw", gettext_lazy("Raw")))
SKIPPED = {
    "unknown": gettext_lazy("no such episode"),
    "too_many": gettext_lazy("left for the next time"),
    "in_queue": gettext_lazy("in the queue already"),
    "present": gettext_lazy("present"),
    "not_aired": gettext_lazy("not aired yet"),
    "no_source": gettext_lazy("no source"),
    "no_allowed_host": gettext_lazy("no allowed host"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """`state` chooses colour and icon."""

    state: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One anime on the board. Percentages are whole; `card` is None for an anime whose card nobody may see."""

    gaps: AnimeGaps
    card: CardView | None
    present_percent: int
    queue_percent: int
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """One episode on the page of an anime: `words` say its state, `held` its files."""

    gap: EpisodeGap
    icon: str
    label: str
    words: str
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderLine:
    order: VariantFollow
    words: str


def board_line(gaps: AnimeGaps, card: CardView | None) -> BoardLine:
    known = max(gaps.known, 1)
    chips = tuple(
        Chip(str(state), ICONS[state], f"{state.label}: {count}")
        for state in REASONS
        if (count := gaps.reasons.get(state))
    )
    queued = gaps.reasons.get(GapState.IN_QUEUE, 0)
    return BoardLine(gaps, card, gaps.present * 100 // known, queued * 100 // known, chips)


def episode_line(gap: EpisodeGap) -> EpisodeLine:
    return EpisodeLine(gap, ICONS[gap.state], str(gap.state.label), _why(gap), tuple(_held(one) for one in gap.files))


def _why(gap: EpisodeGap) -> str:
    if gap.state == GapState.NOT_AIRED:
        return _("Airs on %(day)s") % {"day": formats.date_format(gap.aired_on)} if gap.aired_on else _("No day known")
    if gap.state == GapState.IN_QUEUE and gap.download:
        state = DownloadState(gap.download.state).label
        return f"{state}, {round(gap.download.percent)} %" if gap.download.percent else str(state)
    if gap.state == GapState.NO_SOURCE and gap.variants:
        return _("Only in other variants: %(variants)s") % {"variants": variants_words(gap.variants)}
    if gap.state == GapState.NO_ALLOWED_HOST:
        return _("Only at %(hosts)s") % {"hosts": ", ".join(gap.hosts[:3])}
    if gap.state == GapState.FAILED and gap.failure:
        return f"×{gap.failure.attempts} · {error_words(gap.failure.error_code)}"
    if gap.state == GapState.READY:
        return variants_words(gap.variants)
    return ""


def _held(file: HeldFile) -> str:
    """ "1080p · Sub (English) · 1.4 GB"; what is not known is left out."""
    parts = [f"{file.height}p" if file.height else "", variants_words(file.variants), filesizeformat(file.size)]
    return " · ".join(part for part in parts if part)


def error_words(code: str) -> str:
    """What a stable code means, else the code."""
    waiting: list[type[DownloadFailed]] = [DownloadFailed]
    while waiting:
        one = waiting.pop()
        if one.code == code:
            return str(one.title)
        waiting.extend(one.__subclasses__())
    return code


def variants_words(variants: Iterable[tuple[str, str]]) -> str:
    """ "Dub (German), Sub (English)"; "" for what names none."""
    return ", ".join(words for kind, language in variants if (words := variant_words(kind, language)))


def variant_words(kind: str, language: str) -> str:
    label = str(dict(KINDS).get(kind, ""))
    if not language:
        return label
    return f"{label} ({language_name(language)})" if label else language_name(language)


def language_name(code: str) -> str:
    """A language's name in the active language, else its BCP 47 code as it is."""
    for known in (code.lower(), code.partition("-")[0].lower()):
        try:
            name = str(get_language_info(known)["name_translated"])
        except KeyError:
            continue
        return name if known == code.lower() or "-" not in code else f"{name} ({code})"
    return code


def order_line(order: VariantFollow) -> OrderLine:
    variant = variant_words(order.variant_kind, order.variant_language) or _("Any variant")
    parts = [variant, f"≤ {order.quality}p" if order.quality else ""]
    if order.first_episode > 1:
        parts.append(_("from episode %(number)s") % {"number": order.first_episode})
    return OrderLine(order, " · ".join(part for part in parts if part))


def filled_words(filled: Filled) -> str:
    """What a fill did, in a sentence or two."""
    count = len(filled.queued)
    said = ngettext("%(count)s episode queued.", "%(count)s episodes queued.", count) % {"count": count}
    counts: dict[str, int] = {}
    for one in filled.skipped:
        if one.reason != "present":
            counts[one.reason] = counts.get(one.reason, 0) + 1
    if not counts:
        return said if count else _("Nothing is missing.")
    reasons = ", ".join(f"{number} {_skipped(reason)}" for reason, number in sorted(counts.items()))
    return f"{said} " + _("Not queued: %(reasons)s.") % {"reasons": reasons}


def _skipped(reason: str) -> str:
    return str(SKIPPED.get(reason) or error_words(reason))


def lines_of(gaps: Sequence[EpisodeGap]) -> tuple[list[EpisodeLine], list[EpisodeLine]]:
    """Regular episodes, and everything else."""
    lines = [episode_line(gap) for gap in gaps]
    return [one for one in lines if one.gap.kind == "regular"], [one for one in lines if one.gap.kind != "regular"]
