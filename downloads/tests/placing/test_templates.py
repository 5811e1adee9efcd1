"""Naming templates of the operator: what is read, what is refused and in which words."""

import pytest

from downloads.configuration.values import Configuration
from downloads.errors import ConfigurationInvalid
from downloads.placing.naming import template_preview
from downloads.placing.templates import template_parse

pytestmark = pytest.mark.once


def test_the_usual_template_is_read() -> None:
    parts = template_parse(Configuration().naming_template)
    assert [[token.field for token in part if token.field] for part in parts] == [
        ["title", "year"],
        ["season"],
        ["title", "season", "episode", "quality"],
    ]


GOOD = "{title} {episode}"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "1 to 300 characters"),
        ("{title}" * 60 + "{episode}", "1 to 300 characters"),
        ("{title.__class__} {episode}", "Braces hold one field"),
        ("{title[0]} {episode}", "Braces hold one field"),
        ("{title!r} {episode}", "Braces hold one field"),
        ("{title:>9999999} {episode}", "Braces hold one field"),
        ("{title} {episode:99}", "Braces hold one field"),
        ("{} {title} {episode}", "Braces hold one field"),
        ("{0} {title} {episode}", "Braces hold one field"),
        ("{{title}} {episode}", "Braces hold one field"),
        ("{title {episode}", "Braces hold one field"),
        ("{title} {episode}}", "Braces hold one field"),
        ("{secret} {title} {episode}", "no field {secret}"),
        ("{title:02} {episode}", "{title} is no number"),
        ("{episode}", "needs a title"),
        ("{title}", "needs the episode"),
        ("{title} {episode}/{year}", "needs the episode"),
        (f"/{GOOD}", "begin at the root"),
        (f"~/{GOOD}", "begin at the root"),
        (f"../{GOOD}", "must not be empty, hidden"),
        (f"x/../{GOOD}", "must not be empty, hidden"),
        (f"./{GOOD}", "must not be empty, hidden"),
        (f".recycle/{GOOD}", "must not be empty, hidden"),
        (f"x//{GOOD}", "must not be empty, hidden"),
        (f"{GOOD}/", "must not be empty, hidden"),
        (f"x./{GOOD}", "must not be empty, hidden"),
        (f"-{GOOD}", "must not be empty, hidden"),
        (f"C:/{GOOD}", "characters that no file name"),
        (f"a\\{GOOD}", "characters that no file name"),
        (f"a%2e%2e/{GOOD}", "characters that no file name"),
        (f"a\x00{GOOD}", "characters that no file name"),
        (f"a\u202e{GOOD}", "characters that no file name"),
        (f"a\ud800{GOOD}", "characters that no file name"),
        (f"({GOOD}", "bracket"),
        (f"{GOOD}]", "bracket"),
        (f")({GOOD}", "bracket"),
        (f"a/b/c/d/e/{GOOD}", "At most four folders"),
        (f"{'a' * 101}{GOOD}", "too much text"),
        ("{title} {title} {episode}", "stands twice"),
    ],
)
def test_what_is_wrong_is_said(template: str, words: str) -> None:
    with pytest.raises(ConfigurationInvalid) as caught:
        template_preview(template)
    assert any(words in message for message in caught.value.extra["fields"]["naming_template"]), caught.value.extra


def test_what_is_wrong_is_said_all_at_once() -> None:
    with pytest.raises(ConfigurationInvalid) as caught:
        template_parse("../{secret}/(x")
    assert len(caught.value.extra["fields"]["naming_template"]) == 5
