"""Factories of every catalogue row, for the tests of all apps."""

import datetime

import factory
from django.utils import timezone

from catalog import models


class UserFactory(factory.django.DjangoModelFactory):
    """A person to rate, edit and look; other apps' tests use the factories of `accounts`."""

    class Meta:
        model = "accounts.User"
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"viewer_{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")


class GenreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Genre
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Genre {n}")
    slug = factory.LazyAttribute(lambda genre: genre.name.lower().replace(" ", "-"))


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Tag
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Tag {n}")
    slug = factory.LazyAttribute(lambda tag: tag.name.lower().replace(" ", "-"))
    category = models.TagCategory.THEME


class StudioFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Studio
        django_get_or_create = ("slug",)

    name = factory.Sequence(lambda n: f"Studio {n}")
    slug = factory.LazyAttribute(lambda studio: studio.name.lower().replace(" ", "-"))


class AnimeFactory(factory.django.DjangoModelFactory):
    """A public TV series. `genres=[…]` and `tags=[…]` take rows; `mal_id=1` adds the MAL and Shikimori ids.

    `document=True` also writes its ready-made JSON, as every service does.
    """

    class Meta:
        model = models.Anime
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Hoshi no Niwa {n}")
    slug = factory.LazyAttribute(lambda anime: anime.title.lower().replace(" ", "-")[:120])
    kind = models.AnimeKind.TV
    status = models.AnimeStatus.FINISHED
    source = models.AnimeSource.MANGA
    season = models.SeasonName.SPRING
    year = 2020
    start_date = datetime.date(2020, 4, 5)
    end_date = datetime.date(2020, 6, 21)
    episode_count = 12
    duration_seconds = 1440
    age_rating = models.AgeRating.PG13
    score = 75.0
    votes = 1000
    popularity = factory.Sequence(lambda n: 1000 + n)

    class Params:
        hidden = factory.Trait(visibility=models.Visibility.HIDDEN, moderation_reason="Taken down")
        restricted = factory.Trait(visibility=models.Visibility.PLAYER_RESTRICTED, moderation_reason="Licensed here")
        adult = factory.Trait(is_adult=True, age_rating=models.AgeRating.RX)

    @factory.post_generation
    def genres(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        if create and extracted:
            self.genres.add(*extracted)

    @factory.post_generation
    def tags(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        if create and extracted:
            for tag in extracted:
                AnimeTagFactory(anime=self, tag=tag)

    @factory.post_generation
    def mal_id(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        if create and extracted:
            ExternalIdFactory(anime=self, site=models.Site.MAL, value=str(extracted))
            ExternalIdFactory(anime=self, site=models.Site.SHIKIMORI, value=str(extracted))

    @factory.post_generation
    def document(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted:
            from catalog.services.documents import documents_rebuild

            documents_rebuild(anime_ids=[self.pk])


class AnimeTagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AnimeTag

    anime = factory.SubFactory(AnimeFactory)
    tag = factory.SubFactory(TagFactory)


class AnimeStudioFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AnimeStudio

    anime = factory.SubFactory(AnimeFactory)
    studio = factory.SubFactory(StudioFactory)


class TitleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Title

    anime = factory.SubFactory(AnimeFactory)
    text = factory.Sequence(lambda n: f"Garden of Stars {n}")
    language = "en"
    kind = models.TitleKind.OFFICIAL


class ExternalIdFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ExternalId

    anime = factory.SubFactory(AnimeFactory)
    site = models.Site.MAL
    value = factory.Sequence(lambda n: str(900_000 + n))


class ExternalScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ExternalScore

    anime = factory.SubFactory(AnimeFactory)
    site = models.Site.MAL
    value = 80.0
    votes = 5000
    synced_at = factory.LazyFunction(timezone.now)


class RelationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Relation

    from_anime = factory.SubFactory(AnimeFactory)
    to_anime = factory.SubFactory(AnimeFactory)
    kind = models.RelationKind.SEQUEL


class PendingRelationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PendingRelation

    from_anime = factory.SubFactory(AnimeFactory)
    kind = models.RelationKind.SEQUEL
    mal_id = factory.Sequence(lambda n: 800_000 + n)


class SeasonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Season

    anime = factory.SubFactory(AnimeFactory)
    number = 1


class EpisodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Episode

    anime = factory.SubFactory(AnimeFactory)
    kind = models.EpisodeKind.REGULAR
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda episode: f"Episode {episode.number}")
    aired_on = factory.LazyAttribute(
        lambda episode: datetime.date(2020, 4, 5) + datetime.timedelta(weeks=min(episode.number, 5000) - 1)
    )
    duration_seconds = 1440


class TranslationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Translation

    code = factory.Sequence(lambda n: f"team-{n}")
    kind = models.TranslationKind.SUB
    language = "en"
    team = factory.Sequence(lambda n: f"Team {n}")


class EpisodeSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.EpisodeSource

    episode = factory.SubFactory(EpisodeFactory)
    translation = factory.SubFactory(TranslationFactory)
    kind = models.SourceKind.HLS
    url = factory.Sequence(lambda n: f"https://media.example.org/{n}/master.m3u8")
    quality = 1080

    class Params:
        local = factory.Trait(
            kind=models.SourceKind.LOCAL, url="", path=factory.Sequence(lambda n: f"library:series/episode-{n}.mkv")
        )


class SubtitleTrackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.SubtitleTrack

    episode = factory.SubFactory(EpisodeFactory)
    language = "en"
    format = models.SubtitleFormat.VTT
    path = factory.Sequence(lambda n: f"library:series/episode-{n}.en.vtt")


class TimecodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Timecode

    anime = factory.SubFactory(AnimeFactory)
    episode_number = factory.Sequence(lambda n: n + 1)
    intro_start = 60.0
    intro_end = 150.0
    outro_start = 1290.0
    outro_end = 1380.0


class RatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Rating

    user = factory.SubFactory(UserFactory)
    anime = factory.SubFactory(AnimeFactory)
    score = 80


class BroadcastRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.BroadcastRule

    anime = factory.SubFactory(AnimeFactory)
    first_at = datetime.datetime(2020, 4, 5, 14, 30, tzinfo=datetime.UTC)


class OfficialLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.OfficialLink

    anime = factory.SubFactory(AnimeFactory)
    site = "Example Stream"
    url = factory.Sequence(lambda n: f"https://stream.example.org/{n}")


class FieldProvenanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.FieldProvenance

    anime = factory.SubFactory(AnimeFactory)
    field = "title"
    source = "staff"
    is_locked = True


class ImportRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ImportRun

    format = "jikan"
    file_name = "anime.jsonl"
    file_digest = factory.Sequence(lambda n: f"{n:064x}")
