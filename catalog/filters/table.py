"""The filters of anime, in the order in which a page offers them."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.filters.base import Filter
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
    Title,
    TranslationKind,
)

LANGUAGE = r"any|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
MAX_INTEGER = 2_147_483_647


def has_video() -> Q:
    """Anime with at least one enabled source that is not known to be dead."""
    playable = EpisodeSource.objects.filter(episode__anime_id=OuterRef("pk"), is_enabled=True)
    return Q(Exists(playable.exclude(health=SourceHealth.DEAD)))


def has_translation(kind: str, language: str) -> Q:
    """Anime with an enabled source in a dub or sub of `language` (BCP 47, regions included) or of any."""
    rows = EpisodeSource.objects.filter(episode__anime_id=OuterRef("pk"), is_enabled=True, translation__kind=kind)
    if language != "any":
        rows = rows.filter(
            Q(translation__language__iexact=language) | Q(translation__language__istartswith=f"{language}-")
        )
    return Q(Exists(rows))


def begins_with(letter: str) -> Q:
    """Titles that begin with a letter; "#" stands for everything outside of A–Z."""
    return ~Q(title__iregex=r"^[a-z]") if letter == "#" else Q(title__istartswith=letter)


def _language(kind: TranslationKind, label: object) -> Words:
    return Words(
        kind.value,
        LANGUAGE,
        lambda language: has_translation(kind.value, language),
        label,  # type: ignore[arg-type]
        words=_("A language like “en” or “pt-BR”, or “any”."),
        description=f"Has a {kind.value} in any of these languages (BCP 47), or in `any`.",
    )


def table() -> list[Filter]:
    """Every filter that the catalogue itself offers."""
    languages = _("A code of two or three letters, like “JP”.")
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
        Words(
            "country",
            r"[A-Za-z]{2,3}",
            lambda code: Q(country=code.upper()),
            _("Country"),
            words=languages,
            description="Any of these countries (ISO 3166-1, two letters).",
        ),
        _language(TranslationKind.DUB, _("Dub")),
        _language(TranslationKind.SUB, _("Sub")),
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
