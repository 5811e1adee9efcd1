"""The card: one item of every list. It is stored as JSON (`catalog.documents`); these say its shape in the schema."""

from rest_framework import serializers

from catalog.models import AnimeKind, AnimeSource, AnimeStatus, RelationKind, SeasonName, Visibility


class ImageOut(serializers.Serializer):
    variants = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()), help_text="Width in pixels → format → address."
    )
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")
    colour = serializers.CharField(allow_null=True, help_text="#rrggbb")
    placeholder = serializers.CharField(allow_null=True)


class LatestEpisodeOut(serializers.Serializer):
    number = serializers.IntegerField()
    aired_on = serializers.DateField()


class CardBase(serializers.Serializer):
    """What card and detail have in common; scores 0–100, null is "not known"."""

    id = serializers.IntegerField()
    mal_id = serializers.IntegerField(allow_null=True)
    shikimori_id = serializers.IntegerField(allow_null=True)
    slug = serializers.CharField()
    title = serializers.CharField(help_text="Romaji, the main title.")
    title_english = serializers.CharField(allow_null=True)
    title_native = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(choices=AnimeKind.choices)
    status = serializers.ChoiceField(choices=AnimeStatus.values)
    source = serializers.ChoiceField(choices=AnimeSource.values)  # type: ignore[assignment]  # a field of ours, not the base's
    season = serializers.ChoiceField(choices=SeasonName.values, allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    start_date = serializers.DateField(allow_null=True)
    episode_count = serializers.IntegerField(allow_null=True)
    episodes_available = serializers.IntegerField(help_text="Regular episodes that can be played here.")
    latest_episode = LatestEpisodeOut(allow_null=True)
    dub_languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47.")
    sub_languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47.")
    duration_seconds = serializers.IntegerField(allow_null=True)
    score = serializers.FloatField(allow_null=True, help_text="0–100.")
    popularity = serializers.IntegerField(help_text="People who track it on the source site.")
    is_adult = serializers.BooleanField()
    colour = serializers.CharField(allow_null=True, help_text="#rrggbb")
    poster = ImageOut(allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.values)


class CardOut(CardBase):
    """An anime in a list."""

    genres = serializers.ListField(child=serializers.CharField())


class FoundOut(CardOut):
    """An anime that a search found."""

    matched_title = serializers.CharField(help_text="The name that matched the query best.")


class RelatedOut(CardOut):
    """A member of a franchise."""

    relation = serializers.ChoiceField(choices=RelationKind.values, help_text="What it is to the asked anime.")
    watch_order = serializers.IntegerField(help_text="Place in the whole franchise, the asked anime counted, from 1.")


class SimilarOut(CardOut):
    """An anime like the asked one."""

    similarity = serializers.FloatField(help_text="0–1.")


class MissingTimecodesOut(CardOut):
    """An anime in the queue of unreviewed timecodes."""

    missing_episodes = serializers.IntegerField(help_text="Playable episodes without a timecode row.")
    first_missing_episode = serializers.IntegerField()


class PageBase(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class AnimePageOut(serializers.Serializer):
    """By number with `count`; by key (`cursor`) without it."""

    count = serializers.IntegerField(required=False)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = CardOut(many=True)


class SearchPageOut(PageBase):
    results = FoundOut(many=True)


class MissingPageOut(PageBase):
    results = MissingTimecodesOut(many=True)
