"""Which episode a file is: by the NFO beside it, by the tags inside it, by its name; how sure that is, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from catalog.facade import NamedAnime, Site, anime_ids_by_external, episodes_by_tvdb, episodes_in_season
from downloads.library.nfo import Nfo
from downloads.library.numbering import Numbering, Placed
from downloads.library.titles import TitleBook, TitleHit, key_of
from downloads.models import MatchedBy
from downloads.names.parsed import ParsedName

SURE = 80
"""From this confidence on a file is taken for the episode; below it people choose."""
SUGGESTIONS = 5
MAX_SPAN = 24
"""More episodes than this are not in one file."""
BY_ID, EXACT, WRITTEN, FUZZY_COST = 98, 92, 4, 9
FILM_PARTS = 4
PART_COST = 20
"""What it takes off when a name tells a part and the title found does not."""
_ONE_ANIME = (Site.MAL, Site.SHIKIMORI, Site.ANILIST, Site.ANIDB, Site.KITSU)
_SHOWS = frozenset({Site.TVDB.value, Site.TMDB.value})
_SIDE = frozenset({"ova", "ona", "special", "tv_special"})
_SIDE_WORDS = ("OVA", "Specials", "Special", "OAD", "ONA")
_FILMS = frozenset({"movie", "music", "pv", "cm"})
_POPULAR = 4
"""How many times as many people must follow one of two namesakes for it to be the one that is meant."""

Suggestion = list[int | str]
"""[anime id, confidence, codes of `reasons` parted by spaces]."""


@dataclass(frozen=True, slots=True)
class Match:
    """`first`–`last` of (anime, kind), or no anime: then `suggestions` say which it may be."""

    anime_id: int | None = None
    kind: str = "regular"
    first: int | None = None
    last: int | None = None
    confidence: int = 0
    by: str = ""
    suggestions: tuple[tuple[int, int, str], ...] = ()

    @property
    def suggestions_json(self) -> list[Suggestion]:
        return [list(one) for one in self.suggestions]


@dataclass(frozen=True, slots=True)
class Beside:
    """The NFO files of one video: its own, that of the series, that of the film whose folder it is alone in."""

    own: Nfo | None = None
    show: Nfo | None = None

    @property
    def all(self) -> tuple[Nfo, ...]:
        return tuple(one for one in (self.own, self.show) if one is not None)


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class _Lead:
    """An anime that the title names. `own_season` is the season that was asked for where the name tells it already."""

    anime_id: int
    confidence: int
    why: tuple[str, ...]
    rank: int
    own_season: int


@dataclass(frozen=True, slots=True)
class _Choice:
    lead: _Lead
    confidence: int
    why: tuple[str, ...]
    placed: tuple[str, int, int] | None = None
    anime_id: int = 0


class Matcher:
    """Matches the files of one scan; keeps what it looked up. Reads the database, writes nothing."""

    def __init__(self) -> None:
        self.book, self.numbering = TitleBook(), Numbering()
        self._leads: dict[tuple, list[_Lead]] = {}
        self._external: dict[tuple[str, str], set[int]] = {}

    def prepare(self, asked: Iterable[tuple[ParsedName, Beside]]) -> None:
        """Look up titles and ids of many files at once."""
        titles: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        for name, beside in asked:
            titles.update(title for title, _exact in _titles_of(name))
            for nfo in beside.all:
                titles.update(nfo.titles[:2] if nfo.kind != "episode" else ())
                pairs.update(_pairs_of(nfo))
        self.book.prepare(titles)
        self.numbering.count_learn({key: anime.episode_count for key, anime in self.book.anime.items()})
        if missing := pairs - self._external.keys():
            found = anime_ids_by_external(missing)
            self._external.update({pair: found.get(pair, set()) for pair in missing})

    def match(self, name: ParsedName, beside: Beside = NOTHING) -> Match:
        """The best that is known of a file. Never raises on any name."""
        told = self._by_nfo(name, beside) if beside.all else None
        if told is not None and told.anime_id is not None:
            return told
        by_name = self._by_name(name, MatchedBy.NAME)
        if told is not None and by_name.anime_id is None:
            merged = {one[0]: one for one in (*by_name.suggestions, *told.suggestions)}
            best = sorted(merged.values(), key=lambda one: -one[1])[:SUGGESTIONS]
            return replace(by_name, suggestions=tuple(best))
        return by_name

    def match_tags(self, name: ParsedName, tags: Mapping[str, str]) -> Match:
        """The episode that the tags inside a file tell, what they leave out by its name."""
        read = tags_read(name, tags)
        return self._by_name(read, MatchedBy.TAGS) if read is not None else Match()

    def _by_nfo(self, name: ParsedName, beside: Beside) -> Match | None:
        own, show = beside.own, beside.show
        if own is not None and own.kind == "film":
            single = self._single(own)
            if single is not None:
                return Match(single, "regular", 1, 1, BY_ID, MatchedBy.NFO)
        name = _with_numbers(name, own)
        if show is not None and name.episodes is not None:
            placed = self._by_show(name, own, show)
            if placed is not None:
                return placed
        titles = [title for nfo in (show, own) if nfo and nfo.kind != "episode" for title in nfo.titles[:2]]
        year = show.year if show else own.year if own else None
        best: Match | None = None
        for title in titles:
            found = self._by_name(replace(name, title=title, year=year or name.year, part=None), MatchedBy.NFO)
            if found.anime_id is not None:
                return found
            best = best or found
        return best

    def _by_show(self, name: ParsedName, own: Nfo | None, show: Nfo) -> Match | None:
        """By the ids of the series and the season and number of the episode."""
        first, last = name.episodes or (1, 1)
        if not 0 <= last - first < MAX_SPAN:
            return None
        single = self._single(show)
        shows = {key for site, value in show.ids if site in _SHOWS for key in self._external.get((site, value), ())}
        ids = [int(value) for site, value in (own.ids if own else ()) if site == Site.TVDB]
        around = shows | ({single} if single else set())
        rows = episodes_by_tvdb(around, ids) if ids and around else set()
        if len(rows) != 1 and shows and name.season:
            rows = episodes_in_season(shows, season=name.season, number=first)
        if len(rows) == 1:
            anime_id, number = rows.pop()
            return Match(anime_id, "regular", number, number + last - first, BY_ID, MatchedBy.NFO)
        if single is None:
            single = next(iter(shows)) if len(shows) == 1 else None
        if single is None:
            return None
        placed = self._span(single, name, own_season=0)
        if isinstance(placed, Placed):
            return _matched(placed, last - first, BY_ID - placed.cost, MatchedBy.NFO)
        return None

    def _single(self, nfo: Nfo) -> int | None:
        """The anime that an id names alone, the strongest site first."""
        for site in _ONE_ANIME:
            for where, value in nfo.ids:
                ids = self._external.get((where, value), set())
                if where == site and len(ids) == 1:
                    return next(iter(ids))
        if nfo.kind == "film":
            ids = {key for where, value in nfo.ids for key in self._external.get((where, value), ())}
            return next(iter(ids)) if len(ids) == 1 else None
        return None

    def _by_name(self, name: ParsedName, by: str) -> Match:
        leads = self._leads_of(name)
        choices = [self._choice(lead, name) for lead in leads]
        choices.sort(key=lambda one: (-one.confidence, -one.lead.rank, -self._popularity(one.lead.anime_id)))
        if not choices:
            return Match(by="")
        best = self._contrasted(choices)
        if best.placed is not None and best.confidence >= SURE:
            kind, first, last = best.placed
            return Match(best.anime_id, kind, first, last, min(100, best.confidence), by)
        shown: dict[int, tuple[int, int, str]] = {}
        for one in (best, *choices[1:]):
            key = one.anime_id or one.lead.anime_id
            shown.setdefault(key, (key, min(one.confidence, SURE - 1), " ".join(one.why)))
        return Match(confidence=0, suggestions=tuple(list(shown.values())[:SUGGESTIONS]))

    def _contrasted(self, choices: list[_Choice]) -> _Choice:
        """The best one, less sure where another is as good."""
        best = choices[0]
        target = best.anime_id or best.lead.anime_id
        rivals = [
            one
            for one in choices[1:]
            if one.placed and one.confidence >= best.confidence - 3 and one.anime_id != target
        ]
        if not rivals:
            return best
        ours = self._popularity(best.lead.anime_id)
        most = max(self._popularity(one.lead.anime_id) for one in rivals)
        is_main = best.lead.rank > max(one.lead.rank for one in rivals)
        if is_main and ours >= most:
            cost = 4
        else:
            is_first = ours >= most and self._is_before(best, rivals)
            cost = 8 if is_first or ours >= _POPULAR * max(1, most) else 22
        return replace(best, confidence=best.confidence - cost, why=(*best.why, "title_shared"))

    def _is_before(self, best: _Choice, rivals: list[_Choice]) -> bool:
        """Whether all rivals continue it: a name without a season is the first one's."""
        following = {part.id for part in self.numbering.serial(best.anime_id)[1:]}
        return all(one.lead.anime_id in following for one in rivals)

    def _leads_of(self, name: ParsedName) -> list[_Lead]:
        key = (name.title, name.series, name.season, name.part, name.year, name.kind, name.episodes is None)
        if key not in self._leads:
            found: dict[int, _Lead] = {}
            for title, is_exact in _titles_of(name):
                hits = self.book.find_exact(title) if is_exact else self.book.find(title)
                own_season = (name.season or 0) if is_exact and _tells_season(title, name.season or 0) else 0
                for hit in hits:
                    lead = self._lead(hit, name, title, own_season=own_season, is_side=is_exact)
                    known = found.get(hit.anime_id)
                    if lead is not None and (known is None or lead.confidence > known.confidence):
                        found[hit.anime_id] = lead
            self._leads[key] = sorted(found.values(), key=lambda lead: -lead.confidence)[:12]
        return self._leads[key]

    def _lead(self, hit: TitleHit, name: ParsedName, title: str, *, own_season: int, is_side: bool) -> _Lead | None:
        anime = self.book.anime.get(hit.anime_id)
        if anime is None:
            return None
        is_same = hit.likeness >= 100
        confidence = EXACT + hit.rank - 1 if is_same else int(hit.likeness) - FUZZY_COST
        confidence += WRITTEN if hit.is_written else 0
        why = ["title_same" if is_same else "title_like"]
        if is_side and own_season > 1:
            why.append("season_named")
        if name.year and anime.year and str(name.year) not in name.episode_title:
            distance = abs(name.year - anime.year)
            if distance == 0:
                confidence += 4
                why.append("year_same")
            elif distance > 1 and not (name.season and name.season > 1):
                confidence -= 25
                why.append("year_differs")
        is_part = name.part and name.part > 1 and "part" not in name.episode_title.lower()
        if is_part and not is_side and not key_of(title).endswith(f"part{name.part}"):
            confidence -= PART_COST
        if not own_season and name.season and name.season > 1 and _tells_season(title, name.season):
            own_season = name.season
        return _Lead(hit.anime_id, confidence, tuple(why), hit.rank, own_season)

    def _choice(self, lead: _Lead, name: ParsedName) -> _Choice:
        anime = self.book.anime[lead.anime_id]
        if name.kind == "regular" and name.episodes is None:
            return self._film(lead, anime)
        placed = self._span(lead.anime_id, name, own_season=lead.own_season)
        if isinstance(placed, str):
            return _Choice(lead, max(0, lead.confidence - 40), (*lead.why, placed), None, lead.anime_id)
        confidence = lead.confidence - placed.cost
        if name.kind == "regular" and (anime.kind in _FILMS or anime.episode_count == 1):
            confidence -= 7
        elif name.kind == "regular" and anime.kind in _SIDE:
            confidence -= 2
        width = name.episodes[1] - name.episodes[0] if name.episodes else 0
        why = (*lead.why, placed.why) if placed.why else lead.why
        span = (placed.kind, placed.number, placed.number + width)
        return _Choice(lead, max(0, confidence), why, span, placed.anime_id)

    @staticmethod
    def _film(lead: _Lead, anime: NamedAnime) -> _Choice:
        # A film that the catalogue counts in a few parts is one file all the same.
        parts = anime.episode_count or 1
        if anime.episode_count == 1 or (anime.kind in _FILMS and parts <= FILM_PARTS):
            bonus = 2 if anime.kind == "movie" else 0
            return _Choice(lead, lead.confidence + bonus, (*lead.why, "film"), ("regular", 1, parts), lead.anime_id)
        return _Choice(lead, max(0, lead.confidence - 35), (*lead.why, "no_number"), None, lead.anime_id)

    def _span(self, anime_id: int, name: ParsedName, *, own_season: int) -> Placed | str:
        """Where the first episode of the file is, or the code of why there is none such."""
        first, last = name.episodes or (1, 1)
        if last < first or last - first >= MAX_SPAN:
            return "span_odd"
        if name.number:
            return "kind_unknown"
        places = [self._place(anime_id, name, number, own_season) for number in dict.fromkeys((first, last))]
        if places[0] is None and name.alternative and name.kind == "regular":
            places = [self.numbering.place(anime_id, None, name.alternative)]
        begin, end = places[0], places[-1]
        if begin is None or end is None:
            is_season = bool(name.season and name.season > 1 and own_season != name.season)
            return "kind_unknown" if name.kind != "regular" else "season_unknown" if is_season else "beyond"
        if (end.anime_id, end.kind, end.number - begin.number) != (begin.anime_id, begin.kind, last - first):
            return "span_odd"
        return begin

    def _place(self, anime_id: int, name: ParsedName, number: int, own_season: int) -> Placed | None:
        if name.kind == "regular":
            if name.season == 0:
                return self.numbering.place_special(anime_id, number)
            return self.numbering.place(anime_id, name.season, number, own_season=own_season)
        anime = self.book.anime.get(anime_id)
        if name.kind != "special":
            return self.numbering.place_kind(anime_id, name.kind, number) if name.episodes else None
        if anime is not None and anime.kind in _SIDE:
            return self.numbering.place(anime_id, None, number)
        return self.numbering.place_special(anime_id, number) if name.episodes else None

    def _popularity(self, anime_id: int) -> int:
        found = self.book.anime.get(anime_id)
        return found.popularity if found else 0


