"""Tags of conversations: a whole one under something, and how long ago something was."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

from social.access import Target
from social.pages.threads import thread_html

register = template.Library()

JUST_NOW = 60
"""Seconds that are "just now"."""


@register.simple_tag(takes_context=True)
def thread(context: Mapping[str, Any], target: Target, title: str = "") -> SafeString:
    """A whole conversation with its composer, for a `Target` that the viewer may see. Brings its styles and scripts along."""
    return SafeString(thread_html(context["request"], target, title=title))


@register.filter
def ago(moment: datetime) -> str:
    """ "3 hours ago", in one unit."""
    if (timezone.now() - moment).total_seconds() < JUST_NOW:
        return gettext("just now")
    return gettext("%(ago)s ago") % {"ago": timesince(moment, depth=1)}
