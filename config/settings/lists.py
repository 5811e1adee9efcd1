"""Lists: when an episode counts as watched."""

from config.settings.environment import env

LISTS_WATCHED_PERCENT = min(100, max(50, env.int("WATCHED_PERCENT", default=80)))
"""From which part of an episode on it counts as watched (50–100 %); people may choose another for themselves."""
