"""Lists: when an episode counts as watched, how many unknown titles imports may bring."""

from config.settings.environment import env

LISTS_WATCHED_PERCENT = min(100, max(50, env.int("WATCHED_PERCENT", default=80)))
"""From which part of an episode on it counts as watched (50–100 %); people may choose another for themselves."""

LISTS_STUBS_AN_IMPORT = max(0, env.int("LISTS_STUBS_AN_IMPORT", default=2_000))
"""So many titles that the catalogue does not know one imported file may add to it; lines beyond are left out, with a reason."""

LISTS_STUBS_A_DAY = max(0, env.int("LISTS_STUBS_A_DAY", default=3_000))
"""So many a person's imports of one day (UTC) together."""
