"""A row in every model of downloads that belongs to a person, for tests of export and erasure."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from catalog.models import Anime
from downloads.models import Download, DownloadTicket, QueueControl, QueueMode, VariantFollow


def downloads_of(user: User, anime: Anime) -> None:
    """Everything that somebody of the staff may have asked of downloads."""
    download = Download.objects.create(anime=anime, episode_number=1, requested_by=user)
    in_ten_minutes = timezone.now() + timedelta(minutes=10)
    DownloadTicket.objects.create(download=download, user=user, token_hash="0" * 64, expires_at=in_ten_minutes)
    VariantFollow.objects.create(anime=anime, variant_kind="dub", variant_language="de", set_by=user)
    QueueControl.objects.create(id=1, mode=QueueMode.PAUSED, set_by=user)
