"""Slots: what upper apps put into pages."""

import pytest
from django.http import HttpRequest
from django.utils.safestring import mark_safe

from core.site import slots


@pytest.fixture(autouse=True)
def _own_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_slots", {})


def test_functions_answer_in_order_and_text_is_escaped() -> None:
    @slots.slot_fill("place")
    def first(request: HttpRequest, values: dict) -> str:
        return mark_safe(f"<b>{values['n']}</b>")  # noqa: S308

    @slots.slot_fill("place")
    def second(request: HttpRequest, values: dict) -> str:
        return "<i>"

    assert slots.slot_html("place", HttpRequest(), n=7) == "<b>7</b>&lt;i&gt;"


def test_a_slot_nobody_fills_is_empty() -> None:
    assert slots.slot_html("nowhere", HttpRequest()) == ""


def test_filling_twice_shows_once() -> None:
    def once(request: HttpRequest, values: dict) -> str:
        return "x"

    slots.slot_fill("place")(once)
    slots.slot_fill("place")(once)
    assert slots.slot_html("place", HttpRequest()) == "x"
