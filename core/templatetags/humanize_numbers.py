"""Numbers for people and for SVG."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(value: int) -> str:
    """12345 as "12,345" or "12 345", as the language does."""
    return number_format(value, force_grouping=True)


@register.filter
def unlocalized(value: float) -> str:
    """A number with a point, whatever the language: SVG knows no comma."""
    return str(value)
