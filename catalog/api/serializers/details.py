"""The detail document (GET /api/v1/anime/:id) as the schema describes it."""

from rest_framework import serializers

from catalog.api.serializers.cards import CardBase, ImageOut
from catalog.models import AgeRating, AnimeKind, AnimeStatus, RelationKind, StudioRole, TagCategory, TitleKind
from catalog.models import TranslationKind as Kind


class GenreOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()


class TagOut(GenreOut):
    category = serializers.ChoiceField(choices=TagCategory.values)
    rank = serializers.IntegerField(help_text="How well it fits, 0–100.")
    is_spoiler = serializers.BooleanField()


class StudioOut(GenreOut):
    role = serializers.ChoiceField(choices=StudioRole.values)


class TitleOut(serializers.Serializer):
    title = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47.")
    type = serializers.ChoiceField(choices=TitleKind.values)


class RelationOut(serializers.Serializer):
    relation = serializers.ChoiceField(choices=RelationKind.values)
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    title_english = serializers.CharField(allow_null=True)
    title_native = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(choices=AnimeKind.choices)
    status = serializers.ChoiceField(choices=AnimeStatus.values)
    year = serializers.IntegerField(allow_null=True)
    is_adult = serializers.BooleanField()


class BroadcastOut(serializers.Serializer):
    site = serializers.CharField(allow_null=True)
    first_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    period_days = serializers.IntegerField()
    timezone = serializers.CharField()
    first_episode = serializers.IntegerField()


class OfficialLinkOut(serializers.Serializer):
    site = serializers.CharField()
    url = serializers.CharField()
    regions = serializers.ListField(child=serializers.CharField())


class NextEpisodeOut(serializers.Serializer):
    number = serializers.IntegerField()
    airs_on = serializers.DateField()


class StreamingTranslationOut(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.ChoiceField(choices=Kind.choices)
    language = serializers.CharField()
    team = serializers.CharField(allow_null=True)
    episodes = serializers.IntegerField()


class StreamingEpisodeOut(serializers.Serializer):
    number = serializers.IntegerField()
    translation_ids = serializers.ListField(child=serializers.CharField())
    audio_languages = serializers.ListField(child=serializers.CharField())
    subtitle_languages = serializers.ListField(child=serializers.CharField())


class StreamingOut(serializers.Serializer):
    is_available = serializers.BooleanField()
    episodes_listed = serializers.IntegerField()
    translations = StreamingTranslationOut(many=True)
    episodes = StreamingEpisodeOut(many=True)


class DetailOut(CardBase):
    """Everything of an anime; scores 0–100, `*_scored_by` the number of raters."""

    synopsis = serializers.CharField(allow_null=True)
    background = serializers.CharField(allow_null=True)
    country = serializers.CharField(help_text="ISO 3166-1, two letters.")
    end_date = serializers.DateField(allow_null=True)
    rating = serializers.ChoiceField(choices=AgeRating.values, allow_null=True)
    votes = serializers.IntegerField()
    favourites = serializers.IntegerField()
    moderation_reason = serializers.CharField(allow_null=True)
    anilist_id = serializers.IntegerField(allow_null=True)
    kitsu_id = serializers.IntegerField(allow_null=True)
    external_ids = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    score_mal = serializers.FloatField(allow_null=True)
    score_mal_scored_by = serializers.IntegerField(allow_null=True)
    score_anilist = serializers.FloatField(allow_null=True)
    score_anilist_scored_by = serializers.IntegerField(allow_null=True)
    score_kitsu = serializers.FloatField(allow_null=True)
    score_kitsu_scored_by = serializers.IntegerField(allow_null=True)
    score_shikimori = serializers.FloatField(allow_null=True)
    score_shikimori_scored_by = serializers.IntegerField(allow_null=True)
    external_scores_synced_at = serializers.DateTimeField(allow_null=True)
    titles = TitleOut(many=True)
    genres = GenreOut(many=True)
    tags = TagOut(many=True)
    studios = StudioOut(many=True)
    relations = RelationOut(many=True)
    broadcasts = BroadcastOut(many=True)
    official_links = OfficialLinkOut(many=True)
    trailer_url = serializers.CharField(allow_null=True)
    banner = ImageOut(allow_null=True)
    poster_url = serializers.CharField(allow_null=True)
    banner_url = serializers.CharField(allow_null=True)
    next_episode = NextEpisodeOut(allow_null=True)
    streaming = StreamingOut()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
