"""Formats of dates in English, named by how much of the day they say."""

DAY_SHORT = "j M"
DAY_YEAR_SHORT = "j M Y"
DAY_YEAR_TIME_SHORT = "j M Y, H:i"
WEEKDAY_SHORT = "D, j M"
WEEKDAY_TIME_SHORT = "D, j M H:i"
WEEKDAY_LONG = "l, j F Y"
MONTH_SHORT = "M"
