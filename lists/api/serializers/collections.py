"""Shapes of collections; by hand where a page of them is written, because a collection may have 2,000 items."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.facade import User
from core.media.images import image_url
from core.models import StoredImage
from lists.models import CollectionGroup, CollectionVisibility
from lists.models.collections import DESCRIPTION_LENGTH, TITLE_LENGTH
from lists.selectors.collections import CollectionShown, ItemShown

AVATAR_WIDTH, COVER_WIDTH = 128, 640


def _picture(image: StoredImage | None, width: int) -> str | None:
    return (image_url(image, width=width) or None) if image else None


def owner_out(user: User) -> dict[str, Any]:
    """A person beside what is theirs."""
    return {
        "id": user.pk,
        "username": user.username,
        "display_name": user.display_name,
        "avatar_url": _picture(user.avatar, AVATAR_WIDTH),
    }


class OwnerOut(serializers.Serializer):
    """A person beside what is theirs."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField(help_text="May be empty: show the username then.")
    avatar_url = serializers.CharField(allow_null=True)


class CollectionOut(serializers.Serializer):
    """One collection (`selectors.collections.CollectionShown`)."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField(help_text="Its owner.")
    owner = OwnerOut()
    title = serializers.CharField()
    description = serializers.CharField()
    visibility = serializers.ChoiceField(choices=CollectionVisibility.values)
    is_public = serializers.BooleanField(help_text="Whether `visibility` is public.")
    cover_id = serializers.UUIDField(allow_null=True)
    cover_url = serializers.CharField(allow_null=True)
    anime_count = serializers.IntegerField()
    like_count = serializers.IntegerField()
    favorite_count = serializers.IntegerField()
    view_count = serializers.IntegerField()
    is_featured = serializers.BooleanField()
    is_challenge = serializers.BooleanField()
    coin_reward = serializers.IntegerField()
    forked_from_id = serializers.UUIDField(allow_null=True, help_text="Only when the caller may see the source.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: CollectionShown) -> dict[str, Any]:
        row = instance.collection
        return {
            "id": row.pk,
            "user_id": row.owner_id,
            "owner": owner_out(row.owner),
            "title": row.title,
            "description": row.description,
            "visibility": row.visibility,
            "is_public": row.visibility == CollectionVisibility.PUBLIC,
            "cover_id": row.cover_id,
            "cover_url": _picture(row.cover, COVER_WIDTH),
            "anime_count": instance.anime_count,
            "like_count": instance.like_count,
            "favorite_count": instance.favourite_count,
            "view_count": row.view_count,
            "is_featured": row.is_featured,
            "is_challenge": row.is_challenge,
            "coin_reward": row.coin_reward,
            "forked_from_id": instance.forked_from_id,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }


class CollectionIn(serializers.Serializer):
    """What its owner says of a collection; fields that are not here are passed over."""

    title = serializers.CharField(max_length=TITLE_LENGTH)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH, allow_blank=True, required=False)
    visibility = serializers.ChoiceField(choices=CollectionVisibility.values, required=False, help_text="Else private.")
    cover_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="What `POST /api/uploads/list-cover` answered; null: no cover."
    )


class CollectionForkIn(serializers.Serializer):
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False, allow_null=True, allow_blank=True)


class FeaturedIn(serializers.Serializer):
    is_featured = serializers.BooleanField(required=False, help_text="Without it the flag is turned round.")


class CollectionViewedOut(serializers.Serializer):
    view_count = serializers.IntegerField()


class CollectionGroupOut(serializers.Serializer):
    """A section; with `tier_label` a row of a tier list."""

    id = serializers.UUIDField()
    collection_id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    tier_label = serializers.CharField(allow_null=True)
    sort_order = serializers.IntegerField()

    def to_representation(self, instance: CollectionGroup) -> dict[str, Any]:
        names = ("id", "collection_id", "name", "description", "tier_label", "sort_order")
        return {name: getattr(instance, name) for name in names}


class CollectionGroupIn(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=500, allow_blank=True, required=False)
    tier_label = serializers.CharField(max_length=4, allow_null=True, allow_blank=True, required=False)
    sort_order = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000, required=False)


class CollectionItemOut(serializers.Serializer):
    """One anime of a collection (`selectors.collections.ItemShown`)."""

    id = serializers.UUIDField()
    collection_id = serializers.UUIDField()
    anime_id = serializers.IntegerField(allow_null=True, help_text="Its Shikimori id.")
    local_anime_id = serializers.IntegerField(allow_null=True, help_text="Its id in this catalogue, null: not in it.")
    anime_title = serializers.CharField()
    anime_src = serializers.CharField(help_text="Its picture, or empty: ours where the catalogue has one.")
    group_id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(help_text="0 the first, without holes over the whole collection.")
    note = serializers.CharField()
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: ItemShown) -> dict[str, Any]:
        row = instance.item
        return {
            "id": row.pk,
            "collection_id": row.collection_id,
            "anime_id": row.shikimori_id,
            "local_anime_id": row.anime_id,
            "anime_title": instance.title,
            "anime_src": instance.picture,
            "group_id": row.group_id,
            "position": row.position,
            "note": row.note,
            "created_at": row.created_at,
        }


class CollectionItemsAddedOut(serializers.Serializer):
    added = serializers.IntegerField()
    skipped = serializers.IntegerField(help_text="They were there already.")
    items = serializers.SerializerMethodField()

    @extend_schema_field(CollectionItemOut(many=True))
    def get_items(self, added: Any) -> list[dict[str, Any]]:
        return [CollectionItemOut().to_representation(ItemShown(item, None)) for item in added.items]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"added": len(instance.items), "skipped": instance.skipped, "items": self.get_items(instance)}


class CollectionItemChangeIn(serializers.Serializer):
    """Any subset. `position` counts in the collection, `index` among the items of the group."""

    group_id = serializers.UUIDField(allow_null=True, required=False)
    position = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    index = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)


def uuid_of(raw: str) -> UUID | None:
    """The UUID in a text, None when there is none."""
    try:
        return UUID(raw)
    except ValueError:
        return None
