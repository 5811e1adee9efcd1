"""Shapes of the calendar's addresses."""

from rest_framework import serializers

from lists.models import EntryStatus


class CalendarAddressesOut(serializers.Serializer):
    """Addresses that open the caller's schedule to whoever knows them."""

    ics = serializers.URLField(help_text="iCalendar, for calendars.")
    rss = serializers.URLField(help_text="RSS 2.0, for readers.")
    statuses = serializers.ListField(
        child=serializers.ChoiceField(choices=EntryStatus.values), help_text="Entries of these statuses are in it."
    )
