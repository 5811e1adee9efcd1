"""What a notification says, in the reader's language: made from its kind and its context each time it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from accounts.facade import User, notice_kind_get
from social.models import WishKind

MARKED = ("who", "about")
"""What a sentence sets apart: names of people and of things, each in a direction of its own."""


@dataclass(frozen=True, slots=True)
class Words:
    """`text` is plain, `html` the same with names set apart. `title` says of what kind it is."""

    title: str
    text: str
    html: SafeString


def words_of(kind_code: str, context: Mapping[str, Any], *, who: str = "", about: str = "") -> Words:
    """The sentence of one notification. `about` replaces the context's (a title in the reader's language).

    A kind that no app registers any more, or a context that lacks a name, says its code: never an error for the reader.
    """
    values = {**context, **episode_words(context), "who": who}
    if about:
        values["about"] = about
    try:
        kind = notice_kind_get(kind_code)
        plain = kind.words(values)
        labels = {name: str(enum(values[name]).label) for name, enum in kind.choices.items()}
        html = conditional_escape(str(kind.text)) % {
            name: _marked(name, value) for name, value in {**values, **labels}.items()
        }
    except (LookupError, ValueError, TypeError):
        return Words(kind_code, kind_code, SafeString(conditional_escape(kind_code)))
    return Words(str(kind.title), plain, SafeString(html))


def _marked(name: str, value: Any) -> SafeString:
    return format_html("<bdi>{}</bdi>", value) if name in MARKED else conditional_escape(value)


def who_words(people: Sequence[User], count: int) -> str:
    """ "A", "A and B", "A and 12 others": `people` are the latest whom the reader may see, `count` all of them."""
    if not people:
        return _("Somebody")
    first = people[0].name
    if count <= 1:
        return first
    if count == 2 and len(people) > 1:
        return _("%(first)s and %(second)s") % {"first": first, "second": people[1].name}
    others = count - 1
    return ngettext("%(first)s and %(count)s other", "%(first)s and %(count)s others", others) % {
        "first": first,
        "count": others,
    }


def episode_words(context: Mapping[str, Any]) -> dict[str, str]:
    """`episode` and `variant` of a new episode, from the `episodes` and `variants` of its context; {} of anything else."""
    if "episodes" not in context:
        return {}
    return {"episode": numbers_words(context["episodes"]), "variant": variants_words(context.get("variants", []))}


def numbers_words(numbers: Sequence[int]) -> str:
    """ "3", "3–5", "3–5, 8": runs of following numbers are one range."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def variants_words(variants: Sequence[Sequence[str]]) -> str:
    """ "Sub (English), Dub (Russian)"."""
    return ", ".join(variant_words(kind, language) for kind, language in variants)


def variant_words(kind: str, language: str) -> str:
    """ "Sub (English)"; without a language only the kind."""
    label = str(WishKind(kind).label)
    return f"{label} ({language_name(language)})" if language else label


def language_name(code: str) -> str:
    """A language's name in the active language, else its BCP 47 code as it is."""
    for known in (code.lower(), code.partition("-")[0].lower()):
        try:
            return str(get_language_info(known)["name_translated"])
        except KeyError:
            continue
    return code


__all__ = ["Words", "episode_words", "language_name", "variant_words", "who_words", "words_of"]
