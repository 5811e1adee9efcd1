"""The per-user event log: gap-free sequence numbers, hints on commit, replay above a cursor.

The socket gateway (a later capability) reads it through `events_after`; everything that must reach a person's open pages
is published here, inside the transaction that changed it.
"""

from core.realtime.selectors import Replay, events_after, latest_seq
from core.realtime.services import realtime_publish, realtime_trim

__all__ = ["Replay", "events_after", "latest_seq", "realtime_publish", "realtime_trim"]
