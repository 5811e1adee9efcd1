"""Turns card documents into what templates draw: `{% card_of document as item %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from catalog.pages.cards import CardView, card_view

register = template.Library()


@register.simple_tag(takes_context=True)
def card_of(context: Mapping[str, Any], card: Mapping[str, Any]) -> CardView:
    """The card in the viewer's language of titles."""
    return card_view(card, context.get("title_language") or "romaji")