def _matched(placed: Placed, width: int, confidence: int, by: str) -> Match:
    return Match(placed.anime_id, placed.kind, placed.number, placed.number + width, confidence, by)


def _tells_season(title: str, season: int) -> bool:
    """Whether the title itself has the number of the season ("Title 2nd Season" in a folder "Season 02")."""
    return bool(season) and str(season) in key_of(title)[1:]


def _titles_of(name: ParsedName) -> list[tuple[str, bool]]:
    """The titles to ask for, (title, whether only the very name counts), the most telling first."""
    title, base = name.title, name.series or name.title
    if not title:
        return []
    found: dict[str, bool] = {}
    season = name.season if name.season and name.season > 1 else None
    part = name.part if name.part and name.part > 1 else None
    if season and part:
        found[f"{base} {season} Part {part}"] = True
    elif season:
        found[f"{base} {season}"] = True
    elif part:
        found[f"{base} Part {part}"] = True
    if name.kind == "special" or name.season == 0:
        bases = [f"{base} {season}", base] if season else [base]
        found.update((f"{one} {word}", True) for one in bases for word in _SIDE_WORDS)
    if "(tv)" in name.name.lower():
        found[f"{base} (TV) {season}" if season else f"{base} (TV)"] = True
    if name.year:
        found[f"{title} ({name.year})"] = True
    found[title] = False
    if base != title:
        # "Show - NCOP" is of "Show"; "Show II" is not, unless the season says so.
        found.setdefault(base, False)
    return list(found.items())


