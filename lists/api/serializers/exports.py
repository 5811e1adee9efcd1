"""What may be asked of an export."""

from rest_framework import serializers

from lists.exporting import FORMATS


class ExportIn(serializers.Serializer):
    format = serializers.ChoiceField(
        choices=[(found.code, found.label) for found in FORMATS.values()],
        default="hiroba",
        help_text="hiroba is complete; the others say what their site can.",
    )
