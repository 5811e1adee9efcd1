"""Dates, lengths, numbers, titles and words in the languages of the sites."""

import datetime

import pytest

from providers.adapters.parsing.dates import date_of, seconds_of, year_of
from providers.adapters.parsing.numbers import NONE, newest_of, numbers_of
from providers.adapters.parsing.titles import title_clean, title_native, title_without_episode, titles_split
from providers.adapters.parsing.words import kind_of, quality_of, score_of, status_of

pytestmark = pytest.mark.once
TODAY = datetime.date(2026, 9, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Okt 3, 2023", "2023-10-03"),
        ("7 Januari 2024", "2024-01-07"),
        ("25 July 2026", "2026-07-25"),
        ("Jan 7, 2024 to ?", "2024-01-07"),
        ("Agustus 17, 2019", "2019-08-17"),
        ("Mei 9, 2012", "2012-05-09"),
        ("7. März 2020", "2020-03-07"),
        ("1. Dezember 1999", "1999-12-01"),
        ("Mart 9, 2023", "2023-03-09"),
        ("15 Ağustos 2023", "2023-08-15"),
        ("22 Şubat 2024", "2024-02-22"),
        ("3 Kasım 2021", "2021-11-03"),
        ("Aralık 31, 2020", "2020-12-31"),
        ("2024-01-07T10:00", "2024-01-07"),
        ("07.01.2024", "2024-01-07"),
        ("Oct 3rd, 2023", "2023-10-03"),
        ("3 hours yang lalu", "2026-09-23"),
        ("Released on: 2 days yang lalu", "2026-09-21"),
        ("1 minggu lalu", "2026-09-16"),
        ("vor 3 Tagen", "2026-09-20"),
        ("3 gün önce", "2026-09-20"),
        ("gestern", "2026-09-22"),
        ("Kemarin", "2026-09-22"),
        ("hari ini", "2026-09-23"),
        ("Jan 7, 2024 to 24 Dec 2024", "2024-01-07"),
        ("24 Dec 2023 to Jan 7, 2024", "2023-12-24"),
        ("12 Episode 2023, Okt 3, 2023", "2023-10-03"),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert date_of(text, today=TODAY) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "Winter 2024",
        "32 Januari 2024",
        "Feb 30, 2023",
        "Foo 3, 2023",
        "7 Januari 0001",
        "2 bulan lalu",
        "3 hours",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert date_of(text, today=TODAY) is None


def test_a_day_before_all_films_is_none() -> None:
    assert date_of("9999 weeks ago", today=datetime.date(2026, 9, 23)) is None


def test_days_ago_need_a_day_to_count_from() -> None:
    assert date_of("3 hours yang lalu") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("24 min", 1440),
        ("24 min. per ep.", 1440),
        ("1 hr 30 min", 5400),
        ("1 hr. 52 min.", 6720),
        ("1 jam 30 menit", 5400),
        ("2 Std. 5 Min.", 7500),
        ("1 saat 40 dakika", 6000),
        ("30 detik", 30),
        ("?", None),
        ("24", None),
        ("999 hours", None),
        ("1h30m", 5400),
        ("1jam 5menit", 3900),
        ("90MINS.", 5400),
        ("3 hola", None),
        ("1.5 hours", 5400),
        ("1,5 jam", 5400),
    ],
)
def test_lengths(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("Hoshi no Niwa Episode 12", 12, 12),
        ("Hoshi no Niwa Episode 01-12", 1, 12),
        ("Hoshi no Niwa Episode 13 s/d 24", 13, 24),
        ("Hoshi no Niwa Eps. 7 Sub Indo", 7, 7),
        ("Hoshi no Niwa 28.Bölüm FİNAL", 28, 28),
        ("Folge 3", 3, 3),
        ("12 Episode", 12, 12),
        ("Episode 12-3", 12, 12),
        ("Episode 1158", 1158, 1158),
        ("2 Guns Episode 4v2", 4, 4),
    ],
)
def test_numbers_in_labels(label: str, first: int, last: int) -> None:
    assert numbers_of(label) == (first, last)


