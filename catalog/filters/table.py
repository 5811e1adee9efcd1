"""The filters of anime, in the order in which a page offers them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from catalog.filters.base import Filter, Text
from catalog.filters.kinds import DATE, Choice, Flag, Labels, Range, Words, decimal, whole
from catalog.models import (
    AgeRating,
    Anime,
    AnimeKind,
    AnimeSource,
    AnimeStatus,
    AnimeStudio,
    AnimeTag,
    EpisodeSource,
    ExternalId,
    OfficialLink,
    SeasonName,
    SourceHealth,
    SubtitleTrack,
    Title,
    TranslationKind,
)

LANGUAGE = r"any|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
NATIVE = {"JP": "ja", "CN": "zh", "TW": "zh", "KR": "ko"}
MAX_INTEGER = 2_147_483_647


def has_video() -> Q:
    """Anime with at least one enabled source that is not known to be dead."""
    playable = EpisodeSource.objects.filter(episode__anime_id=OuterRef("pk"), is_enabled=True)
    return Q(Exists(playable.exclude(health=SourceHealth.DEAD)))


def _spoken(field: str, language: str) -> Q:
    """`field` is this language (BCP 47), regions included; "any" is every one."""
    if language == "any":
        return Q()
    return Q(**{f"{field}__iexact": language}) | Q(**{f"{field}__istartswith": f"{language}-"})


def _sources(**conditions: Any) -> QuerySet[EpisodeSource]:
    return EpisodeSource.objects.filter(episode__anime_id=OuterRef("pk"), is_enabled=True, **conditions)


def has_dub(language: str) -> Q:
    """Anime heard in `language` or any: by a dub, or by an audio track that is not the original one."""
    dubs = _sources(translation__kind=TranslationKind.DUB).filter(_spoken("translation__language", language))
    found = Q(Exists(dubs))
    if language == "any":
        return found
    tracks = _sources().annotate(audio=Cast("audio_languages", TextField()))
    native = [country for country, spoken in NATIVE.items() if spoken == language.partition("-")[0].lower()]
    return found | (Q(Exists(tracks.filter(audio__icontains=f'"{language}'))) & ~Q(country__in=native))


def has_sub(language: str) -> Q:
    """Anime read in `language` or any: by a sub, or by a subtitle track."""
    subs = _sources(translation__kind=TranslationKind.SUB).filter(_spoken("translation__language", language))
    tracks = SubtitleTrack.objects.filter(_spoken("language", language), episode__anime_id=OuterRef("pk"))
    return Q(Exists(subs)) | Q(Exists(tracks))


def begins_with(letter: str) -> Q:
    """Titles that begin with a letter; "#" stands for everything outside of A–Z."""
    return ~Q(title__iregex=r"^[a-z]") if letter == "#" else Q(title__istartswith=letter)


def _language(name: str, build: Callable[[str], Q], label: Text) -> Words:
    return Words(
        name,
        LANGUAGE,
        build,
        label,
        words=_("A language like “en” or “pt-BR”, or “any”."),
        description=f"Has a {name} in any of these languages (BCP 47), or in `any`.",
    )


def table() -> list[Filter]:
    """Every filter that the catalogue itself offers."""
    return [
        Labels("genre", Anime.genres.through),
        Labels("tag", AnimeTag, rank_parameter="tag_rank_min"),
        Labels("studio", AnimeStudio),
        Choice("type", "kind", AnimeKind.choices, _("Type")),
        Choice("status", "status", AnimeStatus.choices, _("Status")),
        Choice("season", "season", SeasonName.choices, _("Season")),
        Choice("source", "source", AnimeSource.choices, _("Source")),
        Choice("age_rating", "age_rating", AgeRating.choices, _("Age rating")),
        Range("year", "year", whole(1900, 2200), _("Year")),
        Range("score", "score", decimal(0, 100), _("Score")),
        Range("votes", "votes", whole(0, MAX_INTEGER), _("Votes")),
        Range("popularity", "popularity", whole(0, MAX_INTEGER), _("Members")),
        Range("episodes", "episode_count", whole(0, MAX_INTEGER), _("Episodes")),
        Range("duration", "duration_seconds", whole(0, MAX_INTEGER), _("Length (s)")),
        Range("start_date", "start_date", DATE, _("First aired")),
        Range("end_date", "end_date", DATE, _("Last aired")),
        *_by_words(),
    ]


def _by_words() -> list[Filter]:
    """Filters whose values are free words, each checked against a pattern."""
    languages = _("A code of two or three letters, like “JP”.")
    return [
        Words(
            "country",
            r"[A-Za-z]{2,3}",
            lambda code: Q(country=code.upper()),
            _("Country"),
            words=languages,
            description="Any of these countries (ISO 3166-1, two letters).",
        ),
        _language("dub", has_dub, _("Dub")),
        _language("sub", has_sub, _("Sub")),
        Flag("has_video", has_video, _("Can be watched here"), _("No video here")),
        Words(
            "letter",
            r"#|\w",
            begins_with,
            _("Begins with"),
            words=_("One letter, or # for the rest."),
            description="The title begins with this letter; `#` for anything outside of A–Z.",
        ),
        Words(
            "provider",
            r"[^\x00]{1,80}",
            lambda site: Q(Exists(OfficialLink.objects.filter(anime_id=OuterRef("pk"), site__iexact=site))),
            _("On"),
            words=_("The name of a site."),
            description="Streams officially on any of these sites.",
        ),
        Words(
            "language",
            r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
            lambda code: Q(Exists(Title.objects.filter(anime_id=OuterRef("pk"), language__iexact=code))),
            _("Title in"),
            words=_("A language like “en” or “ja-Latn”."),
            description="Has a title in any of these languages (BCP 47).",
        ),
        Words(
            "mal_id",
            r"[0-9]{1,9}",
            lambda value: Q(Exists(ExternalId.objects.filter(anime_id=OuterRef("pk"), site="mal", value=value))),
            "MAL",
            words=_("A whole number."),
            description="Any of these MAL ids.",
        ),
        Words(
            "id",
            r"[0-9]{1,18}",
            lambda value: Q(pk=int(value)),
            "id",
            words=_("A whole number."),
            description="Any of these ids.",
        ),
    ]
