"""Threat 12: a request for fifty thousand pieces costs nothing."""

# ruff: noqa: F401, F811 — fixtures of another folder

import time

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import SourceKind
from catalog.tests.factories import EpisodeFactory, EpisodeSourceFactory
from downloads.models.downloads import Download
from downloads.serving.tickets import ticket_issue
from downloads.tests.serving.conftest import admin, download, library

BOMBS = {
    "many": "bytes=" + "0-," * 50_000,
    "overlapping": "bytes=" + ",".join(f"{n}-" for n in range(5000)),
    "long numbers": "bytes=" + "9" * 100_000 + "-",
    "dashes": "bytes=" + "-" * 100_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_416_at_once(client: Client, admin: User, download: Download, bomb: str) -> None:
    source = EpisodeSourceFactory(
        episode=EpisodeFactory(anime=download.anime), kind=SourceKind.LOCAL, path=download.path, url=""
    )
    ticket, _expires = ticket_issue(actor=admin, download=download)
    for address in (f"/api/v1/downloads/{download.pk}/file?ticket={ticket}", f"/stream/{source.pk}/01.mkv"):
        b"".join(client.get(address).streaming_content)  # imports and templates are not what is measured
        took = []
        for _attempt in range(3):
            started = time.process_time()
            answer = client.get(address, headers={"range": BOMBS[bomb]})
            took.append(time.process_time() - started)
            assert (answer.status_code, answer.headers.get("Content-Range")) == (416, f"bytes */{download.size}")
        assert min(took) < 0.05, (address, took)
