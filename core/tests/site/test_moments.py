"""Moments as people are told them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest
from django.template import Context, RequestContext, Template
from django.utils import timezone, translation

from core.site.moments import ago_words

WHEN = datetime(2026, 11, 23, 4, 9, 30, 250_000, tzinfo=UTC)


def drawn(source: str, zone: str = "") -> str:
    """The template for a reader whose browser named this zone; without one nobody's request is there."""
    request = HttpRequest()
    request.COOKIES["tz"] = zone
    context = RequestContext(request, {"when": WHEN}) if zone else Context({"when": WHEN})
    return Template(source).render(context)


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en", "", "23 Nov 2026, 04:09"),
        ("en", "Asia/Tokyo", "23 Nov 2026, 13:09"),
        ("en", "America/Los_Angeles", "22 Nov 2026, 20:09"),
        ("en", "Nowhere/At_All", "23 Nov 2026, 04:09"),
        ("ru", "Europe/Moscow", "23 нояб. 2026, 07:09"),
    ],
)
def test_the_exact_moment_is_told_by_the_clock_of_the_reader(language: str, zone: str, words: str) -> None:
    with translation.override(language):
        assert drawn("{% exact when %}", zone) == words
        assert f' title="{words}">' in drawn("{% moment when %}", zone)
        assert drawn('{% moment when "exact" %}', zone) == f'<time datetime="2026-11-23T04:09:30+00:00">{words}</time>'


def test_pieces_with_a_context_of_their_own_know_the_reader_too() -> None:
    request = HttpRequest()
    request.COOKIES["tz"] = "Asia/Tokyo"
    piece = Template('{% exact when "clock" %}')
    context = RequestContext(request, {"when": WHEN, "piece": piece})
    assert Template("{% include piece with when=when only %}").render(context) == "13:09"


def test_what_django_and_the_admin_tell_reads_the_same() -> None:
    with translation.override("en"):
        assert drawn('{{ when|date:"DATETIME_FORMAT" }} {{ when|date:"SHORT_DATETIME_FORMAT" }}') == (
            "23 Nov 2026, 04:09 23 Nov 2026, 04:09"
        )
        assert drawn('{{ when|date:"DATE_FORMAT" }}') == "23 Nov 2026"


@pytest.mark.parametrize(
    ("age", "english", "russian"),
    [
        (timedelta(seconds=59), "just now", "только что"),
        (timedelta(hours=3, minutes=5), "3\xa0hours ago", "3\xa0часа назад"),
        (timedelta(minutes=1), "1\xa0minute ago", "1\xa0минуту назад"),
        (timedelta(weeks=1), "1\xa0week ago", "1\xa0неделю назад"),
        (timedelta(minutes=22), "22\xa0minutes ago", "22\xa0минуты назад"),
        (-timedelta(minutes=5), "just now", "только что"),
    ],
)
def test_how_long_ago_is_one_unit_and_right_in_its_language(age: timedelta, english: str, russian: str) -> None:
    moment = timezone.now() - age
    for language, words in (("en", english), ("ru", russian)):
        with translation.override(language):
            assert ago_words(moment) == words
