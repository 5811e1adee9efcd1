"""Shapes of statistics and of a year in review. Scores are 0–100 everywhere, rates 0–1, days those of `tz`."""

from typing import Any

from rest_framework import serializers

from lists.models import EntryStatus
from lists.scores import score_shown


class GroupOut(serializers.Serializer):
    """Entries that share something."""

    key = serializers.CharField(help_text="A slug, a format, a year or a decade.")
    name = serializers.CharField()
    count = serializers.IntegerField()
    mean_score = serializers.FloatField(allow_null=True)
    minutes = serializers.IntegerField()


class OwnTagOut(serializers.Serializer):
    """A word its owner put on entries."""

    name = serializers.CharField()
    count = serializers.IntegerField()

    def to_representation(self, instance: tuple[str, int]) -> dict[str, Any]:
        return {"name": instance[0], "count": instance[1]}


class StatisticsTitleOut(serializers.Serializer):
    """An anime by its names."""

    anime_id = serializers.IntegerField()
    title = serializers.CharField()
    title_english = serializers.CharField(allow_null=True)
    title_native = serializers.CharField(allow_null=True)
    number = serializers.IntegerField(allow_null=True, help_text="How often rewatched, or the score.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {**title_names(instance.card), "number": instance.number}


class YearTitleOut(serializers.Serializer):
    """An anime of a year."""

    anime_id = serializers.IntegerField()
    title = serializers.CharField()
    title_english = serializers.CharField(allow_null=True)
    title_native = serializers.CharField(allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    finished_on = serializers.CharField(help_text="ISO 8601 of reduced precision: 2024, 2024-05 or 2024-05-17.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {**title_names(instance.card), "score": instance.score, "finished_on": instance.on}


class DayOut(serializers.Serializer):
    """A day on which something happened."""

    date = serializers.DateField()
    episodes = serializers.IntegerField()
    finished = serializers.IntegerField()


class ActivityOut(serializers.Serializer):
    """The last 365 days, and streaks over all time."""

    first = serializers.DateField()
    last = serializers.DateField()
    days = DayOut(many=True)
    active_days = serializers.IntegerField()
    current_streak = serializers.IntegerField()
    longest_streak = serializers.IntegerField()


class CountsOut(serializers.Serializer):
    """Entries by status."""

    planned = serializers.IntegerField()
    watching = serializers.IntegerField()
    completed = serializers.IntegerField()
    on_hold = serializers.IntegerField()
    dropped = serializers.IntegerField()
    rewatching = serializers.IntegerField()


class ScoreBucketOut(serializers.Serializer):
    """How many scores lie in a tenth of the scale: `highest` 10 is 1–10 (and 0), 100 is 91–100."""

    highest = serializers.IntegerField()
    count = serializers.IntegerField()


class StatisticsOut(serializers.Serializer):
    """All of it."""

    username = serializers.CharField()
    total = serializers.IntegerField()
    counts = CountsOut()
    scored = serializers.IntegerField()
    average_score = serializers.FloatField(allow_null=True)
    average_score_shown = serializers.CharField(help_text='In the owner\'s format, "" without scores.')
    score_format = serializers.CharField()
    episodes_watched = serializers.IntegerField()
    minutes_watched = serializers.IntegerField()
    of_unknown_length = serializers.IntegerField(help_text="Watched entries whose length is not known: 0 minutes each.")
    completion_rate = serializers.FloatField(allow_null=True)
    drop_rate = serializers.FloatField(allow_null=True)
    mean_days_to_finish = serializers.FloatField(allow_null=True)
    rewatches = serializers.IntegerField()
    score_distribution = ScoreBucketOut(many=True)
    formats = GroupOut(many=True)
    genres = GroupOut(many=True)
    studios = GroupOut(many=True)
    tags = GroupOut(many=True)
    own_tags = OwnTagOut(many=True)
    years = GroupOut(many=True, help_text="Years in which the anime began.")
    decades = GroupOut(many=True)
    most_rewatched = StatisticsTitleOut(many=True)
    favourites = StatisticsTitleOut(many=True)
    activity = ActivityOut(allow_null=True, help_text="Null where the owner does not show it to the caller.")


class MonthOut(serializers.Serializer):
    """A month of a year."""

    month = serializers.IntegerField(source="number", help_text="1–12")
    episodes = serializers.IntegerField()
    finished = serializers.IntegerField()


class BusiestDayOut(serializers.Serializer):
    """The day with the most episodes."""

    date = serializers.DateField()
    count = serializers.IntegerField()

    def to_representation(self, instance: tuple[Any, int]) -> dict[str, Any]:
        return {"date": instance[0].isoformat(), "count": instance[1]}


class YearOut(serializers.Serializer):
    """A year in review."""

    username = serializers.CharField()
    year = serializers.IntegerField()
    years = serializers.ListField(child=serializers.IntegerField(), help_text="Years with data, newest first.")
    episodes = serializers.IntegerField()
    minutes = serializers.IntegerField()
    active_days = serializers.IntegerField()
    longest_streak = serializers.IntegerField()
    finished_count = serializers.IntegerField()
    started_count = serializers.IntegerField()
    dropped_count = serializers.IntegerField()
    mean_score = serializers.FloatField(allow_null=True)
    months = MonthOut(many=True)
    busiest_month = MonthOut(allow_null=True)
    busiest_day = BusiestDayOut(allow_null=True)
    genres = GroupOut(many=True)
    top = YearTitleOut(many=True)
    first_finished = YearTitleOut(allow_null=True)
    last_finished = YearTitleOut(allow_null=True)
    finished = YearTitleOut(many=True, help_text="At most 120, in the order they were finished.")


def title_names(card: dict[str, Any]) -> dict[str, Any]:
    """The names of a card document."""
    names = {name: card.get(name) for name in ("title", "title_english", "title_native")}
    return {"anime_id": card["id"], **names}


def statistics_fields(found: Any, statistics: Any) -> dict[str, Any]:
    """What `StatisticsOut` reads, from `access.get_list` and `selectors.statistics.list_statistics`."""
    totals = statistics.totals
    figures = {name: getattr(totals, name) for name in totals.__slots__}
    groups = ("formats", "genres", "studios", "tags", "own_tags", "years", "decades", "most_rewatched", "favourites")
    average = totals.average_score
    return {
        **figures,
        **{name: getattr(statistics, name) for name in groups},
        "username": found.owner.username,
        "counts": {status: totals.counts.get(status, 0) for status in EntryStatus.values},
        "average_score_shown": score_shown(None if average is None else round(average), found.preferences.score_format),
        "score_format": found.preferences.score_format,
        "score_distribution": [{"highest": 10 * (n + 1), "count": count} for n, count in enumerate(statistics.scores)],
        "activity": statistics.activity,
    }


def year_fields(found: Any, review: Any) -> dict[str, Any]:
    """What `YearOut` reads."""
    return {**{name: getattr(review, name) for name in review.__slots__}, "username": found.owner.username}
