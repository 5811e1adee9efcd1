"""What the API says of a person."""

from typing import Any

from django.core.files.storage import default_storage
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role, User
from core.models import StoredImage

AVATAR_FORMATS = ("avif", "webp", "jpeg", "png")


class PreferencesOut(serializers.Serializer):
    title_language = serializers.ChoiceField(choices=["romaji", "english", "native"])
    shows_adult = serializers.BooleanField()


def image_urls(image: StoredImage | None) -> dict[str, str] | None:
    """Width in pixels → address of the image in the most widely readable format it has; None without an image."""
    if image is None:
        return None
    found = {}
    for width, formats in image.variants.items():
        name = next((formats[f] for f in reversed(AVATAR_FORMATS) if f in formats), None)
        if name:
            found[str(width)] = default_storage.url(name)
    return found or None


class MeOut(serializers.Serializer):
    """The whole profile, for its owner only. `user.avatar` has to be selected already."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField()
    display_name = serializers.CharField(help_text="May be empty: show the username then.")
    bio = serializers.CharField()
    avatar = serializers.SerializerMethodField(help_text="Width in pixels → address, or null.")
    role = serializers.ChoiceField(choices=Role.values)
    is_verified = serializers.BooleanField(help_text="Whether the e-mail address was verified.")
    created_at = serializers.DateTimeField(source="date_joined")
    preferences = PreferencesOut(source="*")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "nullable": True})
    def get_avatar(self, user: User) -> dict[str, Any] | None:
        return image_urls(user.avatar)
