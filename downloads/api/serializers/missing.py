"""The missing board and standing orders as staff see and set them."""

from typing import Any

from rest_framework import serializers

from catalog.facade import TRANSLATION_KINDS, CardOut
from core.api.closed import Closed
from downloads.api.serializers.downloads import LANGUAGE, PRIORITIES
from downloads.missing.filling import MOST_CHOSEN
from downloads.missing.states import GapState
from downloads.models import DownloadState
from downloads.queue.enqueue import MAX_HEIGHT


class MissingAnimeOut(serializers.Serializer):
    """Regular episodes. `present` + `missing` = `known`; `reasons` add up to `missing`. `updated_at` is when a file, a download or an
    order was last new, null for an anime that is not kept.
    """

    anime_id = serializers.IntegerField()
    title = serializers.CharField()
    card = CardOut(allow_null=True)
    is_kept = serializers.BooleanField(help_text="It has a file, a download or a standing order.")
    known = serializers.IntegerField()
    present = serializers.IntegerField()
    missing = serializers.IntegerField()
    reasons = serializers.DictField(child=serializers.IntegerField(), help_text="State → episodes, without zeros.")
    fillable = serializers.IntegerField(help_text="Missing episodes that can be fetched now.")
    orders = serializers.IntegerField(help_text="Standing orders.")
    updated_at = serializers.DateTimeField(allow_null=True)


class MissingBoardOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MissingAnimeOut(many=True)


class VariantOut(serializers.Serializer):
    variant_kind = serializers.CharField(help_text='dub, sub, raw or "".')
    language = serializers.CharField(help_text='BCP 47 or "".')

    def to_representation(self, instance: tuple[str, str]) -> dict[str, str]:
        return {"variant_kind": instance[0], "language": instance[1]}


class HeldFileOut(serializers.Serializer):
    """`path` is relative to the library, `height` in pixels (0 unknown), `size` in bytes."""

    id = serializers.IntegerField()
    path = serializers.CharField()
    size = serializers.IntegerField()
    height = serializers.IntegerField()
    variants = VariantOut(many=True)


class FetchingOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(DownloadState.choices)
    variant_kind = serializers.CharField()
    language = serializers.CharField(source="variant_language")
    progress = serializers.FloatField(source="percent", help_text="0–100.")
    attempts = serializers.IntegerField()
    error = serializers.CharField(source="error_code")
    detail = serializers.CharField(source="error_detail")


class EpisodeGapOut(serializers.Serializer):
    """`sources` counts those of the wanted variant, `variants` are all that sources offer; `hosts` where they are when the operator
    allows none of these.
    """

    episode = serializers.IntegerField(source="number")
    episode_kind = serializers.CharField(source="kind")
    title = serializers.CharField()
    aired_on = serializers.DateField(allow_null=True, help_text="The day in Tokyo.")
    season = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(GapState.choices)
    files = HeldFileOut(many=True)
    download = FetchingOut(allow_null=True, help_text="What is in the queue.")
    failure = FetchingOut(allow_null=True, help_text="The last download when it failed.")
    sources = serializers.IntegerField()
    variants = VariantOut(many=True)
    hosts = serializers.ListField(child=serializers.CharField())


class MissingDetailOut(serializers.Serializer):
    anime_id = serializers.IntegerField()
    variant_kind = serializers.CharField(help_text='What is asked for; "" takes any.')
    language = serializers.CharField()
    episodes = EpisodeGapOut(many=True)


class FillIn(Closed):
    """All missing episodes, or those of a `season`, or `episodes` by number. A variant or quality that is left out is the operator's
    usual one; "" as variant or language takes any, 0 as quality the best there is.
    """

    variant_kind = serializers.ChoiceField(sorted(TRANSLATION_KINDS), required=False, allow_blank=True)
    language = serializers.RegexField(LANGUAGE, required=False, allow_blank=True, help_text="BCP 47")
    quality = serializers.IntegerField(min_value=0, max_value=MAX_HEIGHT, required=False)
    priority = serializers.ChoiceField(list(PRIORITIES), default="normal")
    season = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    episodes = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=2**31 - 1), max_length=MOST_CHOSEN, required=False
    )


class QueuedOut(serializers.Serializer):
    episode = serializers.IntegerField(source="number")
    download_id = serializers.UUIDField()


class SkippedOut(serializers.Serializer):
    episode = serializers.IntegerField(source="number")
    reason = serializers.CharField(help_text="A state, `unknown`, `too_many`, or the code of an error.")


class FilledOut(serializers.Serializer):
    queued = QueuedOut(many=True)
    skipped = SkippedOut(many=True)


class FollowIn(Closed):
    """ "" as variant or language takes any; `quality` is the greatest height in pixels, 0 the best there is."""

    variant_kind = serializers.ChoiceField(sorted(TRANSLATION_KINDS), default="", allow_blank=True)
    language = serializers.RegexField(LANGUAGE, default="", allow_blank=True, help_text="BCP 47")
    quality = serializers.IntegerField(min_value=0, max_value=MAX_HEIGHT, default=0)
    first_episode = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


class FollowOut(serializers.Serializer):
    anime_id = serializers.IntegerField()
    variant_kind = serializers.CharField()
    language = serializers.CharField(source="variant_language")
    quality = serializers.IntegerField()
    first_episode = serializers.IntegerField()
    set_by = serializers.SerializerMethodField()
    set_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    def get_set_by(self, order: Any) -> str | None:
        return order.set_by.username if order.set_by else None


class FollowListedOut(FollowOut):
    title = serializers.CharField(source="anime.title")


class FollowPageOut(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = FollowListedOut(many=True)
