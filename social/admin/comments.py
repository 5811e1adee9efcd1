"""Comments and their threads for staff: found by text and author, hidden and shown again, closed; their words stay theirs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import BaseAdmin, ReadOnlyTabular, done_to_each
from social.models import Comment, CommentRevision, Thread
from social.services.comments import comment_delete, comment_restore
from social.services.notice_causes import comment_path
from social.services.threads import thread_lock

_PRIVATE = Q(thread__collection__visibility="private")
"""What people keep to themselves nobody reads here either."""


class _ReadOnly(BaseAdmin):
    """Looked at; changed by actions alone, which go through the services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CommentRevisionInline(ReadOnlyTabular):
    """What it said before."""

    model = CommentRevision
    fields = ["created_at", "editor", "body"]
    readonly_fields = fields
    per_page = 10

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommentRevision]:
        return super().get_queryset(request).select_related("editor")


@admin.register(Comment)
class CommentAdmin(_ReadOnly):
    """Comments with the deleted ones, which are kept to be looked into."""

    list_display = ["body", "author", "place", "score", "reply_count", "created_at", "deleted_at", "deleted_by"]
    list_filter = ["created_at", "deleted_at", "thread__kind", "is_spoiler"]
    search_fields = ["body", "author__username"]
    list_select_related = ["author", "thread__anime", "thread__post", "thread__collection", "deleted_by"]
    show_full_result_count = False
    ordering = ["-id"]
    fields = [*list_display[:3], "parent", "is_spoiler", "spoils_episode", "up_votes", "down_votes", *list_display[5:]]
    readonly_fields = fields
    raw_id_fields = ["parent"]
    inlines = [CommentRevisionInline]
    actions = ["hide", "show"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).exclude(_PRIVATE)

    @admin.display(description=_("place"))
    def place(self, row: Comment) -> SafeString:
        """What it stands under, with the way there."""
        thread = row.thread
        title = str(thread.anime or thread.post or thread.collection or "")
        number = f" #{thread.episode_number}" if thread.episode_number is not None else ""
        return format_html('<a href="{}">{}{}</a>', comment_path(row.pk), title[:60], number)

    @admin.action(description=_("Hide (kept for moderation)"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        rows = queryset.filter(deleted_at=None)
        done = done_to_each(request, rows, lambda row: comment_delete(actor=request.user, comment_id=row.pk))
        messages.success(request, ngettext("%d comment is hidden", "%d comments are hidden", done) % done)

    @admin.action(description=_("Show again what staff hid"), permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        rows = queryset.exclude(deleted_at=None)
        done = done_to_each(request, rows, lambda row: comment_restore(actor=request.user, comment_id=row.pk))
        messages.success(request, ngettext("%d comment is shown again", "%d comments are shown again", done) % done)


@admin.register(Thread)
class ThreadAdmin(_ReadOnly):
    """Conversations; closing lets nobody but staff write."""

    list_display = ["title", "kind", "comment_count", "last_comment_at", "is_locked", "locked_by"]
    list_filter = ["kind", "is_locked", "last_comment_at"]
    search_fields = ["anime__title", "post__title", "collection__title"]
    list_select_related = ["anime", "post", "collection", "locked_by"]
    ordering = ["-comment_count"]
    fields = [*list_display, "created_at"]
    readonly_fields = fields
    actions = ["close", "open"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        return super().get_queryset(request).exclude(collection__visibility="private")

    @admin.display(description=_("what it is about"))
    def title(self, row: Thread) -> str:
        number = f" #{row.episode_number}" if row.episode_number is not None else ""
        return f"{row.anime or row.post or row.collection}{number}"

    @admin.action(description=_("Close"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        self._lock(request, queryset.filter(is_locked=False), is_locked=True)

    @admin.action(description=_("Open again"), permissions=["change"])
    def open(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        self._lock(request, queryset.filter(is_locked=True), is_locked=False)

    def _lock(self, request: HttpRequest, rows: QuerySet[Thread], *, is_locked: bool) -> None:
        done = done_to_each(
            request, rows, lambda row: thread_lock(actor=request.user, thread_id=row.pk, is_locked=is_locked)
        )
        messages.success(request, ngettext("%d thread is changed", "%d threads are changed", done) % done)
