"""Anime that are put into a collection."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.ids import LARGEST_ID
from lists.api.serializers.progress import ShortList
from lists.selectors.collection_anime import SHIKIMORI_HIGHEST
from lists.services.collection_drafts import ItemDraft
from lists.services.collection_items import ITEMS_AT_ONCE


class CollectionItemIn(serializers.Serializer):
    """An anime by its Shikimori id (`anime_id`) or by ours (`local_anime_id`)."""

    anime_id = serializers.IntegerField(
        min_value=1, max_value=SHIKIMORI_HIGHEST, required=False, allow_null=True, help_text="Its Shikimori id."
    )
    local_anime_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)
    anime_title = serializers.CharField(max_length=500, allow_blank=True, default="")
    anime_src = serializers.CharField(
        max_length=2_000,
        allow_blank=True,
        allow_null=True,
        default="",
        help_text="An https address or a picture of this site; anything else is not kept.",
    )
    note = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate(self, attrs: dict) -> dict:
        ours, theirs = attrs.get("local_anime_id"), attrs.get("anime_id")
        if ours is None and theirs is None:
            raise serializers.ValidationError({"anime_id": _("Name it by anime_id or by local_anime_id.")})
        attrs["draft"] = ItemDraft(
            shikimori_id=theirs if ours is None else None,
            anime_id=ours,
            title=attrs["anime_title"],
            picture=attrs["anime_src"] or "",
            note=attrs["note"],
        )
        return attrs


class CollectionItemsIn(serializers.Serializer):
    """At most 500 at once; how many is checked before any of them is looked at."""

    items = ShortList(child=CollectionItemIn(), allow_empty=True, max_length=ITEMS_AT_ONCE)
    group_id = serializers.UUIDField(required=False, allow_null=True, help_text="Where they go; null: ungrouped.")
