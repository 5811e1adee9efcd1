"""The calendar and the community's rating."""

from rest_framework import serializers

from catalog.api.serializers.cards import CardOut, PageBase


class AiringOut(serializers.Serializer):
    anime = CardOut()
    episode = serializers.IntegerField(allow_null=True)
    airs_at = serializers.DateTimeField(allow_null=True, help_text="UTC; null when only the day is known.")
    site = serializers.CharField(help_text="Empty: television.")
    is_observed = serializers.BooleanField(help_text="Nobody announced it: `site` was seen to have it.")


class CalendarDayOut(serializers.Serializer):
    date = serializers.DateField(help_text="A day of the asked time zone.")
    airings = AiringOut(many=True)


class CalendarOut(serializers.Serializer):
    timezone = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(help_text="The day after the last one.")
    days = CalendarDayOut(many=True)


class UpcomingOut(CardOut):
    """An anime that has not begun."""

    starts_at = serializers.DateTimeField(allow_null=True, help_text="Its first broadcast, UTC.")


class UpcomingPageOut(PageBase):
    results = UpcomingOut(many=True)


class UpdatedOut(CardOut):
    """An anime with a new episode."""

    episode = serializers.IntegerField(allow_null=True)
    updated_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was seen, UTC; null: only its place tells."
    )
    kinds = serializers.ListField(child=serializers.CharField(), help_text="sub, dub, raw: as it plays here.")
    is_playable = serializers.BooleanField()
    site = serializers.CharField(help_text="Who has it where it does not play here.")


class UpdatedPageOut(PageBase):
    results = UpdatedOut(many=True)


class CommunityRatingOut(serializers.Serializer):
    average = serializers.FloatField(allow_null=True, help_text="0–100; null when nobody rated.")
    count = serializers.IntegerField()
