"""A serializer that takes only what it knows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Closed(serializers.Serializer):
    """Refuses keys that it does not know: a misspelt field must not look as if it had been written."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(str(key) for key in set(data) - set(self.fields))):
            raise serializers.ValidationError({name: [_("This field cannot be set.")] for name in unknown})
        return super().to_internal_value(data)
