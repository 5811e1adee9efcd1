"""Dates read as each language writes them: small genitive months beside a Russian day, English as ever."""

import gettext
from datetime import date
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

FOLDER = Path(__file__).resolve().parent.parent.parent / "config" / "dates" / "ru" / "LC_MESSAGES"
SUNDAY, MAY = date(2026, 11, 22), date(2026, 5, 4)


def _shown(language: str, day: date, name: str) -> str:
    with translation.override(language):
        return Template(f'{{{{ day|date:"{name}" }}}}').render(Context({"day": day}))


@pytest.mark.parametrize(
    ("name", "english", "russian"),
    [
        ("DAY_SHORT", "22 Nov", "22 нояб."),
        ("DAY_YEAR_SHORT", "22 Nov 2026", "22 нояб. 2026"),
        ("WEEKDAY_SHORT", "Sun, 22 Nov", "вс, 22 нояб."),
        ("WEEKDAY_LONG", "Sunday, 22 November 2026", "Воскресенье, 22 ноября 2026"),
        ("MONTH_SHORT", "Nov", "нояб"),
    ],
)
def test_a_day_is_written_as_its_language_does(name: str, english: str, russian: str) -> None:
    assert _shown("en", SUNDAY, name) == english
    assert _shown("ru", SUNDAY, name) == russian


def test_may_is_declined_beside_a_day_and_not_alone() -> None:
    assert _shown("ru", MAY, "DAY_SHORT") == "4 мая"
    assert _shown("ru", MAY, "MONTH_SHORT") == "май"


def test_the_compiled_names_are_those_of_the_catalogue() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    lines = (FOLDER / "django.po").read_text(encoding="utf-8").splitlines()
    texts = [line.split('"')[1] for line in lines if line.startswith("msgstr") and line != 'msgstr ""']
    assert len(texts) == 12 + 12 + 7 + 2 * 4  # months twice, weekdays, minutes and weeks in four numbers
    assert sorted(texts) == sorted(text for key, text in compiled._catalog.items() if key)  # type: ignore[attr-defined]
