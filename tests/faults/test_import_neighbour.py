"""Somebody brings a big list on SQLite: who writes meanwhile is answered, always, with p99 under 2 seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from bench.import_neighbour import PREPARE, pressed
from tests.services.instances import free_port
from tests.services.processes import ROOT, environment, up

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.xdist_group("processes"), pytest.mark.timeout(400)]
LINES, UNKNOWN = 2_000, 400
CATALOGUE = """
import django
django.setup()
from catalog.models import Anime, ExternalId
made = Anime.objects.bulk_create(Anime(title=f"Hoshi {n}", slug=f"hoshi-{n}") for n in range(2_000))
ExternalId.objects.bulk_create(ExternalId(anime=anime, site="mal", value=str(n)) for n, anime in enumerate(made, 1))
"""


def test_a_neighbour_is_never_held_up_for_long(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with up(data, port, DEMO_DATA="false", LOG_LEVEL="WARNING") as server:
        server.wait_for("Hiroba is at", 120)
        given = environment(DATA_DIR=str(data), DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT))
        subprocess.run([sys.executable, "-c", CATALOGUE], cwd=ROOT, env=given, check=True)
        command = [sys.executable, "-c", PREPARE, str(LINES - UNKNOWN)]
        made = subprocess.run(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, check=True)
        found = pressed(port, orjson.loads(made.stdout.splitlines()[-1]), UNKNOWN, idle=2)
        said = server.text()
    assert found["refused"] == []
    assert (found["lines"], found["unknown"]) == (LINES, UNKNOWN)
    for step in ("read", "apply", "undo"):
        assert found[step]["p99"] < 2_000, found
    assert "locked" not in said
