"""File names as groups in several countries write them, and what they say."""

from typing import Any

import pytest

from downloads.names.parser import name_parse, names_parse

pytestmark = pytest.mark.once

CASES: list[tuple[str, dict[str, Any]]] = [
    # Running numbers.
    (
        "[Team] Hoshi no Niwa - 07 (1080p) [A1B2C3D4].mkv",
        {"title": "Hoshi no Niwa", "episodes": (7, 7), "crc": "A1B2C3D4"},
    ),
    (
        "[Team]_Hoshi_no_Niwa_-_07v2_[720p].mkv",
        {"title": "Hoshi no Niwa", "episodes": (7, 7), "version": 2, "group": "Team"},
    ),
    (
        "Hoshi.no.Niwa.S02E07.1080p.WEB-DL.x264-TEAM.mkv",
        {"season": 2, "episodes": (7, 7), "source": "WEB", "group": "TEAM"},
    ),
    ("Hoshi no Niwa - 2x05 - The Rain.mkv", {"season": 2, "episodes": (5, 5), "episode_title": "The Rain"}),
    ("Hoshi no Niwa S01E01E02.mkv", {"season": 1, "episodes": (1, 2)}),
    ("Hoshi no Niwa S01E01-E03 [1080p].mkv", {"season": 1, "episodes": (1, 3)}),
    ("Hoshi no Niwa - S2 - 03.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa S03 04 [720p].mkv", {"title": "Hoshi no Niwa", "season": 3, "episodes": (4, 4)}),
    ("Hoshi no Niwa Ep 7.mkv", {"title": "Hoshi no Niwa", "episodes": (7, 7)}),
    ("Hoshi no Niwa Ep.07.mp4", {"title": "Hoshi no Niwa", "episodes": (7, 7)}),
    ("Hoshi no Niwa #07 [WEB].mp4", {"title": "Hoshi no Niwa", "episodes": (7, 7)}),
    ("hoshi-no-niwa-episode-7-720p.mp4", {"title": "hoshi no niwa", "episodes": (7, 7), "resolution": 720}),
    ("Hoshi.no.Niwa.12.mkv", {"title": "Hoshi no Niwa", "episodes": (12, 12)}),
    ("[Team] Hoshi no Niwa - 1080 [720p].mkv", {"episodes": (1080, 1080), "absolute": True, "resolution": 720}),
    ("[Team] Hoshi no Niwa - 26.mkv", {"episodes": (26, 26), "absolute": False}),
    ("[Team] Hoshi no Niwa - 00 [BD].mkv", {"episodes": (0, 0), "source": "BD"}),
    # Ranges.
    ("[Team] Hoshi no Niwa - 01-12 [Batch]", {"title": "Hoshi no Niwa", "episodes": (1, 12)}),
    ("[Team] Hoshi no Niwa 01~03 [720p]", {"title": "Hoshi no Niwa", "episodes": (1, 3)}),
    ("[Team] Hoshi no Niwa (01-12) [1080p]", {"title": "Hoshi no Niwa", "episodes": (1, 12)}),
    ("[Team] Hoshi no Niwa - 01 ~ 12 [1080p]", {"title": "Hoshi no Niwa", "episodes": (1, 12)}),
    ("[Team] Hoshi no Niwa - 03+04.mkv", {"episodes": (3, 4)}),
    ("Hoshi no Niwa 01 of 24.mkv", {"title": "Hoshi no Niwa", "episodes": (1, 1)}),
    ("[Team] Class 5-2 no Niwa - 04.avi", {"title": "Class 5-2 no Niwa", "episodes": (4, 4)}),
    # Seasons in several languages.
    ("Hoshi no Niwa 2nd Season - 03 [720p].mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Season 2 - 03 - The Rain.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Second Season - 03.mkv", {"title": "Hoshi no Niwa", "season": 2}),
    ("Hoshi no Niwa Season II - 03.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Staffel 2 Folge 03.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa 2. Staffel Folge 03.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Saison 2 Épisode 03.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Temporada 2 Capitulo 3.mp4", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Stagione 2 Episodio 3.mp4", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Звёздный сад 2 сезон 5 серия.mp4", {"title": "Звёздный сад", "season": 2, "episodes": (5, 5)}),
    ("Звёздный сад - серия 05.avi", {"title": "Звёздный сад", "episodes": (5, 5)}),
    ("Звёздный сад [01 из 12].avi", {"title": "Звёздный сад", "episodes": (1, 1)}),
    ("Hoshi no Niwa [TV-2] - 05 [ru jp].mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (5, 5)}),
    ("Yıldız Bahçesi 3. Bölüm.mp4", {"title": "Yıldız Bahçesi", "episodes": (3, 3)}),
    ("Hoshi no Niwa II - 05 [720p].mkv", {"title": "Hoshi no Niwa II", "series": "Hoshi no Niwa", "season": 2}),
    ("[Team] Hoshi no Niwa 3 - 05 [720p].mkv", {"title": "Hoshi no Niwa 3", "season": 3, "episodes": (5, 5)}),
    ("Hoshi no Niwa Season 3 Part 2 - 03.mkv", {"season": 3, "part": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa Cour 2 - 13.mkv", {"series": "Hoshi no Niwa", "part": 2, "episodes": (13, 13)}),
    # Other scripts.
    ("星の庭 第07話 「雨」.mp4", {"title": "星の庭", "episodes": (7, 7)}),
    ("星の庭第2期 第7話.mp4", {"title": "星の庭", "season": 2, "episodes": (7, 7)}),
    (
        "[字幕组][星之庭 第二季][03][1080P][简体].mp4",
        {"title": "星之庭", "season": 2, "episodes": (3, 3), "resolution": 1080},
    ),
    (
        "【Team】【Hoshi no Niwa】【24（END）】【720P】.mp4",
        {"title": "Hoshi no Niwa", "episodes": (24, 24), "group": "Team"},
    ),
    ("[Team][Hoshi no Niwa][07][1080p][GB].mp4", {"title": "Hoshi no Niwa", "episodes": (7, 7), "language": "zh-Hans"}),
    ("별의 정원 07화.mp4", {"title": "별의 정원", "episodes": (7, 7)}),
    # Half episodes, kinds.
    ("[Team] Hoshi no Niwa - 12.5 [720p].mkv", {"number": "12.5", "episodes": (12, 12), "kind": "special"}),
    ("[Team] Hoshi no Niwa - NCOP1 [1080p].mkv", {"kind": "credits", "series": "Hoshi no Niwa", "episodes": (1, 1)}),
    ("[Team] Hoshi no Niwa - NCED [1080p].mkv", {"kind": "credits", "episodes": None}),
    ("[Team] Hoshi no Niwa [NCED2][1080p].mkv", {"title": "Hoshi no Niwa", "kind": "credits"}),
    ("[Team] Hoshi no Niwa - OVA 2 [1080p].mkv", {"kind": "special", "series": "Hoshi no Niwa", "episodes": (2, 2)}),
    ("[Team] Hoshi no Niwa - SP02 [1080p].mkv", {"kind": "special", "episodes": (2, 2)}),
    ("[Team] Hoshi no Niwa - PV2 [1080p].mkv", {"kind": "trailer", "episodes": (2, 2)}),
    ("[Team] Hoshi no Niwa - Menu 01 [1080p].mkv", {"kind": "other"}),
    ("Hoshi no Niwa S00E03.mkv", {"kind": "special", "season": 0, "episodes": (3, 3)}),
    ("Special Niwa 05.mkv", {"kind": "regular", "title": "Special Niwa", "episodes": (5, 5)}),
    ("[Team] Niwa -Ame- - 05 [1080p].mkv", {"title": "Niwa -Ame-", "episodes": (5, 5)}),
    ("星の庭 シーズン２ 第03話.mp4", {"title": "星の庭", "season": 2, "episodes": (3, 3)}),
    # Films and titles with numbers.
    ("Hoshi no Niwa Movie 2 [1080p].mkv", {"title": "Hoshi no Niwa Movie 2", "episodes": None, "kind": "regular"}),
    ("1001 Niwa (1998) [DVD].mkv", {"title": "1001 Niwa", "year": 1998, "episodes": None, "source": "DVD"}),
    ("Hoshi no Niwa (2019) - 05.mkv", {"title": "Hoshi no Niwa", "year": 2019, "episodes": (5, 5)}),
    ("Hoshi.no.Niwa.2019.1080p.BluRay.x264-TEAM.mkv", {"title": "Hoshi no Niwa", "year": 2019, "episodes": None}),
    ("Hoshi_no_Niwa_3.33_(2012)_[1080p].mkv", {"title": "Hoshi no Niwa 3.33", "year": 2012, "episodes": None}),
    # What else there is.
    (
        "Hoshi no Niwa - 05 (BDRip 1920x1080 HEVC FLAC) [Team].mkv",
        {"resolution": 1080, "source": "BD", "group": "Team"},
    ),
    ("[Team] Hoshi no Niwa - 05 [4K HEVC].mkv", {"resolution": 2160, "episodes": (5, 5)}),
    ("[Team] Hoshi no Niwa - 05 (DVD 640x480 h264).mkv", {"resolution": 480, "source": "DVD"}),
    ("[Team][Sub] Hoshi no Niwa - 05.mkv", {"group": "Team", "title": "Hoshi no Niwa"}),
    ("Hoshi no Niwa - 05 [Ger Dub][1080p].mkv", {"language": "de", "variant": "dub", "episodes": (5, 5)}),
    ("[Team] Hoshi no Niwa - 05 [English Dub].mkv", {"language": "en", "variant": "dub"}),
    ("[Team] Hoshi no Niwa - 05 VOSTFR.mkv", {"language": "fr", "variant": "sub", "episodes": (5, 5)}),
    ("[Team] Hoshi no Niwa - 05 (Dual Audio) (Jap Ger).mkv", {"language": "de", "variant": "dub"}),
    ("[Team] Hoshi no Niwa - S3 - 01 (51) [720p].mkv", {"episodes": (1, 1), "alternative": 51}),
    ("05.mkv", {"title": "", "episodes": (5, 5)}),
    ("05 - The Rain.mkv", {"title": "", "episodes": (5, 5), "episode_title": "The Rain"}),
    ("[12345678] Hoshi no Niwa.mkv", {"title": "Hoshi no Niwa", "crc": "12345678"}),
    ("Hoshi no Niwa", {"title": "Hoshi no Niwa", "episodes": None, "extension": ""}),
    ("", {"title": "", "episodes": None, "season": None, "kind": "regular", "version": 1}),
]


def test_names() -> None:
    assert len(CASES) >= 60
    wrong = []
    for name, expected in CASES:
        parsed = name_parse(name)
        got = {field: getattr(parsed, field) for field in expected}
        if got != expected:
            wrong.append((name, expected, got))
    assert not wrong, "\n".join(map(repr, wrong))


def test_many_are_read_in_their_order() -> None:
    names = [name for name, _ in CASES]
    assert names_parse(iter(names)) == [name_parse(name) for name in names]


def test_json_has_lists() -> None:
    row = name_parse("[Team] Hoshi no Niwa - 01-12 [1080p].mkv").as_json()
    assert (row["episodes"], row["resolution"], row["group"]) == ([1, 12], 1080, "Team")
    assert name_parse("Hoshi no Niwa").as_json()["episodes"] is None
