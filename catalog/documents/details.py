"""The whole record of an anime, as GET /api/v1/anime/:id answers it."""

from typing import Any

from catalog.documents.cards import card_build, image_build, moment_text, number_of
from catalog.documents.facts import AnimeFacts
from catalog.models import Site

SCORED = (Site.MAL, Site.ANILIST, Site.KITSU, Site.SHIKIMORI)
"""The sites whose scores the reference names, always present."""


def detail_build(facts: AnimeFacts, card: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything of the card and what only the page of the anime shows. `poster_url` is for API clients; the site never loads it."""
    values = facts.values
    return {
        **(card or card_build(facts)),
        "synopsis": values["synopsis"] or None,
        "background": values["background"] or None,
        "country": values["country"],
        "end_date": values["end_date"].isoformat() if values["end_date"] else None,
        "rating": values["age_rating"] or None,
        "votes": values["votes"],
        "favourites": values["favourites"],
        "moderation_reason": values["moderation_reason"] or None,
        **_ids(facts),
        **_scores(facts),
        "titles": [{"title": text, "language": language, "type": kind} for text, language, kind in facts.titles],
        "genres": [{"id": key, "name": name, "slug": slug} for key, name, slug in facts.genres],
        "tags": [
            {"id": key, "name": name, "slug": slug, "category": category, "rank": rank, "is_spoiler": is_spoiler}
            for key, name, slug, category, rank, is_spoiler in facts.tags
        ],
        "studios": [{"id": key, "name": name, "slug": slug, "role": role} for key, name, slug, role in facts.studios],
        "relations": [
            {
                "relation": kind,
                "id": target["id"],
                "slug": target["slug"],
                "title": target["title"],
                "title_english": target["title_english"] or None,
                "title_native": target["title_native"] or None,
                "type": target["kind"],
                "status": target["status"],
                "year": target["year"],
                "is_adult": target["is_adult"],
            }
            for kind, target in facts.relations
        ],
        "broadcasts": [
            {
                "site": site or None,
                "first_at": moment_text(first),
                "ends_at": moment_text(ends),
                "period_days": period,
                "timezone": zone,
                "first_episode": episode,
            }
            for site, first, ends, period, zone, episode in facts.broadcasts
        ],
        "official_links": [{"site": site, "url": url, "regions": regions} for site, url, regions in facts.links],
        "trailer_url": values["trailer_url"] or None,
        "banner": image_build(facts.banner),
        "poster_url": values["poster_url"] or None,
        "banner_url": values["banner_url"] or None,
        "next_episode": {"number": facts.next[0], "airs_on": facts.next[1].isoformat()} if facts.next else None,
        "streaming": _streaming(facts),
        "created_at": moment_text(values["created_at"]),
        "updated_at": moment_text(values["updated_at"]),
    }


def _ids(facts: AnimeFacts) -> dict[str, Any]:
    return {
        "anilist_id": number_of(facts.ids.get(Site.ANILIST, [])),
        "kitsu_id": number_of(facts.ids.get(Site.KITSU, [])),
        "external_ids": dict(sorted(facts.ids.items())),
    }


def _scores(facts: AnimeFacts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for site in (*SCORED, *sorted(set(facts.scores) - {site.value for site in SCORED})):
        value, votes = facts.scores.get(str(site), (None, None))
        found[f"score_{site}"], found[f"score_{site}_scored_by"] = value, votes
    found["external_scores_synced_at"] = moment_text(facts.values["external_scores_synced_at"])
    return found


def _streaming(facts: AnimeFacts) -> dict[str, Any]:
    """What can be played here: translations with the number of their episodes, and each episode with its translations."""
    codes = {key: code for key, (code, *_) in facts.translations.items()}
    return {
        "is_available": bool(facts.playable),
        "episodes_listed": facts.listed,
        "translations": [
            {
                "id": code,
                "type": kind,
                "language": language,
                "team": team or None,
                "episodes": sum(key in episode.translation_ids for episode in facts.playable.values()),
            }
            for key, (code, kind, language, team) in facts.translations.items()
        ],
        "episodes": [
            {
                "number": number,
                "translation_ids": sorted(codes[key] for key in episode.translation_ids if key is not None),
                "audio_languages": sorted(episode.audio),
                "subtitle_languages": sorted(episode.subtitles),
            }
            for number, episode in sorted(facts.playable.items())
        ],
    }
