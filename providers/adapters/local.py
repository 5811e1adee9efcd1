"""The operator's own files as a provider: folders are titles, their names are read as those of releases."""

from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import Card, CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.library_paths import LibraryTitle, path_of, titles_of_paths
from providers.adapters.parsing.release_names import release_read
from providers.adapters.parsing.searching import cards_found
from providers.errors import TitleGone
from providers.fetching.library import library_file, library_listing

MAX_TITLES = 10_000


class LocalAdapter(Adapter):
    """Reads names below the library's folder; no file is opened and no host is asked."""

    name = "local"
    label = "Local library"
    variant = ("raw", "ja")
    capabilities = frozenset(Capability)
    is_remote = False

    def home(self, ask: Ask) -> CardPage:
        return parse_home(library_listing())

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        return parse_search(library_listing(), query=query, page=page)

    def detail(self, ask: Ask, slug: str) -> Detail:
        return parse_detail(library_listing(), slug=slug)

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        path = path_of(episode.url)
        return parse_mirrors(path, episode.url) if library_file(path) else ()


def parse_home(text: str, url: str = "") -> CardPage:
    """A card for each title of a listing of paths, in its order."""
    titles = list(titles_of_paths(text).values())
    return CardPage(tuple(map(_card, titles[:MAX_TITLES])), has_next=len(titles) > MAX_TITLES)


def parse_search(text: str, url: str = "", *, query: str = "", page: int = 1) -> CardPage:
    """The titles that have every word of the query in them."""
    return cards_found(titles_of_paths(text).values(), _card, query=query, page=page)


def parse_detail(text: str, url: str = "", *, slug: str = "") -> Detail:
    """What the names tell of one title (of the first without a `slug`). Raises `TitleGone` when it has no file."""
    title = _title(text, slug)
    if title is None:
        raise TitleGone()
    return Detail(title.slug, title.title, "", kind=title.kind, year=title.year, episodes=title.episodes())


def parse_episodes(text: str, url: str = "", *, slug: str = "") -> tuple[EpisodeDraft, ...]:
    """The files of one title by season and number."""
    title = _title(text, slug)
    return title.episodes() if title else ()


def parse_mirrors(text: str, url: str) -> tuple[MirrorDraft, ...]:
    """The file that an episode's address names, when the listing has it."""
    path = path_of(url)
    if not path or path not in text.split("\n"):
        return ()
    resolution = release_read(path.rpartition("/")[2], is_file=True).resolution
    label = f"{resolution}p" if resolution else ""
    return (MirrorDraft(label, path=f"library:{path}", kind="local", quality=resolution),)


def _title(text: str, slug: str) -> LibraryTitle | None:
    return next(iter(titles_of_paths(text, only=slug).values()), None)


def _card(title: LibraryTitle) -> Card:
    return Card(title.slug, title.title, "", kind=title.kind, episode=title.newest, year=title.year)
