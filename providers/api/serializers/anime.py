"""One anime as providers have it."""

from rest_framework import serializers

from providers.models import MatchState


class MappingOut(serializers.Serializer):
    id = serializers.IntegerField(allow_null=True, help_text="The anime; null while it is none of the catalogue.")
    mal_id = serializers.IntegerField(allow_null=True)
    title_main = serializers.CharField(allow_null=True)
    slugs = serializers.DictField(child=serializers.CharField(), help_text="Provider → slug.")
    phash = serializers.CharField(allow_null=True, help_text="Perceptual hash of the cover, 16 hexadecimal digits.")
    release_year = serializers.IntegerField(allow_null=True)
    total_episodes = serializers.IntegerField(allow_null=True)
    last_sync = serializers.DateTimeField(allow_null=True)
    confidence = serializers.IntegerField(allow_null=True, help_text="0–100.")
    match = serializers.ChoiceField(choices=MatchState.values, allow_null=True)


class ProviderEpisodeOut(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not the base's
    episodeStart = serializers.IntegerField(allow_null=True)  # noqa: N815 — clients of weaboo know it so
    episodeEnd = serializers.IntegerField(allow_null=True)  # noqa: N815 — clients of weaboo know it so
    url = serializers.CharField()
    anime_id = serializers.IntegerField(allow_null=True, help_text="The anime that the episode is of.")
    number = serializers.IntegerField(allow_null=True, help_text="Its number there.")


class KnownOut(serializers.Serializer):
    mapping = MappingOut()
    metadata = serializers.DictField(allow_null=True, help_text="In MAL's shape, as Jikan v4 gives it.")
    episodes = serializers.DictField(
        child=ProviderEpisodeOut(many=True, allow_null=True), help_text="Provider → its list; null: it was not read."
    )


class ProviderAnimeOut(serializers.Serializer):
    cached = serializers.BooleanField(help_text="Nothing had to be waited for.")
    enriching = serializers.BooleanField(help_text="Providers are being asked: ask again in a while, or with `wait`.")
    data = KnownOut(allow_null=True)  # type: ignore[assignment]  # a field of ours, not the base's
