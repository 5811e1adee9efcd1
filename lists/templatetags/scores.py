"""Scores as a person's format draws them: digits, stars, smileys; to read, to press, to fill in."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from catalog.facade import AnimeKind
from core.templatetags.site import icon
from lists.models.preferences import ScoreFormat
from lists.scores import score_highest, score_shown

register = template.Library()

PRESSED = (ScoreFormat.POINT_5, ScoreFormat.POINT_3)
"""Formats whose scores are pressed; the others are typed."""
_FACES = {1: "bad", 2: "fair", 3: "good"}


def _face(step: int) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/smileys.svg"), _FACES[step]
    )


def score_words(step: int, score_format: str) -> str:
    """What a step of a pressed format is called: "4 stars", "Good"."""
    if score_format == ScoreFormat.POINT_3:
        return {1: gettext("Bad"), 2: gettext("Fair"), 3: gettext("Good")}[step]
    return ngettext("%(count)s star", "%(count)s stars", step) % {"count": step}


@register.simple_tag
def score_text(score: int | None, score_format: str) -> SafeString | str:
    """A score to read: "7.5", four stars of five, a smiley; "" for none."""
    return _text(score, score_format, get_language() or "") if score is not None else ""


@lru_cache(maxsize=2048)
def _text(score: int, score_format: str, language: str) -> SafeString:
    shown = score_shown(score, score_format)
    if score_format == ScoreFormat.POINT_3:
        return format_html(
            '<span class="score score-face score-face-{}" role="img" aria-label="{}">{}</span>',
            shown,
            score_words(int(shown), score_format),
            _face(int(shown)),
        )
    if score_format == ScoreFormat.POINT_5:
        return format_html('<span class="score score-star">{}<span>{}</span></span>', icon("star"), shown)
    return format_html('<span class="score">{}</span>', shown)


@register.simple_tag
def score_pressed(score: int | None, score_format: str, title: str = "", anime_id: int = 0) -> SafeString:
    """Inside a form: a number to type, or a button named "score" for each step; the one that is given takes it away.

    `title` names the anime for who hears the page; `anime_id` gives the controls ids, by which the focus finds its way back.
    """
    shown, language = score_shown(score, score_format), get_language() or ""
    if score_format in PRESSED:
        return format_html(
            '<span class="score-buttons score-buttons-{}" role="group" aria-label="{}">{}</span>',
            score_format,
            _named(title),
            mark_safe(_buttons(shown, score_format, language).replace("score-N-", f"score-{anime_id}-")),  # noqa: S308
        )
    return format_html(
        '<input class="score-number" id="score-{}" type="text" name="score" value="{}" inputmode="{}" maxlength="4" '
        'autocomplete="off" placeholder="–" aria-label="{}">',
        anime_id,
        shown,
        "decimal" if score_format == ScoreFormat.POINT_10_DECIMAL else "numeric",
        _named(title),
    )


def _named(title: str) -> str:
    return gettext("Your score of %(title)s") % {"title": title} if title else gettext("Your score")


@lru_cache(maxsize=64)
def _buttons(shown: str, score_format: str, language: str) -> SafeString:
    chosen = int(shown or 0)
    return format_html_join(
        "",
        '<button id="score-N-{}" name="score" value="{}" class="{}" aria-pressed="{}" title="{}">'
        '<span class="sr-only">{}</span>{}</button>',
        (
            (
                step,
                "" if step == chosen else step,
                "is-on" if _is_lit(step, chosen, score_format) else "",
                "true" if step == chosen else "false",
                score_words(step, score_format),
                score_words(step, score_format),
                icon("star") if score_format == ScoreFormat.POINT_5 else _face(step),
            )
            for step in range(1, score_highest(score_format) + 1)
        ),
    )


def _is_lit(step: int, chosen: int, score_format: str) -> bool:
    return step <= chosen if score_format == ScoreFormat.POINT_5 else step == chosen


@register.simple_tag
def score_field(shown: str, score_format: str, field_id: str, described_by: str = "") -> SafeString:
    """A field of a form that is saved as a whole, with what was typed (`shown`): a number, or one radio button a step."""
    if score_format not in PRESSED:
        return format_html(
            '<input id="{}" type="text" name="score" value="{}" inputmode="decimal" maxlength="6" autocomplete="off"{}>',
            field_id,
            shown,
            format_html(' aria-invalid="true" aria-describedby="{}"', described_by) if described_by else "",
        )
    steps = range(score_highest(score_format) + 1)
    return format_html(
        '<span class="score-radios score-radios-{}">{}</span>',
        score_format,
        format_html_join(
            "",
            '<label class="score-radio"><input type="radio" name="score" value="{}"{}{}><span>{}</span>{}</label>',
            (
                (
                    step or "",
                    mark_safe(f' id="{field_id}"') if not step else "",  # noqa: S308 — ids are ours
                    mark_safe(" checked") if str(step or "") == shown else "",
                    score_words(step, score_format) if step else gettext("No score"),
                    _drawn(step, score_format),
                )
                for step in steps
            ),
        ),
    )


def _drawn(step: int, score_format: str) -> SafeString:
    if not step:
        return icon("minus")
    if score_format == ScoreFormat.POINT_5:
        return mark_safe(icon("star") * step)  # noqa: S308 — the same icon several times
    return _face(step)


@register.simple_tag
def score_hint(score_format: str) -> str:
    """Which scores a format knows, in words."""
    return {
        ScoreFormat.POINT_10: gettext("1 to 10"),
        ScoreFormat.POINT_10_DECIMAL: gettext("0.1 to 10, one decimal"),
        ScoreFormat.POINT_100: gettext("1 to 100"),
        ScoreFormat.POINT_5: gettext("1 to 5 stars"),
        ScoreFormat.POINT_3: gettext("bad, fair or good"),
    }[ScoreFormat(score_format)]


@register.simple_tag
def score_choice(score_format: str) -> SafeString:
    """A field that may leave scores as they are ("") or take them away ("none")."""
    if score_format not in PRESSED:
        return format_html(
            '<input class="input" name="score" inputmode="decimal" maxlength="6" autocomplete="off" placeholder="{}">',
            gettext("Score…"),
        )
    steps = range(1, score_highest(score_format) + 1)
    options = [("", gettext("Score…")), *((step, score_words(step, score_format)) for step in steps)]
    return format_html(
        '<select class="input" name="score">{}</select>',
        format_html_join("", '<option value="{}">{}</option>', [*options, ("none", gettext("No score"))]),
    )


@register.filter
def kind_name(kind: str) -> str:
    """ "tv" as people write it."""
    return str(AnimeKind(kind).label) if kind in AnimeKind.values else kind
