"""Names of files: safe on every file system, whatever titles say; the episode is never lost."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.media.paths import path_within
from downloads.configuration.values import Configuration
from downloads.placing.naming import NameFacts, name_choices, name_render, template_preview
from downloads.placing.safe_names import part_safe, text_clean

pytestmark = pytest.mark.once

TEMPLATE = Configuration().naming_template
TEMPLATES = [
    TEMPLATE,
    "{group}/{title_native} [{language} {variant}]/{absolute:03} {episode_title} ({quality}) {kind} {title}",
    "{title_english}.{year}.{season}x{episode:02}.{quality}",
    "[{group}] {title} - {episode:02}",
]
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{a}{n}" for a in ("com", "lpt") for n in "0123456789¹²³"
}
_PATHS = [
    "..",
    "../../x",
    "CON",
    "nul.txt",
    "COM1",
    "LPT¹",
    "-rf",
    "~",
    ".hidden",
    "a/b",
    "a\\b",
    "C:\\x",
    "x:y",
    "%2e%2e%2f",
]
_SIGNS = ["%00", "\x00", "\n", '?*<>|"', "\u202egnp.exe", "\u200b", "e\u0301" * 90, "\ufe0f", "\ud800", "\u3164", "／"]
NASTY = st.sampled_from([*_PATHS, *_SIGNS, "x ", "x.", "   ", "...", ""])
TEXTS = st.one_of(NASTY, st.text(max_size=300), st.builds("".join, st.lists(NASTY, max_size=4)))
FACTS = st.builds(
    NameFacts,
    title=TEXTS,
    title_english=TEXTS,
    title_native=TEXTS,
    year=st.none() | st.integers(1900, 2100),
    season=st.integers(0, 40),
    episode=st.integers(0, 99_999),
    last_episode=st.integers(0, 99_999),
    absolute=st.none() | st.integers(0, 99_999),
    episode_title=TEXTS,
    quality=st.sampled_from(["", "1080p", "480p"]),
    language=TEXTS,
    variant=st.sampled_from(["", "dub", "sub"]),
    group=TEXTS,
    kind=st.sampled_from(["regular", "special", "credits", "trailer", "parody", "other"]),
    is_film=st.booleans(),
    mark=TEXTS,
)


def part_check(part: str) -> None:
    assert 0 < len(part.encode()) <= 255
    assert not set(part) & set('<>:"/\\|?*')
    assert not part.startswith((".", "-", "~", " "))
    assert not part.endswith((".", " "))
    assert part.split(".", maxsplit=1)[0].strip().lower() not in RESERVED
    assert unicodedata.is_normalized("NFC", part)
    assert not {unicodedata.category(character) for character in part} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@settings(max_examples=150)
@given(facts=FACTS, template=st.sampled_from(TEMPLATES), tells=st.booleans())
@example(
    facts=NameFacts(
        title="",
        title_native="¡" * 34 + "û" + "ā" * 59 + ".",
        episode=0,
        last_episode=100,
        quality="1080p",
        language="..",
    ),
    template=TEMPLATES[2],
    tells=True,
)
def test_any_facts_give_a_name_that_every_file_system_takes(facts: NameFacts, template: str, tells: bool) -> None:
    path = name_render(template, facts, ".mkv", tells_variant=tells, tells_anime=tells)
    for part in path.parts:
        part_check(part)
    assert len(str(path).encode()) <= 900
    assert path.suffix == ".mkv"
    # 55 bytes stay for the endings of companions.
    assert len(path.stem.encode()) <= 200
    number = facts.absolute if "absolute" in template and facts.absolute is not None else facts.episode
    assert str(number) in path.name
    assert facts.quality in path.name or "quality" not in template
    # What the library writes, it can serve: the guard of threat 9 lets it pass.
    assert path_within(Path("/nowhere/library"), str(path)) == Path("/nowhere/library") / path


@settings(max_examples=100)
@given(text=TEXTS, limit=st.integers(4, 255))
@example(text="NUL.000.0", limit=9)
def test_a_safe_part_stays_as_it_is(text: str, limit: int) -> None:
    part = part_safe(text, limit=limit)
    part_check(part)
    assert len(part.encode()) <= limit
    assert part_safe(part) == part


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fate/stay night: Unlimited Blade Works", "Fate-stay night - Unlimited Blade Works"),
        (".hack//SIGN", "hack--SIGN"),
        ("Re:Zero", "Re-Zero"),
        ("Is the Order a Rabbit?", "Is the Order a Rabbit"),
        ("CON", "_CON"),
        ("con.air", "_con.air"),
        ("Nul", "_Nul"),
        ("Console", "Console"),
        ("Kimi no Na wa.", "Kimi no Na wa"),
        ("-rf", "rf"),
        ('He said "no"', "He said 'no'"),
        ("a\u202eb\u200bc\ufeffd", "abcd"),
        ("e\u0301", "é"),
        ("tab\tnew\nline", "tab new line"),
        ("100%2F", "100％2F"),
        ("100%", "100%"),
        ("???", "_"),
        ("", "_"),
    ],
)
def test_what_becomes_of_a_title(text: str, expected: str) -> None:
    assert part_safe(text) == expected


def test_cutting_ends_with_a_whole_character_and_its_marks() -> None:
    assert part_safe("漢字" * 100, limit=10) == "漢字漢"
    assert part_safe("ab" + "q\u0323\u0307", limit=5) == "ab"
    assert text_clean("👍\ufe0f") == "👍"


@pytest.mark.parametrize(
    ("template", "facts", "expected"),
    [
        (TEMPLATE, {"year": 2008}, "Toradora! (2008)/Season 01/Toradora! - S01E03 [720p].mkv"),
        (TEMPLATE, {}, "Toradora!/Season 01/Toradora! - S01E03 [720p].mkv"),
        (TEMPLATE, {"quality": ""}, "Toradora!/Season 01/Toradora! - S01E03.mkv"),
        (TEMPLATE, {"last_episode": 4}, "Toradora!/Season 01/Toradora! - S01E03-E04 [720p].mkv"),
        (TEMPLATE, {"kind": "special"}, "Toradora!/Season 00/Toradora! - S00E03 [720p].mkv"),
        (TEMPLATE, {"kind": "trailer"}, "Toradora!/Season 00/Toradora! - S00E03 Trailer [720p].mkv"),
        ("{title} - {episode:02}", {"kind": "special"}, "Toradora! - 03 Special.mkv"),
        ("{title} - {episode:02} {kind}", {"is_film": True}, "Toradora! - 03 Film.mkv"),
        ("{title} - {episode:02} - {episode_title} ({year}, {quality})", {}, "Toradora! - 03 (720p).mkv"),
        ("{title} {episode} ({language}, {variant})", {}, "Toradora! 3.mkv"),
        ("[{group}] {title} {season}x{episode:02}", {"last_episode": 4}, "Toradora! 1x03-x04.mkv"),
        ("{group}/{title} {episode}", {}, "Toradora! 3.mkv"),
        ("{title}.{year}.{absolute:03}", {}, "Toradora!.003.mkv"),
        ("{title}.{year}.{absolute:03}", {"absolute": 53, "last_episode": 4}, "Toradora!.053-054.mkv"),
        ("{title_english} {episode}", {}, "Toradora! 3.mkv"),
    ],
)
def test_a_template_filled(template: str, facts: dict, expected: str) -> None:
    given_facts = {"title": "Toradora!", "episode": 3, "quality": "720p", **facts}
    assert str(name_render(template, NameFacts(**given_facts), ".mkv")) == expected


def test_a_second_file_of_an_episode_may_tell_its_variant() -> None:
    facts = NameFacts(title="Toradora!", episode=3, quality="720p", language="de", variant="dub")
    assert name_render(TEMPLATE, facts, ".mp4", tells_variant=True).name == "Toradora! - S01E03 [de dub] [720p].mp4"


def test_places_that_are_taken_have_a_second_and_a_third_choice() -> None:
    facts = NameFacts(title="Ai", episode=3, quality="720p", language="de", variant="dub", mark="mal-7744")
    assert [str(path) for path in name_choices(TEMPLATE, facts, ".mp4")] == [
        "Ai/Season 01/Ai - S01E03 [720p].mp4",
        "Ai/Season 01/Ai - S01E03 [de dub] [720p].mp4",
        "Ai [mal-7744]/Season 01/Ai - S01E03 [de dub] [720p].mp4",
    ]
    assert [str(path) for path in name_choices("{title} {episode}", NameFacts(title="Ai"), ".mp4")] == ["Ai 1.mp4"]


def test_titles_that_are_nothing_fall_back_to_others() -> None:
    facts = NameFacts(title="???", title_english="...", title_native="葬送", episode=1)
    assert name_render("{title} {episode}", facts, ".mkv").name == "葬送 1.mkv"
    assert name_render("{title} {episode}", NameFacts(title="?"), ".mkv").name == "Untitled 1.mkv"


def test_what_is_long_loses_the_title_of_the_episode_first() -> None:
    facts = NameFacts(title="T" * 100, episode=12, episode_title="E" * 300, quality="1080p")
    name = name_render("{title} - S{season:02}E{episode:02} - {episode_title} [{quality}]", facts, ".mkv").stem
    assert name.startswith("T" * 100 + " - S01E12 - EEE")
    assert name.endswith("E [1080p]")
    assert len(name) == 200
    longer = NameFacts(title="漢" * 300, episode=12, episode_title="字" * 300, quality="1080p")
    name = name_render("{title} - S{season:02}E{episode:02} - {episode_title} [{quality}]", longer, ".mkv").stem
    assert name.endswith("漢 - S01E12 [1080p]")


def test_the_preview_shows_the_odd_ones_too() -> None:
    paths = {example.label: example.path for example in template_preview(TEMPLATE)}
    assert paths["An episode"] == "Sousou no Frieren (2023)/Season 01/Sousou no Frieren - S01E03 [1080p].mkv"
    assert "S01E01-E02" in paths["Two episodes in one file"]
    assert "Season 00" in paths["A special"]
    assert paths["No year known"].startswith("Fate-stay night - Unlimited Blade Works/")
    assert "この素晴らしい" in paths["A long Japanese title"]
    assert all(len(os.fsencode(part)) <= 255 for path in paths.values() for part in path.split("/"))
