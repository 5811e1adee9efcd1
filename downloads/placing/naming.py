"""The names of files in the library: a template of the operator (`templates`), filled with facts of an episode."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from downloads.placing.safe_names import cut, part_safe, text_clean
from downloads.placing.templates import MAX_LITERAL, TITLES, Part, Token, template_parse

MAX_STEM = 200
"""Bytes of a file's name without its ending: 55 stay for the endings of the file and of its companions."""
MAX_FOLDER = 150
"""Bytes of a folder's name: with `MAX_FOLDERS` and the file, a path stays within 900 (the table holds 1,000)."""
MAX_MARK = 30
"""Bytes of an anime's mark."""
KIND_WORDS = {
    "special": "Special",
    "credits": "Credits",
    "trailer": "Trailer",
    "parody": "Parody",
    "other": "Extra",
}
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)
_HOLE = "\x00"
_SEPARATORS = r"[\s._\-–—·,;+&]"
_EMPTY_PAIR = re.compile(r"\((?:S*\x00)+S*\)|\[(?:S*\x00)+S*\]".replace("S", _SEPARATORS))
_HOLE_FIRST = re.compile(rf"(^|[(\[])\x00{_SEPARATORS}*")
_HOLE_LATER = re.compile(rf"{_SEPARATORS}*\x00")
_EPISODE_LETTER = re.compile(r"(?:^|[^A-Za-z])(?:[Ss])?(EP|Ep|ep|E|e|x)$")


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a name is made of; empty texts and None are not known.

    `episode`–`last_episode` are one file's (last_episode 0: one alone). `quality` is as it is written ("1080p"). `kind` is a
    catalog episode kind: all but regular ones stand in season 0. `mark` tells anime of one title apart ("mal-52991").
    """

    title: str
    title_english: str = ""
    title_native: str = ""
    year: int | None = None
    season: int = 1
    episode: int = 1
    last_episode: int = 0
    absolute: int | None = None
    episode_title: str = ""
    quality: str = ""
    language: str = ""
    variant: str = ""
    group: str = ""
    kind: str = "regular"
    is_film: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a preview: what it shows, and the path."""

    label: str
    path: str


def name_choices(template: str, facts: NameFacts, extension: str) -> list[PurePosixPath]:
    """What a file may be called, best first: as the template says; with its variant; with the anime's mark, too.

    For places that are taken: another variant of the episode, or another anime of the same title and year (a hundred of
    27,000 without). Raises as `name_render`.
    """
    ways = ((False, False), (True, False), (True, True))
    found = [
        name_render(template, facts, extension, tells_variant=variant, tells_anime=anime) for variant, anime in ways
    ]
    return list(dict.fromkeys(found))


