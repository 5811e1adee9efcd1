"""Providers, what airs at them, and genres."""

from rest_framework import serializers


class ProviderOut(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not the base's
    capabilities = serializers.ListField(child=serializers.CharField())
    is_enabled = serializers.BooleanField()
    home_at = serializers.DateTimeField(allow_null=True, help_text="When its home page was read last, UTC.")


class TitleProvidersOut(serializers.Serializer):
    results = ProviderOut(many=True)


class HomeTitleOut(serializers.Serializer):
    name = serializers.CharField(help_text="Without marks of language or episode.")
    cover = serializers.CharField(help_text="At the provider; may be empty.")
    slugs = serializers.CharField(help_text="The slug at `provider`.")
    provider = serializers.CharField(help_text="The preferred one of `sources`.")
    sources = serializers.ListField(child=serializers.CharField(), help_text="Every provider that has it.")
    providerSlugs = serializers.DictField(child=serializers.CharField(), help_text="Provider → slug.")  # noqa: N815 — clients of weaboo know it so
    anime_id = serializers.IntegerField(allow_null=True)
    mal_id = serializers.IntegerField(allow_null=True)
    episode = serializers.IntegerField(allow_null=True, help_text="The newest, as providers count.")
    released_at = serializers.DateTimeField(allow_null=True, help_text="When it was first seen, UTC.")


class HomeOut(serializers.Serializer):
    count = serializers.IntegerField()
    generated_at = serializers.DateTimeField()
    results = HomeTitleOut(many=True)


class GenreAnimeOut(serializers.Serializer):
    mal_id = serializers.IntegerField(allow_null=True)
    anime_id = serializers.IntegerField()
    name = serializers.CharField(help_text="English if known, else romaji.")
    cover = serializers.CharField(allow_null=True)


class GenrePageOut(serializers.Serializer):
    genre_id = serializers.IntegerField(help_text="MAL's number.")
    page = serializers.IntegerField()
    has_next_page = serializers.BooleanField()
    count = serializers.IntegerField(help_text="On this page, at most 10.")
    results = GenreAnimeOut(many=True)
