"""What the composer of a post takes; the services decide what is right."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, ValidationFailed
from social.models import Category, Post
from social.models.posts import BODY_LENGTH, IMAGES_LIMIT, TITLE_LENGTH
from social.services.posts import PostDraft

PLACES = {"anime_id": "anime", "image_ids": "images", "file": "images", "alt": "images"}
"""Fields of the services and where the composer has them."""


class PostForm(forms.Form):
    """Title, category, text, what it is about and how far. `images` only carries what is wrong with the pictures.

    What it asks of them itself is shape alone, so that a person reads all that is wrong at once.
    """

    title = forms.CharField(
        label=_("Title"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"maxlength": TITLE_LENGTH, "autocomplete": "off", "dir": "auto"}),
    )
    category = forms.CharField(label=_("Category"), required=False, widget=forms.Select())
    body = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "maxlength": BODY_LENGTH, "dir": "auto", "data-composer-text": ""}),
    )
    anime = forms.IntegerField(required=False, widget=forms.HiddenInput())
    spoils_episode = forms.IntegerField(
        label=_("Gives away up to episode"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}),
        help_text=_("Whoever has not seen that episode reads the text only after asking for it."),
    )
    is_spoiler = forms.BooleanField(label=_("Cover the text for everybody"), required=False)
    images = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, categories: Iterable[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.slug, one.shown_name) for one in categories]
        self.fields["category"].widget.choices = [("", _("Choose one")), *choices]

    @classmethod
    def of(cls, post: Post, *, categories: Iterable[Category]) -> "PostForm":
        """The form filled with a post."""
        initial = {
            "title": post.title,
            "category": post.category.slug,
            "body": post.body,
            "anime": post.anime_id,
            "spoils_episode": post.spoils_episode,
            "is_spoiler": post.is_spoiler,
        }
        return cls(initial=initial, categories=categories)

    def clean_body(self) -> str:
        """Line breaks as one character, as they are counted and were in the browser."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def draft(self, image_ids: Iterable[uuid.UUID], *, host: str) -> PostDraft:
        """What a valid form holds, with the pictures beside it, and the host that it was sent to."""
        data = self.cleaned_data
        return PostDraft(
            title=data["title"].strip(),
            body=data["body"],
            category=data["category"],
            anime_id=data["anime"],
            spoils_episode=data["spoils_episode"],
            is_spoiler=data["is_spoiler"],
            image_ids=tuple(image_ids),
            host=host,
        )

    def refuse(self, error: DomainError) -> None:
        """Show the service's words at their fields."""
        if not isinstance(error, ValidationFailed):
            self.add_error(None, str(error.detail or error.title))
            return
        for name, found in error.extra["fields"].items():
            place = PLACES.get(name, name)
            self.add_error(place if place in self.fields else None, found)


def image_ids_sent(raw: Iterable[str]) -> list[uuid.UUID]:
    """Ids of pictures that a form named, each once, in order; what is no id names nothing."""
    found: dict[uuid.UUID, None] = {}
    for text in list(raw)[: 2 * IMAGES_LIMIT]:
        try:
            found[uuid.UUID(text)] = None
        except ValueError:
            continue
    return list(found)
