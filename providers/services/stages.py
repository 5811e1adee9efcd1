"""The stages of an enrichment. Each may be run again: what is done is noted in the run, and every write is idempotent."""

from collections.abc import Callable, Iterable

from django.utils import timezone

from catalog.facade import anime_ids_by_external, external_ids_of, record_apply
from providers.adapters.contract import Capability
from providers.enriching.ages import EPISODES_FRESH
from providers.enriching.asking import adapter_of, asked
from providers.enriching.mirrors import mirrors_read
from providers.enriching.run import TURN_SECONDS, Run, StaleAnswer
from providers.enriching.searching import provider_search, providers_to_search, search_words
from providers.errors import TitleGone
from providers.metadata.client import Metadata, MetadataClient
from providers.metadata.clients import clients_enabled
from providers.metadata.held import holding
from providers.metadata.patience import waiting_at_most
from providers.models import DECIDED_BY_PEOPLE, ProviderTitle
from providers.services.posters import poster_request
from providers.services.snapshots import snapshots_attach, stored_merge
from providers.services.titles import detail_store, title_gone

COVER_ATTEMPTS = 6
"""Attempts (a quarter of an hour) in which a cover is waited for: it is evidence, and no reason to keep a job for hours."""


def scrape(run: Run) -> None:
    """Read the pages and episode lists of the titles that are known, each provider for itself."""
    titles_scrape(run, run.titles())


def titles_scrape(run: Run, titles: Iterable[ProviderTitle]) -> None:
    """Read those that this run has not read and nobody read a moment ago (unless the run is forced)."""
    recent = timezone.now() - EPISODES_FRESH
    for title in titles:
        if not run.is_left("scraped", title.pk):
            continue
        if not run.is_forced and title.episodes_at is not None and title.episodes_at > recent:
            run.note("scraped", title.pk)
            run.note("heard", title.provider.name)
            continue
        with run.trying(title.provider.name, "scraped", title.pk):
            title_scrape(run, title)


def title_scrape(run: Run, title: ProviderTitle) -> None:
    """Read one title's page and its episode list, and store both. Raises what asking raises; a title that is gone is noted."""
    from providers.services.episodes import episodes_store

    adapter = adapter_of(title.provider, Capability.DETAIL)
    try:
        with asked(title.provider, "detail", run.beat) as ask:
            detail = adapter.detail(ask, title.slug)
    except TitleGone:
        title_gone(title=title)
        raise
    detail_store(title=title, detail=detail)
    run.note("heard", title.provider.name)
    if Capability.EPISODES in adapter.capabilities:
        with asked(title.provider, "episodes", run.beat) as ask:
            drafts = adapter.episodes(ask, detail)
        run.count("new_episodes", len(episodes_store(title=title, drafts=drafts)))


def hashes(run: Run) -> None:
    """Hash the covers of the titles and the poster of the anime, where they are new: evidence for the matcher."""
    from providers.services.covers import anime_cover_hash

    titles_hash(run, run.titles())
    if run.anime_id is not None and "anime" not in run.done("hashed"):
        run.beat()
        anime_cover_hash(anime_id=run.anime_id)
        run.note("hashed", "anime")


def titles_hash(run: Run, titles: Iterable[ProviderTitle]) -> None:
    """Hash the covers of those that this run has not hashed."""
    from providers.services.covers import title_cover_hash

    for title in titles:
        if title.cover_url and run.is_left("hashed", title.pk):
            with run.trying(title.provider.name, "hashed", title.pk, is_kept=False, attempts=COVER_ATTEMPTS):
                title_cover_hash(title=title)


def identify(run: Run) -> None:
    """Find out which anime it is: by the matcher for a title, by its MAL id, which makes one where nobody has it yet."""
    from providers.services.matching import title_match

    if run.anime_id is not None:
        return
    if run.title_id is not None:
        # That of a provider that is off is not asked for, but it may be matched by what is known of it.
        title = next(iter(run.titles()), None) or ProviderTitle.objects.filter(pk=run.title_id).first()
        if title is None:
            return
        if title.anime_id is None and title.match_state not in DECIDED_BY_PEOPLE and title.title and not title.gone_at:
            # The last stage places its episodes, once more is known of the anime.
            title = title_match(title=title, places_episodes=title not in run.titles())
        run.memory["match"] = {"state": title.match_state, "confidence": title.confidence}
        run.anime_found(title.anime_id)
    elif run.mal_id is not None:
        _identify_by_mal(run, str(run.mal_id))


