"""Names of files in headers, and files that a proxy sends."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import RequestFactory

from catalog.streaming.ranges import INTERNAL, REACHED, file_response
from downloads.models.downloads import Download
from downloads.serving.sending import attachment_header, download_response
from downloads.tests.serving.conftest import NAME


@pytest.mark.once
def test_names_of_every_kind_are_one_header() -> None:
    assert attachment_header("Show - S01E01 [1080p].mkv") == 'attachment; filename="Show - S01E01 [1080p].mkv"'
    header = attachment_header(NAME)
    plain, _, exact = header.partition("; filename*=UTF-8''")
    assert plain.isascii()
    assert plain.count('"') == 2
    assert not set("\r\n") & set(header)
    assert unquote(exact) == '広場 "Akari" — 01X-Evil: 1; ü.mkv'
    for odd in ("a\\b/c.mkv", "\u202egpj.exe", "\udcff.mkv", "", " ", '"', "100%.mkv", "a'b.mkv", "x" * 255):
        header = attachment_header(odd)
        header.encode("ascii")
        assert header.startswith('attachment; filename="'), odd
        assert header.count('"') == 2, odd


@pytest.mark.parametrize(
    ("way", "name", "value"),
    [
        ("nginx", "X-Accel-Redirect", "/_files/library/Akari/%E5%BA%83%20%231.mkv"),
        ("x-sendfile", "X-Sendfile", "{root}/Akari/%E5%BA%83%20%231.mkv"),
    ],
)
def test_a_proxy_is_told_the_file(
    rf: RequestFactory, library: Path, download: Download, settings, way: str, name: str, value: str
) -> None:
    (library / "Akari" / "01.mkv").rename(library / "Akari" / "広 #1.mkv")
    download.path = "library:Akari/広 #1.mkv"
    settings.SENDFILE = way
    answer = download_response(rf.get("/", headers={"range": "bytes=0-3"}), download)
    assert (answer.status_code, answer[name], answer.content) == (200, value.format(root=library), b"")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "video/x-matroska"
    assert not answer.has_header("ETag")


def test_what_no_proxy_reaches_is_sent_by_ourselves(rf: RequestFactory, tmp_path: Path, settings) -> None:
    settings.SENDFILE = "nginx"
    (tmp_path / "elsewhere.mp4").write_bytes(b"1234")
    answer = file_response(rf.get("/"), tmp_path / "elsewhere.mp4")
    assert b"".join(answer.streaming_content) == b"1234"


@pytest.mark.once
def test_the_proxy_of_the_deployment_has_what_it_is_told(settings) -> None:
    proxy = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    for root in REACHED:
        found = re.search(rf"location {INTERNAL}/{root}/ \{{\s*internal;\s*alias /data/{root}/;\s*max_ranges 1;", proxy)
        assert found, root
