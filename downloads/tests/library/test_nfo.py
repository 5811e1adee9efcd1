"""NFO files: what Kodi and Jellyfin write, and what is written to do harm."""

import os

import pytest

from downloads.library.nfo import MAX_BYTES, nfo_parse, nfo_read

pytestmark = pytest.mark.once


def test_the_ids_and_numbers_that_are_in_it():
    show = nfo_parse(
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><tvshow><title>Hoshi no Niwa</title><year>2020</year>"
        b"<uniqueid type='AniDB'>0123</uniqueid><uniqueid type='imdb'>tt1</uniqueid><tvdbid>456</tvdbid></tvshow>"
    )
    assert (show.kind, show.ids, show.titles, show.year) == (
        "show", (("anidb", "123"), ("tvdb", "456")), ("Hoshi no Niwa",), 2020
    )  # fmt: skip
    episode = nfo_parse(b"<episodedetails><season>2</season><episode>5</episode><title>x</title></episodedetails>")
    assert (episode.kind, episode.season, episode.number, episode.last) == ("episode", 2, 5, None)


def test_two_episodes_in_one_file_and_an_address_behind_the_document():
    one = b"<episodedetails><season>1</season><episode>%d</episode></episodedetails>\n"
    both = nfo_parse(one % 3 + one % 4)
    assert (both.number, both.last) == (3, 4)
    film = nfo_parse(b"<movie><title>Film</title><malid>7</malid></movie>\nhttps://example.org/7")
    assert (film.kind, film.ids) == ("film", (("mal", "7"),))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ascii art of a release group",
        b"<tvshow><title>unclosed",
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><tvshow><title>&b;</title></tvshow>",
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><movie><title>&a;</title></movie>",
        b"<movie><title>&nope;</title></movie>",
        b"\x00\xff<tvshow>\xff</tvshow>",
    ],
)
def test_what_is_no_document_of_ours_says_nothing(data):
    assert nfo_parse(data) is None


def test_numbers_without_end_and_deep_nesting_do_no_harm():
    film = nfo_parse(b"<movie><year>99999999999999999999</year><malid>" + b"9" * 500 + b"</malid></movie>")
    assert (film.year, film.ids) == (None, ())
    deep = b"<tvshow>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</tvshow>"
    assert nfo_parse(deep) is None or nfo_parse(deep).ids == ()


def test_large_files_pipes_and_links_are_not_read(tmp_path):
    (tmp_path / "big.nfo").write_bytes(b"<tvshow>" + b" " * MAX_BYTES + b"</tvshow>")
    (tmp_path / "real.nfo").write_bytes(b"<tvshow></tvshow>")
    (tmp_path / "link.nfo").symlink_to(tmp_path / "real.nfo")
    os.mkfifo(tmp_path / "pipe.nfo")
    for name in ("big", "link", "pipe", "none"):
        assert nfo_read(str(tmp_path / f"{name}.nfo")) is None, name
    assert nfo_read(str(tmp_path / "real.nfo")).kind == "show"
