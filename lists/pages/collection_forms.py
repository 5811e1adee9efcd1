"""What a collection's own form takes; the services decide what is right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, ValidationFailed
from lists.models import Collection, CollectionVisibility
from lists.models.collections import DESCRIPTION_LENGTH, TITLE_LENGTH

PICTURES = "image/jpeg,image/png,image/webp,image/avif,image/gif"


class CollectionForm(forms.Form):
    """Title, description and who sees it."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=DESCRIPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    visibility = forms.ChoiceField(
        label=_("Who sees it"), choices=CollectionVisibility.choices, initial=CollectionVisibility.PRIVATE
    )

    def refuse(self, error: DomainError) -> None:
        """Show the service's messages at their fields; what is wrong with a file stands at the cover."""
        if not isinstance(error, ValidationFailed):
            self.add_error("cover" if "cover" in self.fields else None, str(error.detail or error.title))
            return
        for name, found in error.extra["fields"].items():
            self.add_error(name if name in self.fields else None, found)

    def texts(self) -> dict[str, Any]:
        """What the services take of it; line breaks as one character, as they are counted."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "description": data["description"].replace("\r\n", "\n"),
            "visibility": data["visibility"],
        }


class CollectionDetailsForm(CollectionForm):
    """The same with a cover."""

    cover = forms.FileField(
        label=_("Cover"),
        required=False,
        help_text=_("A picture of at most 5 MB. Without one the first four posters stand for it."),
        widget=forms.FileInput(attrs={"accept": PICTURES}),
    )

    @classmethod
    def of(cls, collection: Collection, data: Any = None, files: Any = None) -> "CollectionDetailsForm":
        """The form filled with what the collection has, or with what was sent."""
        names = ("title", "description", "visibility")
        return cls(data, files, initial={name: getattr(collection, name) for name in names})
