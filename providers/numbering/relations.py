"""Reads `anime-relations.txt`: which episodes of one anime are those of another where releases count on."""

import re
from dataclasses import dataclass

from providers.numbering.reading import NumberingUnreadable

_IDS = r"([0-9]{1,9}|[?~])\|([0-9]{1,9}|[?~])\|([0-9]{1,9}|[?~])"
_RANGE = r"([0-9]{1,6})(?:-([0-9]{1,6}|\?))?"
_RULE = re.compile(rf"- {_IDS}:{_RANGE} -> {_IDS}:{_RANGE}(!?)")


@dataclass(frozen=True, slots=True)
class RedirectDraft:
    """Episodes `first`–`last` of a MAL id are those of `target_mal_id` from `target_first` on; `last` None: all after it.

    Where the target has fewer, the rest are all its last one.
    """

    mal_id: int
    first: int
    last: int | None
    target_mal_id: int
    target_first: int
    target_last: int | None


@dataclass(frozen=True, slots=True)
class RelationsRead:
    """What the file says; `unknown` rules name no MAL id on one side, `repeated` ones came before."""

    redirects: tuple[RedirectDraft, ...]
    unknown: int = 0
    repeated: int = 0


def relations_read(text: str) -> RelationsRead:
    """The rules of the file, "!" written out. Raises `NumberingUnreadable`, which names the line."""
    found: dict[tuple[int, int, int], RedirectDraft] = {}
    unknown = repeated = 0
    section = ""
    for place, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("::"):
            section = line
        elif section == "::rules":
            drafts = _rule_read(line, place)
            unknown += not drafts
            for draft in drafts:
                key = (draft.mal_id, draft.first, draft.target_mal_id)
                repeated += key in found
                found.setdefault(key, draft)
    if section != "::rules":
        raise NumberingUnreadable("no part “::rules”")
    return RelationsRead(tuple(found.values()), unknown, repeated)


def _rule_read(line: str, place: int) -> list[RedirectDraft]:
    """A rule, and with "!" a second one; none where MAL's id of one side is not known."""
    rule = _RULE.fullmatch(line)
    if rule is None or rule[1] == "~":
        raise NumberingUnreadable(f"no rule: {line[:80]}", place)
    source, target = rule[1], rule[1] if rule[6] == "~" else rule[6]
    first, last = _range_read(rule[4], rule[5], place)
    target_first, target_last = _range_read(rule[9], rule[10], place)
    if "?" in (source, target):
        return []
    draft = RedirectDraft(int(source), first, last, int(target), target_first, target_last)
    again = RedirectDraft(int(target), first, last, int(target), target_first, target_last)
    return [draft, again] if rule[11] and source != target else [draft]


def _range_read(first: str, last: str | None, place: int) -> tuple[int, int | None]:
    if last == "?":
        return int(first), None
    if last is not None and int(last) < int(first):
        raise NumberingUnreadable(f"a range that ends before it begins: {first}-{last}", place)
    return int(first), int(last or first)
