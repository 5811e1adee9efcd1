"""A catalogue whose every text tries to run a script; run as a program with DATA_DIR set to a migrated site's folder."""

import datetime

import django

PWN = "window.__pwned=1"
LONG = f"\"'><img src=x onerror={PWN}><script>{PWN}</script></title></textarea></style>--><svg onload={PWN}>${{{PWN}}}{{{{7*7}}}}"
SHORT = f"\"'><img src=x onerror={PWN}><script>{PWN}</script>"
IN_JSON = f"</script><script>{PWN}</script>"
LINKS = [
    f"javascript:{PWN}",
    f"JaVaScRiPt:{PWN}",
    f" javascript:{PWN}",
    f"data:text/html,<script>{PWN}</script>",
    f"java\nscript:{PWN}",
]


def fill() -> None:
    """Two related anime on the air with one playable episode and one without a source, and everything named above."""
    from django.utils import timezone

    from accounts.models import User
    from catalog import models
    from catalog.services.changes import catalog_touch
    from catalog.tests import factories as make
    from lists.facade import progress_save

    genre, tag = make.GenreFactory(name=SHORT, slug="genre-x"), make.TagFactory(name=SHORT, slug="tag-x")
    studio = make.StudioFactory(name=LONG[:160], slug="studio-x")
    found = []
    for number in range(2):
        anime = make.AnimeFactory(
            title=f"Zugzwang {number} {LONG}", title_english=f"English {number} {LONG}",
            title_native=f"{LONG} {number}", slug=f"zugzwang-{number}", synopsis=f"{LONG}\n\n{IN_JSON}",
            background=LONG, moderation_reason=LONG, status=models.AnimeStatus.AIRING, end_date=None,
            genres=[genre], tags=[tag], colour="", year=timezone.now().year, popularity=number + 1,
        )  # fmt: skip
        make.AnimeStudioFactory(anime=anime, studio=studio)
        make.TitleFactory(anime=anime, text=f"Synonym {number} {LONG}", kind=models.TitleKind.SYNONYM)
        make.SeasonFactory(anime=anime, name=LONG[:200])
        make.BroadcastRuleFactory(anime=anime, first_at=timezone.now() - datetime.timedelta(weeks=1))
        make.ExternalIdFactory(anime=anime, value=f"{number}{SHORT}"[:60])
        for link in LINKS:
            make.OfficialLinkFactory(anime=anime, site=SHORT, url=link, regions=[SHORT])
        found.append(anime)
    first, second = found
    make.RelationFactory(from_anime=first, to_anime=second)
    make.PendingRelationFactory(from_anime=first, title=LONG)
    make.FieldProvenanceFactory(anime=first, source=SHORT[:40])
    make.ImportRunFactory(file_name=SHORT)
    team = make.TranslationFactory(code="team-x", team=SHORT)
    for number in (1, 2):
        episode = make.EpisodeFactory(
            anime=first, number=number, title=f"{IN_JSON}{LONG}", titles={"en": LONG, "ru": LONG}, synopsis=LONG,
            aired_on=timezone.now().date(),
        )  # fmt: skip
        if number == 1:
            make.EpisodeSourceFactory(
                episode=episode, local=True, path="demo:episode-1/sub.m3u8", translation=team, label=SHORT,
                audio_languages=[SHORT[:12]],
            )  # fmt: skip
            make.EpisodeSourceFactory(episode=episode, local=True, path="demo:episode-1/dub.m3u8", label=SHORT)
            make.SubtitleTrackFactory(episode=episode, path="demo:episode-1/en.vtt", label=SHORT)
            make.TimecodeFactory(anime=first, episode_number=1)
    for number, link in enumerate(LINKS):
        kind = models.SourceKind.EMBED if number % 2 else models.SourceKind.MP4
        lonely = make.EpisodeFactory(anime=first, number=3 + number, title=LONG)
        make.EpisodeSourceFactory(episode=lonely, kind=kind, url=link, label=SHORT, translation=team)
    catalog_touch(anime_ids=[anime.pk for anime in found])
    User.objects.update(display_name=SHORT[:50], bio=LONG)
    progress_save(
        user=User.objects.get(username="admin"), anime_id=first.pk, episode_number=1, position=30, duration=80
    )
    print(first.pk)  # noqa: T201


if __name__ == "__main__":
    django.setup()
    fill()
