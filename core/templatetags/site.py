"""Tags of the site shell: icons from the vendored sprite, addresses with changed parameters."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.site.moments import ago_words, moment_words
from core.site.preferences import time_zone_of
from core.site.slots import slot_html

register = template.Library()

SPRITE = "vendor/lucide-1.62.0/icons.svg"


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite (names: core.site.icons). With `label` it is an image with that name, else decoration.

    Kept: a page draws the same few a hundred times, and the sprite's address costs more than the rest.
    """
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, static(SPRITE), name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static(SPRITE), name)


@register.filter
def grouped(value: object) -> str:
    """A whole number with the language's separators of thousands; anything else as it is."""
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


@register.simple_tag(takes_context=True)
def moment(context: Context, when: datetime, style: str = "ago") -> SafeString:
    """<time> of a moment: "ago" with the exact one as its title, or a style of `core.site.moments` by the reader's clock."""
    stamp = when.isoformat(timespec="seconds")
    if style != "ago":
        return format_html('<time datetime="{}">{}</time>', stamp, exact(context, when, style))
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, exact(context, when), ago_words(when))


@register.simple_tag(takes_context=True)
def exact(context: Context, when: datetime, style: str = "exact") -> str:
    """The words of a moment alone, for sentences and titles."""
    request = getattr(context, "request", None)
    zone = time_zone_of(request) if request is not None else timezone.get_current_timezone()
    return moment_words(when, zone, style)


@register.filter
def ago(when: datetime) -> str:
    """ "3 hours ago" alone, for sentences."""
    return ago_words(when)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The current query string with `changes` applied (None or "" removes a key); starts with "?"."""
    request: HttpRequest = context["request"]
    params = request.GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def slot(context: Mapping[str, Any], name: str, **values: object) -> SafeString:
    """What upper apps put into this place of the page (core.site.slots)."""
    return slot_html(name, context["request"], **values)
