"""bangumi-data's items to records; the demo catalogue has the same shape."""

import datetime
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from catalog.importing.calendar import TOKYO, season_of
from catalog.importing.cleaning import dict_of, items_of, moment_of, strings_of, text_of, url_of
from catalog.importing.external_sites import ids_ordered, is_id, site_of_name
from catalog.importing.languages import language_of
from catalog.importing.naming import slug_of
from catalog.importing.records import AnimeRecord, BadRecord, BroadcastDraft, LinkDraft, TitleDraft
from catalog.models import AnimeKind, AnimeStatus, Site, TitleKind

KINDS = {
    "tv": AnimeKind.TV,
    "web": AnimeKind.ONA,
    "movie": AnimeKind.MOVIE,
    "ova": AnimeKind.OVA,
}
COUNTRIES = {"ja": "JP", "zh-Hans": "CN", "zh-Hant": "TW", "ko": "KR", "en": "US"}
_RULE = re.compile(r"\AR/([0-9T:.Z+-]{16,32})/P(\d{1,3})([DM])\Z")
_ONCE = datetime.timedelta(days=1)


def rule_of(value: Any) -> tuple[datetime.datetime, int] | None:
    """(first broadcast, period in days) of "R/2020-01-01T13:00:00Z/P7D"; None for a single broadcast (P0D) or anything else.

    A period of months is counted as 30 days each.
    """
    found = _RULE.match(value) if isinstance(value, str) else None
    first = moment_of(found[1]) if found else None
    if not found or first is None:
        return None
    days = int(found[2]) * (30 if found[3] == "M" else 1)
    return (first, days) if days else None


@dataclass(slots=True)
class BangumiData:
    """The mapping of one file: `meta` is what stands beside its items and tells how the sites' addresses are made.

    `now` (aware) decides whether an item is to come, running or over.
    """

    meta: dict[str, Any]
    now: datetime.datetime

    def anime_map(self, item: Any) -> AnimeRecord:
        """The record of one item; raises `BadRecord` when it has no title or nothing that identifies it."""
        if not isinstance(item, dict):
            raise BadRecord("not an object")
        title = text_of(item.get("title"))
        if not title:
            raise BadRecord("no title")
        ids = self._ids(item)
        if not ids:
            raise BadRecord(f"{title[:60]}: no id of any site")
        return AnimeRecord(
            ids=ids,
            fields=self._fields(item, title, ids),
            titles=_titles(item, title),
            broadcasts=self._broadcasts(item),
            links=self._links(item),
        )

    def _ids(self, item: dict[str, Any]) -> list[tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for entry in items_of(item.get("sites")):
            site = site_of_name(text_of(entry.get("site"), 40))
            value = text_of(str(entry.get("id") or ""), 64)
            if site is None or not is_id(value):
                continue
            if site == Site.TMDB:
                value = "/".join(value.split("/")[:2])
            if site in (Site.MAL, Site.ANILIST, Site.ANIDB, Site.BANGUMI) and not value.isdigit():
                continue
            found.setdefault(site.value, (site.value, value))
        if mal := found.get(Site.MAL.value):
            found.setdefault(Site.SHIKIMORI.value, (Site.SHIKIMORI.value, mal[1]))
        return ids_ordered(found.values())

    def _fields(self, item: dict[str, Any], title: str, ids: list[tuple[str, str]]) -> dict[str, Any]:
        begin, end = moment_of(item.get("begin")), moment_of(item.get("end"))
        start_date = begin.astimezone(TOKYO).date() if begin else None
        translations = dict_of(item.get("titleTranslate"))
        english = next((text for text in map(text_of, strings_of(translations.get("en"))) if text), "")
        is_latin = language_of(title) == "und"
        return {
            "title": title,
            "title_english": english,
            "title_native": "" if is_latin else title,
            "slug": slug_of(english, title, fallback=ids[0][1]),
            "kind": str(KINDS.get(text_of(item.get("type"), 10), "")),
            "status": self._status(begin, end, item.get("type") in ("movie", "ova")),
            "country": COUNTRIES.get(text_of(item.get("lang"), 10), ""),
            "season": season_of(start_date) if start_date else "",
            "year": start_date.year if start_date else None,
            "start_date": start_date,
            "end_date": end.astimezone(TOKYO).date() if end else None,
        }

    def _broadcasts(self, item: dict[str, Any]) -> list[BroadcastDraft]:
        """Television's rule, and those of the streams that follow it week by week."""
        begin, end = moment_of(item.get("begin")), moment_of(item.get("end"))
        drafts = []
        if rule := rule_of(item.get("broadcast")):
            first, period = rule
            drafts.append(BroadcastDraft("", first, end if end and end >= first else None, period))
        is_weekly = item.get("type") in ("tv", "web") and begin is not None and (end is None or end - begin > _ONCE)
        for entry in items_of(item.get("sites")):
            name, opened = text_of(entry.get("site"), 40), moment_of(entry.get("begin"))
            if not is_weekly or opened is None or self._site(name).get("type") != "onair":
                continue
            first, period = rule_of(entry.get("broadcast")) or (opened, 7)
            if begin and first >= begin - datetime.timedelta(days=30) and (end is None or first < end):
                drafts.append(BroadcastDraft(name, first, _stream_end(begin, first, end), period))
        return list({(draft.site, draft.first_at): draft for draft in drafts}.values())

    def _status(self, begin: datetime.datetime | None, end: datetime.datetime | None, is_single: bool) -> str:
        if begin is None:
            return ""
        if begin > self.now:
            return AnimeStatus.UPCOMING.value
        is_over = is_single if end is None else end < self.now
        return AnimeStatus.FINISHED.value if is_over else AnimeStatus.AIRING.value

    def _site(self, name: str) -> dict[str, Any]:
        return dict_of(dict_of(self.meta.get("siteMeta")).get(name))

    def _links(self, item: dict[str, Any]) -> list[LinkDraft]:
        links = {}
        for entry in items_of(item.get("sites")):
            meta = self._site(text_of(entry.get("site"), 40))
            if meta.get("type") != "onair":
                continue
            key = quote(text_of(str(entry.get("id") or ""), 300), safe="/-_.~?=&")
            url = url_of(entry.get("url")) or (
                url_of(text_of(meta.get("urlTemplate")).replace("{{id}}", key)) if key else ""
            )
            regions = strings_of(entry.get("regions")) or strings_of(meta.get("regions"))
            if url:
                name = text_of(meta.get("title"), 80) or text_of(entry.get("site"), 80)
                links[url] = LinkDraft(name, url, tuple(dict.fromkeys(text_of(region, 2) for region in regions)))
        if official := url_of(item.get("officialSite")):
            links.setdefault(official, LinkDraft("official", official))
        return list(links.values())


def _stream_end(begin: datetime.datetime, first: datetime.datetime, end: datetime.datetime | None) -> Any:
    """A stream that starts late ends as much later."""
    return None if end is None else end + max(first - begin, datetime.timedelta())


def _titles(item: dict[str, Any], title: str) -> list[TitleDraft]:
    given = text_of(item.get("lang"), 10)
    own = given if given in COUNTRIES else language_of(title, han="ja")
    drafts = [TitleDraft(title, own, TitleKind.MAIN)]
    for language, texts in dict_of(item.get("titleTranslate")).items():
        for place, text in enumerate(map(text_of, strings_of(texts))):
            if text and len(language) <= 12:
                drafts.append(TitleDraft(text, language, TitleKind.SYNONYM if place else TitleKind.OFFICIAL))
    return list({(draft.text, draft.language): draft for draft in reversed(drafts)}.values())[::-1]
