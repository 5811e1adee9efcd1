"""Tags of conversations: a whole one under something, and comments with their answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from social.access import Target
from social.pages.comment_frames import CommentsHtml
from social.pages.thread_views import CommentView
from social.pages.threads import thread_html

register = template.Library()


@register.simple_tag(takes_context=True)
def thread(context: Mapping[str, Any], target: Target, title: str = "") -> SafeString:
    """A whole conversation with its composer, for a `Target` that the viewer may see. Brings its styles and scripts along."""
    return SafeString(thread_html(context["request"], target, title=title))


@register.simple_tag(takes_context=True)
def comments(context: Mapping[str, Any], views: Iterable[CommentView]) -> SafeString:
    """Comments one after the other, each with its answers. A `thread_path` of the context says where they belong."""
    return CommentsHtml(context).html(views)


@register.simple_tag(takes_context=True)
def comment_html(context: Mapping[str, Any], view: CommentView) -> SafeString:
    """One comment with its answers."""
    return CommentsHtml(context).html([view])
