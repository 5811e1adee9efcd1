"""Posts and their categories for staff: found, pinned, closed, deleted and put back; their words stay their authors'."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import BaseAdmin, ReadOnlyTabular, done_to_each
from social.models import Category, Post, PostImage, PostRevision
from social.querysets.posts import words_of
from social.services.posts import post_delete, post_lock, post_pin, post_restore

RESERVED = frozenset({"new", "preview", "anime", "images", "posts"})
"""Addresses under /community that are no categories."""


class PostRevisionInline(ReadOnlyTabular):
    """What it said before."""

    model = PostRevision
    fields = ["created_at", "editor", "title", "body"]
    readonly_fields = fields
    per_page = 10

    def get_queryset(self, request: HttpRequest) -> QuerySet[PostRevision]:
        return super().get_queryset(request).select_related("editor")


class PostImageInline(ReadOnlyTabular):
    """Its pictures."""

    model = PostImage
    fields = ["image", "alt", "position", "created_at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PostImage]:
        return super().get_queryset(request).select_related("image")


@admin.register(Post)
class PostAdmin(BaseAdmin):
    """Everything goes through the services: `post_pin`, `post_lock`, `post_delete`, `post_restore`."""

    list_display = ["title", "author", "category", "is_pinned", "is_locked", "score", "created_at", "deleted_at"]
    list_filter = ["category", "is_pinned", "is_locked", ("deleted_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["title", "author__username"]
    search_help_text = _("Words of the title or the text, or the author's name.")
    list_select_related = ["author", "category"]
    ordering = ["-id"]
    fields = [
        "title",
        "author",
        "category",
        "anime",
        "spoils_episode",
        "is_spoiler",
        "body",
        "is_pinned",
        "is_locked",
        "reactions",
        "score",
        "created_at",
        "edited_at",
        "deleted_at",
        "deleted_by",
    ]
    readonly_fields = fields
    inlines = [PostRevisionInline, PostImageInline]
    actions = ["pin", "unpin", "lock", "unlock", "remove", "restore"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        return super().get_queryset(request).select_related("author", "category", "anime", "deleted_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Post], search_term: str
    ) -> tuple[QuerySet[Post], bool]:
        """Also by words of the text, as readers find posts."""
        found, has_doubles = super().get_search_results(request, queryset, search_term)
        if words_of(search_term):
            found = found | queryset.with_words(search_term)  # type: ignore[attr-defined]  # posts' own queryset
        return found, has_doubles

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Pin to the top of the community"), permissions=["change"])
    def pin(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._each(request, queryset, lambda actor, pk: post_pin(actor=actor, post_id=pk))

    @admin.action(description=_("Take the pin away"), permissions=["change"])
    def unpin(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._each(request, queryset, lambda actor, pk: post_pin(actor=actor, post_id=pk, is_pinned=False))

    @admin.action(description=_("Close the conversation"), permissions=["change"])
    def lock(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._each(request, queryset, lambda actor, pk: post_lock(actor=actor, post_id=pk))

    @admin.action(description=_("Open the conversation"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._each(request, queryset, lambda actor, pk: post_lock(actor=actor, post_id=pk, is_locked=False))

    @admin.action(description=_("Delete (kept for moderation)"), permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._each(request, queryset.filter(deleted_at=None), lambda actor, pk: post_delete(actor=actor, post_id=pk))

    @admin.action(description=_("Put back"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._each(request, queryset.exclude(deleted_at=None), lambda actor, pk: post_restore(actor=actor, post_id=pk))

    def _each(self, request: HttpRequest, rows: QuerySet[Post], act: Any) -> None:
        """`done_to_each`; what was done stands in the history of each."""

        def act_and_log(row: Post) -> None:
            act(request.user, row.pk)
            self.log_change(request, row, request.POST.get("action", ""))

        done = done_to_each(request, rows, act_and_log)
        messages.success(request, ngettext("%d post is changed", "%d posts are changed", done) % done)


class CategoryForm(forms.ModelForm):
    """A category's address may not be that of another page."""

    class Meta:
        model = Category
        fields = ["name", "name_ru", "slug", "description", "position", "is_staff_only"]

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This address belongs to a page."))
        return slug


@admin.register(Category)
class CategoryAdmin(BaseAdmin):
    """The shelves of the community; one with posts cannot be deleted."""

    form = CategoryForm
    list_display = ["name", "name_ru", "slug", "position", "is_staff_only"]
    list_editable = ["position"]
    search_fields = ["name", "name_ru", "slug"]
    prepopulated_fields = {"slug": ("name",)}
