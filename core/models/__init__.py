"""Rows that every app uses: jobs, the realtime event log, stored images."""

from core.models.images import StoredImage
from core.models.jobs import Job, JobState
from core.models.realtime import RealtimeEvent, RealtimeSequence

__all__ = ["Job", "JobState", "RealtimeEvent", "RealtimeSequence", "StoredImage"]