def _pairs_of(nfo: Nfo) -> list[tuple[str, str]]:
    twins = {Site.MAL.value: Site.SHIKIMORI.value, Site.SHIKIMORI.value: Site.MAL.value}
    if nfo.kind == "episode":
        return []
    return [(own, value) for site, value in nfo.ids for own in (site, twins.get(site)) if own]


def _with_numbers(name: ParsedName, own: Nfo | None) -> ParsedName:
    """The name with what the file's own NFO says of season and number."""
    if own is None or own.kind != "episode" or own.number is None:
        return name
    season = own.season if own.season is not None else name.season
    kind = "regular" if season else name.kind
    return replace(name, season=season, episodes=(own.number, own.last or own.number), kind=kind, absolute=False)


def tags_read(name: ParsedName, tags: Mapping[str, str]) -> ParsedName | None:
    """The name as the tags inside the file would have it; None when they name no series."""
    show = next((tags[key] for key in ("show", "tvshow", "series") if tags.get(key)), "")
    title = tags.get("title", "")
    number = _tag_number(tags, "episode_sort", "episode_id", "episode", "part_number")
    season = _tag_number(tags, "season_number", "season")
    if show and number is not None:
        return replace(name, title=show[:300], season=season, episodes=(number, number), kind="regular", part=None)
    if title and not show and name.episodes is None:
        return replace(name, title=title[:300], kind="regular")
    return None


def _tag_number(tags: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        text = tags.get(name, "").partition("/")[0].strip()
        if text.isascii() and text.isdecimal() and len(text) <= 5:
            return int(text)
    return None
