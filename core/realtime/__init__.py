"""What reaches open pages: the per-user event log (gap-free numbers, replay above a cursor) and the sockets' shared base.

Everything that must reach a person's open pages is published here, inside the transaction that changed it; `hub`, `socket`
and `groups` are what socket addresses are made of.
"""

from core.realtime.hints import hint_on_commit, hint_send
from core.realtime.selectors import Replay, events_after, latest_seq
from core.realtime.services import realtime_publish, realtime_trim

__all__ = [
    "Replay",
    "events_after",
    "hint_on_commit",
    "hint_send",
    "latest_seq",
    "realtime_publish",
    "realtime_trim",
]