def _identify_by_mal(run: Run, mal_id: str) -> None:
    found = anime_ids_by_external([("mal", mal_id), ("shikimori", mal_id)])
    if ids := sorted(set().union(*found.values())):
        run.anime_found(ids[0])
        return
    for client in clients_enabled():
        if client.site == "mal" and run.anime_id is None:
            with run.trying(client.name, "identified", client.name):
                said = _said(run, client, mal_id)
                if said.record is not None:
                    run.anime_found(record_apply(source=client.name, record=said.record, anime_id=None).anime_id)


def metadata(run: Run) -> None:
    """Ask each metadata service that is on for the ids that are known; one service's answer may name the next one's id."""
    if run.anime_id is None:
        return
    ids = external_ids_of([run.anime_id]).get(run.anime_id, {})
    clients = sorted(clients_enabled(), key=lambda client: client.site != "mal")
    known = [(client.name, external_id) for client in clients if (external_id := client.id_among(ids)) is not None]
    with holding(known):
        for client in clients:
            external_id = client.id_among(ids)
            if external_id is None or client.name in run.done("asked"):
                continue
            with run.trying(client.name, "asked", client.name):
                said = _said(run, client, external_id)
                for site, value in said.record.ids if said.record else ():
                    ids.setdefault(site, []).append(value)
                if said.error_code:
                    raise StaleAnswer(said.error_code)


def _said(run: Run, client: MetadataClient, external_id: str) -> Metadata:
    with waiting_at_most(TURN_SECONDS, beat=run.beat):
        said = client.anime(external_id, is_fresh=run.is_forced)
    run.note("heard", client.name)
    age = said.age_seconds(timezone.now())
    run.memory.setdefault("metadata", {})[client.name] = {
        "id": external_id,
        "age_seconds": age,
        "is_stale": said.is_stale,
        "is_missing": said.record is None,
    }
    return said


def others(run: Run) -> None:
    """Read its titles that only the match made known, look for it at the providers that have none, read what is found."""
    from providers.services.matching import title_match

    if run.anime_id is None:
        return
    titles_scrape(run, run.titles())
    titles_hash(run, run.titles())
    providers = providers_to_search(run, run.anime_id)
    words = search_words(run.anime_id) if providers else []
    for provider in providers:
        with run.trying(provider.name, "searched", provider.name):
            provider_search(run, provider, run.anime_id, words=words)
    if run.done("found"):
        rows = ProviderTitle.objects.filter(pk__in=run.done("found"), provider__is_enabled=True)
        found = list(rows.select_related("provider"))
        titles_scrape(run, found)
        titles_hash(run, found)
        for title in found:  # their pages and covers say more than the search's list did
            run.beat()
            title_match(title=title)
        run.titles_changed()


def merge(run: Run) -> None:
    """Merge what is stored into the anime: services by rank, providers where nothing is, choices and locks above all.
    A poster that it does not have yet is fetched by a job of its own.
    """
    if run.anime_id is None:
        return
    snapshots_attach(anime_id=run.anime_id)
    run.beat()
    merged = stored_merge(anime_id=run.anime_id)
    for source, names in merged.changed.items():
        kept = run.memory.setdefault("changed", {})
        kept[source] = sorted({*kept.get(source, ()), *names})
    for source, code in merged.refused:
        run.problem(source, code)
    poster_request(run.anime_id)


def sources(run: Run) -> None:
    """Read the mirrors of new episodes where they may be played, and bring the catalogue's sources up to date."""
    from providers.services.episodes import sources_sync

    for title in run.titles():
        mirrors_read(run, title)
        if title.pk not in run.done("synced"):
            run.beat()
            run.count("new_sources", sources_sync(title=title))
            run.note("synced", title.pk)


Stage = Callable[[Run], None]
STAGES: tuple[tuple[str, Stage], ...] = (
    ("scrape", scrape),
    ("hash", hashes),
    ("match", identify),
    ("metadata", metadata),
    ("others", others),
    ("merge", merge),
    ("episodes", sources),
)
"""In their order. The last step, the row that says what came of it, is `enrichment.enrichment_work`'s."""
