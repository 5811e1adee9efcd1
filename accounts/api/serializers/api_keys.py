"""Shapes of API keys."""

from rest_framework import serializers

from accounts.models import ApiKey
from accounts.services.api_keys import NAME_LENGTH
from core.api.scopes import Scope


class ApiKeyIn(serializers.Serializer):
    """A key to make."""

    name = serializers.CharField(min_length=1, max_length=NAME_LENGTH, help_text="What it is for.")
    scopes = serializers.MultipleChoiceField(choices=Scope.choices, allow_empty=False)
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="In the future, at most ten years away; null: never."
    )


class ApiKeyOut(serializers.ModelSerializer):
    """A key as its person sees it later: masked."""

    masked = serializers.SerializerMethodField(help_text="The beginning of the key, for recognising it.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))

    class Meta:
        model = ApiKey
        fields = ("id", "name", "prefix", "masked", "scopes", "created_at", "expires_at", "last_used_at")
        read_only_fields = fields

    def get_masked(self, key: ApiKey) -> str:
        return f"{key.prefix}…"


class NewApiKeyOut(ApiKeyOut):
    """The same with the key itself, this once."""

    key = serializers.CharField(help_text="The key itself. It is not shown again.")

    class Meta(ApiKeyOut.Meta):
        fields = (*ApiKeyOut.Meta.fields, "key")