@pytest.mark.parametrize(
    ("label", "cell", "slug"),
    [
        ("Umi no Uta Episode Movie", "1", "umi-no-uta-episode-movie"),
        ("Umi no Uta: Film", "1", "umi-no-uta-film"),
        ("Hoshi no Niwa OVA", "OVA", "hoshi-no-niwa-ova"),
        ("Episode 12.5", "12.5", "x-episode-12-5"),
        ("Episode 9999999999", "", ""),
        ("Hoshi no Niwa", "soon", "hoshi-no-niwa"),
        ("", "", ""),
    ],
)
def test_what_is_not_counted(label: str, cell: str, slug: str) -> None:
    assert numbers_of(label, cell=cell, slug=slug) == NONE


def test_addresses_and_cells_tell_what_labels_do_not() -> None:
    assert numbers_of("Tonton", slug="nonton-x-episode-2") == (2, 2)
    assert numbers_of("Tonton", slug="x-episode-01-12-sub-indo") == (1, 12)
    assert numbers_of("", slug="kaze-27-bolum") == (27, 27)
    assert numbers_of("Hoshi", cell="1 END", slug="hoshi-one") == (1, 1)
    assert numbers_of("Hoshi 01-24", is_batch=True) == (1, 24)
    assert newest_of("Movie") is None
    assert newest_of("12") == 12


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hoshi no Niwa Sub Indo", "Hoshi no Niwa"),
        ("Nonton Anime Hoshi no Niwa Subtitle Indonesia", "Hoshi no Niwa"),
        ("Hoshi no Niwa (Sub Indo)", "Hoshi no Niwa"),
        ("Hoshi no Niwa BD Batch Sub Indo", "Hoshi no Niwa"),
        ("Hoshi no Niwa Türkçe Altyazılı", "Hoshi no Niwa"),
        ("Hoshi no Niwa İzle", "Hoshi no Niwa"),
        ("Sub Indo", "Sub Indo"),
        ("Hoshi no Niwa (Dub)", "Hoshi no Niwa (Dub)"),
        ("🌸🌸", "🌸🌸"),
        ("x" * 501, ""),
        ("", ""),
    ],
)
def test_titles_lose_what_sites_write_around_them(text: str, title: str) -> None:
    assert title_clean(text) == title


def test_titles_of_episodes_lose_their_number() -> None:
    assert title_without_episode("Hoshi no Niwa Season 2 Episode 12 Sub Indo") == "Hoshi no Niwa Season 2"
    assert title_without_episode("Umi no Uta Episode Movie") == "Umi no Uta"
    assert title_without_episode("Kaze wo Matsu 28.Bölüm FİNAL") == "Kaze wo Matsu"
    assert title_without_episode("Episode 5") == "Episode 5"


def test_lists_of_titles_are_split_by_their_strongest_separator() -> None:
    assert titles_split("Winter Train; The Train, in Winter") == ("Winter Train", "The Train, in Winter")
    assert titles_split("A, B, A") == ("A", "B")
    assert titles_split("Fate/Zero") == ("Fate/Zero",)
    assert titles_split("") == ()
    assert title_native(("Star", "星", "星の庭")) == "星の庭"


def test_words_of_type_status_score_and_quality() -> None:
    assert [
        kind_of(text) for text in ("TV", "Movie", "OVA", "ONA", "Spesial", "TV Special", "Music", "Live Action", "?")
    ] == [*("tv", "movie", "ova", "ona", "special", "tv_special", "music", "", "")]
    told = (
        "Sedang Tayang 🔥",
        "Selesai",
        "Ongoing",
        "Completed",
        "Belum Tayang",
        "Not yet aired",
        "Devam Ediyor",
        "Tamamlandı",
        "x",
    )
    assert [status_of(text) for text in told] == [
        *("airing", "finished", "airing", "finished", "upcoming", "upcoming", "airing", "finished", "")
    ]
    assert [score_of(text) for text in ("Rating: 8.27", "8,2/10", "82", "4.5 / 5", "7/100", "N/A", "0", "999")] == [
        82.7,
        82,
        82,
        90,
        7,
        None,
        None,
        None,
    ]
    assert [quality_of(text) for text in ("720p", "FULLHD", "MP4HD", "4K", "Mega")] == [720, 1080, 720, 2160, 0]
    assert year_of("Winter 2024") == 2024
    assert year_of("12345") is None
