"""How long what was learnt of a title holds before its provider is asked again."""

import datetime

EPISODES_FRESH = datetime.timedelta(minutes=20)
"""How long an episode list that was read counts as current."""
TRIED_AGAIN = datetime.timedelta(hours=24)
"""After this what was looked for and not found, or was gone, is looked for again."""
