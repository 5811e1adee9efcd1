"""What the API says of a person to others, and of oneself; what people may change."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role, TotpDevice, User
from accounts.models.preferences import language_validator
from accounts.selectors.users import Seen
from accounts.validation import BIO_MAX, DISPLAY_NAME_MAX
from accounts.visibility import Visibility
from core.models import StoredImage

AVATAR_FORMATS = ("avif", "webp", "jpeg", "png")
TITLE_LANGUAGES = [code for code, _ in User.TITLE_LANGUAGES]
_AVATAR_SCHEMA = {"type": "object", "additionalProperties": {"type": "string"}, "nullable": True}


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


@extend_schema_field(_AVATAR_SCHEMA)
class AvatarField(serializers.Field):
    """Width in pixels → address, or null."""

    def to_representation(self, value: StoredImage) -> dict[str, str] | None:
        return image_urls(value)


class PersonOut(serializers.Serializer):
    """A person as others see them: `selectors.users.Seen`."""

    id = serializers.UUIDField(source="user.id")
    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name", help_text="May be empty: show the username then.")
    avatar = AvatarField(source="user.avatar", allow_null=True, help_text="Width in pixels → address, or null.")
    role = serializers.ChoiceField(source="user.role", choices=Role.values)
    is_verified = serializers.BooleanField(source="user.is_verified")
    is_private = serializers.BooleanField(
        help_text="Whether this person shows their profile to others only: `bio` is empty and `created_at` null then."
    )
    bio = serializers.CharField()
    created_at = serializers.DateTimeField(allow_null=True)
    last_seen_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Only there when this person lets the caller know."
    )

    def to_representation(self, instance: Seen) -> dict[str, Any]:
        """By hand: a chat client asks for 200 at once."""
        user = instance.user
        found: dict[str, Any] = {
            "id": user.pk,
            "username": user.username,
            "display_name": user.display_name,
            "avatar": image_urls(user.avatar),
            "role": user.role,
            "is_verified": user.is_verified,
            "is_private": instance.is_private,
            "bio": "" if instance.is_private else user.bio,
            "created_at": None if instance.is_private else user.date_joined,
        }
        if instance.shows_last_seen:
            found["last_seen_at"] = instance.last_seen_at
        return found


class PeopleOut(serializers.Serializer):
    results = PersonOut(many=True)


class PeoplePageOut(PeopleOut):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class PreferencesOut(serializers.Serializer):
    title_language = serializers.ChoiceField(choices=TITLE_LANGUAGES)
    shows_adult = serializers.BooleanField()
    auto_play = serializers.BooleanField()
    auto_next = serializers.BooleanField()
    auto_skip_opening = serializers.BooleanField()
    auto_skip_ending = serializers.BooleanField()
    default_language = serializers.CharField(
        help_text="The audio that the player prefers: a code of two or three letters."
    )
    shows_comments = serializers.BooleanField()


class PrivacyOut(serializers.Serializer):
    profile_visibility = serializers.ChoiceField(choices=Visibility.choices)
    activity_visibility = serializers.ChoiceField(choices=Visibility.choices)
    online_status_visibility = serializers.ChoiceField(choices=Visibility.choices)


class MeOut(serializers.Serializer):
    """The whole profile, for its owner only. `user.avatar` and `user.totp_device` are best selected already."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField()
    display_name = serializers.CharField(help_text="May be empty: show the username then.")
    bio = serializers.CharField()
    avatar = AvatarField(allow_null=True, help_text="Width in pixels → address, or null.")
    role = serializers.ChoiceField(choices=Role.values)
    is_verified = serializers.BooleanField(help_text="Whether the e-mail address was verified.")
    birth_date = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField(source="date_joined")
    last_seen_at = serializers.DateTimeField(allow_null=True)
    has_password = serializers.BooleanField(source="has_usable_password", help_text="False for OAuth-only accounts.")
    two_factor_enabled = serializers.SerializerMethodField()
    setup_completed = serializers.SerializerMethodField(help_text="Whether the first-login onboarding is done.")
    deletion_due_at = serializers.DateTimeField(allow_null=True, help_text="When the account will be erased, or null.")
    preferences = PreferencesOut(source="*")
    privacy = PrivacyOut(source="*")

    def get_two_factor_enabled(self, user: User) -> bool:
        try:
            return user.totp_device.confirmed_at is not None
        except TotpDevice.DoesNotExist:
            return False

    def get_setup_completed(self, user: User) -> bool:
        return user.setup_completed_at is not None


class PreferencesIn(serializers.Serializer):
    title_language = serializers.ChoiceField(choices=TITLE_LANGUAGES, required=False)
    shows_adult = serializers.BooleanField(required=False)
    auto_play = serializers.BooleanField(required=False)
    auto_next = serializers.BooleanField(required=False)
    auto_skip_opening = serializers.BooleanField(required=False)
    auto_skip_ending = serializers.BooleanField(required=False)
    default_language = serializers.CharField(required=False, max_length=3, validators=[language_validator])
    shows_comments = serializers.BooleanField(required=False)


class PrivacyIn(serializers.Serializer):
    profile_visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    activity_visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    online_status_visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)


class ProfileIn(PreferencesIn, PrivacyIn):
    """What people change themselves, every field optional; the names of `preferences` and `privacy` may be nested or not.

    Fields that are not here (role, e-mail, verified, …) are passed over.
    """

    username = serializers.CharField(required=False, min_length=3, max_length=30)
    # What a name is made of is decided by `accounts.validation`, after its spaces are counted as one.
    display_name = serializers.CharField(required=False, allow_blank=True, max_length=DISPLAY_NAME_MAX)
    bio = serializers.CharField(required=False, allow_blank=True, max_length=BIO_MAX)
    birth_date = serializers.DateField(required=False, allow_null=True)
    avatar = serializers.FileField(
        required=False,
        allow_null=True,
        help_text="Multipart only: a raster picture up to 5 MB; JSON null takes it away.",
    )
    preferences = PreferencesIn(required=False)
    privacy = PrivacyIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        nested: list[Mapping[str, Any]] = [attrs.pop("preferences", {}), attrs.pop("privacy", {})]
        return {**nested[0], **nested[1], **attrs}


class AvatarIn(serializers.Serializer):
    avatar = serializers.FileField(help_text="JPEG, PNG, WebP, AVIF or GIF, at most 5 MB.")
