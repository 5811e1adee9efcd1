"""From the finished file to its place in the library and into the catalogue; a power cut in between is put right here."""

from pathlib import Path, PurePosixPath

from django.db import transaction

from catalog.facade import EpisodeIdentity
from downloads.configuration.store import configuration
from downloads.errors import PlaceTaken, SourceChanged
from downloads.library.indexing import file_index, file_look
from downloads.library.paths import PREFIX, source_path
from downloads.media.jobs import assets_enqueue
from downloads.models import Download, DownloadState, Stage
from downloads.placing.moving import Placed, file_place, placed_state
from downloads.placing.naming import NameFacts, name_choices
from downloads.placing.recycling import recycle
from downloads.queue.choosing import variant_got
from downloads.queue.joining import finished_file
from downloads.queue.outcomes import attempt_done
from downloads.queue.parts import parts_remove
from downloads.queue.running import Overtaken, Run


def placed(run: Run, identity: EpisodeIdentity) -> None:
    """PLACE: move it under its name. INDEX: row, source and state in one transaction; then the parts go.

    `download.target` is written before the file moves: after a kill in between the file is found there and not fetched again.
    """
    download = run.download
    run.stage(Stage.PLACE)
    root = Path(configuration().anime_directory)
    relative = _place(run, identity, root)
    run.progress(100.0)
    run.stage(Stage.INDEX)
    looked = file_look(root=root, relative=relative, beat=run.beat)
    try:
        with transaction.atomic():
            file = file_index(
                looked=looked,
                anime_id=download.anime_id,
                kind=download.episode_kind,
                number=download.episode_number,
                variant=variant_got(download),
                height=download.height,
            )
            if not attempt_done(run, path=source_path(file.path), size=file.size):
                raise Overtaken()
            assets_enqueue(file_ids=[file.pk])
    except Overtaken:
        # Cancelled in this very moment: nobody would know whose file it is. Who else has it finds the file by its target.
        if not Download.objects.filter(pk=download.pk).exclude(state=DownloadState.CANCELLED).exists():
            recycle(root / relative, root)
        raise
    parts_remove(download.pk)


def _place(run: Run, identity: EpisodeIdentity, root: Path) -> PurePosixPath:
    download, source = run.download, _source(run.download)
    if download.target and source is None:
        target = PurePosixPath(download.target)
        if placed_state(Path(download.target), root / target, download.size) is Placed.DONE:
            return target
        _forget_target(run)
        raise SourceChanged()
    if source is None:
        raise SourceChanged()
    values = configuration()
    choices = name_choices(values.naming_template, facts_of(download, identity), source.suffix)

    def noted(path: str) -> None:
        download.target = path
        if not run.mine().update(target=path):
            raise Overtaken()

    for number, wanted in enumerate(choices, start=1):
        try:
            placed_at = file_place(
                source,
                root,
                wanted,
                floor=values.free_space_floor,
                on_target=noted,
                is_ours=lambda path: is_ours(download, path),
                on_bytes=lambda done: run.progress(100 * done / max(download.size, 1)),
            )
        except PlaceTaken:
            if number == len(choices):
                raise
        else:
            return PurePosixPath(placed_at.relative_to(root.resolve()))
    raise PlaceTaken()


def _source(download: Download) -> Path | None:
    found = (finished_file(download, container) for container in ("mp4", "mkv"))
    return next((path for path in found if path.is_file()), None)


def _forget_target(run: Run) -> None:
    run.download.target = ""
    run.mine().update(target="")


def is_ours(download: Download, path: str) -> bool:
    """Whether the file there is what an earlier download of the same episode and variant became: this one takes its place."""
    same = Download.objects.filter(**download.live_key)
    return same.exclude(pk=download.pk).filter(path=f"{PREFIX}{path}").exists()


def facts_of(download: Download, identity: EpisodeIdentity) -> NameFacts:
    """What the naming template may say of it. Season and episode are TheTVDB's where both are known, else our own number in
    the first season: an anime is a season of its own.
    """
    is_counted = identity.season is not None and identity.season_number is not None
    variant = variant_got(download)
    return NameFacts(
        title=identity.title,
        title_english=identity.title_english,
        title_native=identity.title_native,
        year=identity.year,
        season=(identity.season if is_counted else None) or 1,
        episode=(identity.season_number if is_counted else None) or identity.number,
        absolute=identity.absolute,
        episode_title=identity.episode_title,
        quality=f"{download.height}p" if download.height else "",
        language=variant[1] if variant else "",
        variant=variant[0] if variant else "",
        kind=identity.kind,
        is_film=identity.anime_kind == "movie",
        mark=f"id-{identity.anime_id}",
    )
