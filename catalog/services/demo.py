"""What a first start begins with: the condensed real catalogue and one series of our own that plays.

Both lie in the package (`demo/`); nothing is copied: sources name their files as "demo:<path under demo/series/>".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from catalog.importing.precedence import BANGUMI_DATA
from catalog.importing.reader import file_digest
from catalog.importing.runs import Importer
from catalog.models import Anime, ImportRun
from catalog.services.demo_series import series_load

Progress = Callable[[str], None]

CATALOGUE: Path = settings.BASE_DIR / "demo" / "catalogue.json.gz"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """How many anime the catalogue file brought (0: it was not needed) and the id of the demo series."""

    imported: int
    series_id: int


def demo_load(*, progress: Progress | None = None) -> DemoResult:
    """Fill an empty catalogue and add the demo series; a second call changes nothing, an interrupted one is taken up.

    A catalogue that holds anime from elsewhere keeps them and gets the series only. `progress` is told a line for each
    step. The series comes last: of anime that nobody has rated, the newest stands first.
    """
    say = progress or (lambda _line: None)
    imported = _catalogue_load(say) if not Anime.objects.exists() or _is_interrupted() else 0
    say("Adding the demo series…")
    return DemoResult(imported=imported, series_id=series_load().pk)


def _is_interrupted() -> bool:
    """Whether an import of this very file has begun and not ended."""
    return ImportRun.objects.filter(
        format=BANGUMI_DATA, file_digest=file_digest(CATALOGUE), state=ImportRun.State.RUNNING
    ).exists()


def _catalogue_load(say: Progress) -> int:
    """Import the condensed catalogue; gives back how many anime that made.

    Records that it skips (upstream names some anime twice) are kept in the `ImportRun`, not told.
    """
    said: set[tuple[str, int]] = set()

    def told(stage: str, done: int, share: float) -> None:
        """A line for every two thousand of a stage."""
        if (step := (stage, done // 2_000)) not in said:
            said.add(step)
            say(f"Demo catalogue, {stage}: {done:,}")

    return int(Importer(format=BANGUMI_DATA, path=CATALOGUE, progress=told).import_all()["created"])