def name_render(
    template: str, facts: NameFacts, extension: str, *, tells_variant: bool = False, tells_anime: bool = False
) -> PurePosixPath:
    """The path of a file under the library's root: safe on every file system, each part at most 255 bytes.

    `extension` is like ".mkv". Too long a part loses the episode's title first, then the end of its titles; numbers and quality
    stay. `tells_variant` adds language and variant where the template names neither, `tells_anime` the anime's mark after the
    first title. Raises `ConfigurationInvalid`.
    """
    if not _EXTENSION.fullmatch(extension):
        raise ValueError(extension)
    parts = template_parse(template)
    if tells_anime and (mark := cut(text_clean(facts.mark), MAX_MARK)):
        parts = _marked(parts, f" [{mark}]")
    fields = {token.field for part in parts for token in part}
    values = _values(facts, fields)
    folders = [folder for part in parts[:-1] if (folder := _fitting(part, values, MAX_FOLDER))]
    tail = _kind_tail(facts, fields)
    if tells_variant and not fields.intersection(("language", "variant")):
        variant = cut(text_clean(f"{facts.language} {facts.variant}"), MAX_LITERAL // 2)
        tail += f" [{variant}]" if variant else ""
    stem = _fitting(_with_tail(parts[-1], tail), values, MAX_STEM)
    return PurePosixPath(*folders, stem + extension)


def template_preview(template: str) -> list[Example]:
    """What files would be called: ordinary and odd ones. Raises `ConfigurationInvalid`."""
    return [Example(str(label), str(name_render(template, facts, ".mkv"))) for label, facts in _EXAMPLES]


def _values(facts: NameFacts, fields: set[str]) -> dict[str, str | tuple[int, int]]:
    """The cleaned value of each field; numbers as (first, last)."""
    season = facts.season if facts.kind == "regular" else 0
    absolute = facts.absolute if facts.absolute is not None or "episode" in fields else facts.episode
    more = max(facts.last_episode - facts.episode, 0)
    titles = [text for text in map(text_clean, (facts.title, facts.title_english, facts.title_native)) if text]
    best = next((title for title in titles if part_safe(title, fallback="")), "Untitled")
    values: dict[str, str | tuple[int, int]] = {
        "title": best,
        "title_english": text_clean(facts.title_english) or ("" if "title" in fields else best),
        "title_native": text_clean(facts.title_native) or ("" if "title" in fields else best),
        "year": (facts.year, facts.year) if facts.year else "",
        "season": (season, season),
        "episode": (facts.episode, facts.episode + more),
        "absolute": (absolute, absolute + more) if absolute is not None else "",
        "episode_title": text_clean(facts.episode_title),
        "quality": text_clean(facts.quality),
        "language": text_clean(facts.language),
        "variant": text_clean(facts.variant),
        "group": text_clean(facts.group),
        "kind": "Film" if facts.is_film and facts.kind == "regular" else KIND_WORDS.get(facts.kind, ""),
    }
    return values


def _kind_tail(facts: NameFacts, fields: set[str]) -> str:
    """The word that keeps apart what has the number of another kind: specials count by themselves in season 0 alone."""
    if "kind" in fields or facts.kind == "regular" or (facts.kind == "special" and "season" in fields):
        return ""
    return f" {KIND_WORDS.get(facts.kind, KIND_WORDS['other'])}"


def _marked(parts: tuple[Part, ...], mark: str) -> tuple[Part, ...]:
    """The parts with `mark` after the first title, the folder's mostly."""
    at = next(at for at, part in enumerate(parts) if any(token.field in TITLES for token in part))
    last = next(number for number, token in enumerate(parts[at]) if token.field in TITLES)
    marked = (*parts[at][: last + 1], Token(mark), *parts[at][last + 1 :])
    return (*parts[:at], marked, *parts[at + 1 :])


def _with_tail(part: Part, tail: str) -> Part:
    """The file's part with `tail` right after the last number of the episode."""
    last = max(at for at, token in enumerate(part) if token.field in ("episode", "absolute"))
    return (*part[: last + 1], Token(tail), *part[last + 1 :]) if tail else part


def _fitting(part: Part, values: dict[str, str | tuple[int, int]], limit: int) -> str:
    """The part of at most `limit` bytes, what is the least loss cut first; "" when nothing in it is known."""
    values = dict(values)
    used = [token.field for token in part if isinstance(values.get(token.field), str)]
    for name in sorted(used, key=lambda name: _WORTH.index(name) if name in _WORTH else len(_WORTH)):
        least = 0 if name not in TITLES else _LEAST_TITLE
        # Once may not do: what was cut off may have been a separator that falls away beside something unknown anyhow.
        while (over := len(_joined(part, values).encode()) - limit) > 0:
            value = str(values[name])
            shorter = cut(value, max(len(value.encode()) - over, least)).rstrip(" .-")
            if shorter == value:
                break
            values[name] = shorter
    return part_safe(_joined(part, values), limit=limit, fallback="")


_WORTH = ("episode_title", "group", "title_native", "title_english", "title")
"""What is shortened first."""
_LEAST_TITLE = 12


def _joined(part: Part, values: dict[str, str | tuple[int, int]]) -> str:
    """The text of a part, without the brackets and separators around what is not known."""
    text = ""
    for token in part:
        if not token.field:
            text += token.text
            continue
        value = values[token.field]
        if isinstance(value, tuple):
            first, last = str(value[0]).zfill(token.width), str(value[1]).zfill(token.width)
            letter = _EPISODE_LETTER.search(text) if token.field == "episode" else None
            value = first if first == last else f"{first}-{letter[1] if letter else ''}{last}"
        text += value or _HOLE
    while _EMPTY_PAIR.search(text):
        text = _EMPTY_PAIR.sub(_HOLE, text)
    while _HOLE in text:
        text = _HOLE_LATER.sub("", _HOLE_FIRST.sub(r"\1", text))
    return text.strip()


_EXAMPLES: tuple[tuple[Text, NameFacts], ...] = (
    (
        _("An episode"),
        NameFacts(
            title="Sousou no Frieren",
            title_english="Frieren: Beyond Journey's End",
            title_native="葬送のフリーレン",
            year=2023,
            episode=3,
            absolute=3,
            episode_title="Killing Magic",
            quality="1080p",
            language="ja",
            variant="sub",
            group="Hiroba",
        ),
    ),
    (
        _("A later season"),
        NameFacts(
            title="Dungeon Meshi",
            year=2024,
            season=2,
            episode=1,
            absolute=25,
            quality="720p",
            language="de",
            variant="dub",
        ),
    ),
    (_("Two episodes in one file"), NameFacts(title="Toradora!", year=2008, episode=1, last_episode=2, quality="720p")),
    (_("A special"), NameFacts(title="Bakemonogatari", year=2009, episode=1, quality="1080p", kind="special")),
    (
        _("A film"),
        NameFacts(title="Kimi no Na wa.", title_english="Your Name.", year=2016, quality="2160p", is_film=True),
    ),
    (_("No year known"), NameFacts(title="Fate/stay night: Unlimited Blade Works", episode=12, quality="480p")),
    (
        _("A long Japanese title"),
        NameFacts(
            title="この素晴らしい世界に祝福を！" * 8,
            year=2016,
            episode=10,
            episode_title="この理不尽な要塞に終焉を！" * 6,
            quality="1080p",
        ),
    ),
    (
        _("A long Russian title"),
        NameFacts(
            title="О моём перерождении в слизь и о том, что из этого вышло, рассказанное им самим по порядку " * 2,
            year=2018,
            episode=24,
            quality="1080p",
        ),
    ),
)
