"""A row in every model of lists that belongs to a person, for tests of export and erasure."""

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from catalog.models import Anime
from core.media.images import image_store
from core.tests.media.pictures import picture
from lists.models import (
    ChallengeClaim,
    Collection,
    CollectionFavourite,
    CollectionReaction,
    EntryTag,
    ListActivity,
    ListEntry,
    ListImport,
    ListPreferences,
    ScrobbleEndpoint,
    ScrobbleRule,
    WatchedEpisode,
    WatchProgress,
)


def lists_of(user: User, anime: Anime, *, words: str) -> None:
    """Everything somebody may have in lists; `words` stand in every text of theirs."""
    now = timezone.now()
    entry = ListEntry.objects.create(user=user, anime=anime, status="watching", notes=words)
    EntryTag.objects.create(entry=entry, name=words)
    activity = ListActivity.objects.create(
        user=user, anime=anime, kind="added", changes={"notes": ["", words]}, created_at=now
    )
    WatchedEpisode.objects.create(
        user=user, anime=anime, episode_number=1, source="player", watched_at=now, activity=activity
    )
    WatchProgress.objects.create(user=user, anime=anime, episode_number=1, position=61, duration=1400, updated_at=now)
    ListPreferences.objects.create(user=user, score_format="point_5")
    endpoint = ScrobbleEndpoint.objects.create(user=user, server="plex", account_name=words)
    endpoint.receipts.create(title=words, outcome="counted", anime=anime, episode_number=1)
    rule = ScrobbleRule.objects.create(user=user, server="plex", key="0" * 32, title=words, name=words, anime=anime)
    endpoint.plays.create(episode_key="1" * 32, title=words, name=words, rule=rule, played_at=now)
    found = ListImport.objects.create(user=user, file_name=f"{words}.xml", format="mal")
    found.file.save("list.xml", ContentFile(words.encode()))
    found.rows.create(position=1, title=words, outcome="new", record={"notes": words})
    _collections_of(user, anime, words)


def _collections_of(user: User, anime: Anime, words: str) -> None:
    cover = image_store(file=picture(colour=(9, 77, 9)), purpose="cover", owner=user)
    own = Collection.objects.create(owner=user, title=words, description=words, cover=cover)
    group = own.groups.create(name=words)
    own.items.create(anime=anime, anime_title=anime.title, group=group, note=words)
    CollectionReaction.objects.create(collection=own, user=user, value="like")
    CollectionFavourite.objects.create(collection=own, user=user)
    ChallengeClaim.objects.create(collection=own, user=user, coins=5)
