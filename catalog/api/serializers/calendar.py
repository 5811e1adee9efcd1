"""The calendar and the community's rating."""

from rest_framework import serializers

from catalog.api.serializers.cards import CardOut


class AiringOut(serializers.Serializer):
    anime = CardOut()
    episode = serializers.IntegerField(allow_null=True)
    airs_at = serializers.DateTimeField(allow_null=True, help_text="UTC; null when only the day is known.")
    site = serializers.CharField(help_text="Empty: television.")


class CalendarDayOut(serializers.Serializer):
    date = serializers.DateField(help_text="A day of the asked time zone.")
    airings = AiringOut(many=True)


class CalendarOut(serializers.Serializer):
    timezone = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(help_text="The day after the last one.")
    days = CalendarDayOut(many=True)


class CommunityRatingOut(serializers.Serializer):
    average = serializers.FloatField(allow_null=True, help_text="0–100; null when nobody rated.")
    count = serializers.IntegerField()
