"""What a media server is answered."""

from rest_framework import serializers

from lists.models import ScrobbleOutcome


class ScrobbleOut(serializers.Serializer):
    """What became of a message."""

    outcome = serializers.ChoiceField(ScrobbleOutcome.choices)
    anime_id = serializers.IntegerField(allow_null=True)
    episode_num = serializers.IntegerField(source="episode_number", allow_null=True)
    reason = serializers.SerializerMethodField(help_text="A code: why it was not counted, or by what it was found.")

    def get_reason(self, receipt: object) -> str:
        detail = getattr(receipt, "detail", {})
        return str(detail.get("reason", ""))
