"""Each rule by which namesakes, seasons and side stories are told apart, on catalogues made for it."""

import pytest
from django.utils.translation import override

from providers.matching.reasons import reason_told
from providers.tests.matching.catalogues import asked, best, entry, matcher_of


def test_season_words_lead_to_the_season() -> None:
    seasons = matcher_of(
        entry("Hoshi no Niwa", popularity=90_000), entry("Hoshi no Niwa 2nd Season"), entry("Hoshi no Niwa III")
    )
    assert best(seasons, "Hoshi no Niwa S2 (Dub)") == 2
    assert best(seasons, "Hoshi no Niwa 3") == 3
    assert best(seasons, "Hoshi no Niwa Sub Indo") == 1
    assert "season 2 both" in asked(seasons, "Hoshi no Niwa Season 2").reasons


def test_a_title_that_is_one_animes_alone_outweighs_any_popularity() -> None:
    seasons = matcher_of(
        entry("Hoshi no Niwa", popularity=5_000_000, sequel=2),
        entry("Hoshi no Niwa 2", popularity=4_000_000, others=("Garden of Stars: First Step",)),
        entry("Hoshi no Niwa VI", popularity=0),
        entry("First Step", kind="music", popularity=0),
    )
    match = asked(seasons, "Hoshi no Niwa VI")
    assert (match.anime_id, match.decision) == (3, "auto")
    assert "no other entry has this title" in match.reasons
    assert best(seasons, "First Step") == 4


@pytest.mark.parametrize("form", ["6", "6th Season", "Season 6", "S6", "VI"])
def test_a_season_nobody_follows_yet_is_found_in_every_form_of_its_number(form: str) -> None:
    names = ["Hoshi no Niwa", *(f"Hoshi no Niwa {number}" for number in range(2, 8))]
    seasons = matcher_of(
        *(
            entry(name, popularity=0 if place > 5 else 2_000_000, **({"sequel": place + 1} if place < 7 else {}))
            for place, name in enumerate(names, 1)
        )
    )
    match = asked(seasons, f"Hoshi no Niwa {form}")
    assert match.anime_id == 6
    assert "season 6 both" in match.reasons


def test_signs_as_they_are_written_set_an_own_title_apart() -> None:
    signs = matcher_of(entry("C.L.A.Y.", popularity=90_000), entry("Clay", popularity=0))
    assert (best(signs, "Clay"), best(signs, "C.L.A.Y.")) == (2, 1)


def test_a_main_title_of_two_is_nobodys_own() -> None:
    twins = matcher_of(entry("Yoru", popularity=90_000), entry("Yoru", popularity=0))
    match = asked(twins, "Yoru")
    assert match.confidence < asked(matcher_of(entry("Yoru", popularity=90_000)), "Yoru").confidence
    assert "another entry has the same main title" in match.reasons
    assert "no other entry has this title" not in match.reasons


def test_a_season_without_its_number_is_found_along_the_sequels() -> None:
    chain = matcher_of(
        entry("Kaze no Michi", sequel=2),
        entry("Kaze no Michi: Arashi-hen", sequel=3, popularity=900),
        entry("Kaze no Michi: Yuki-hen", popularity=800),
        entry("Sora no Hate"),
    )
    match = asked(chain, "Kaze no Michi 3rd Season")
    assert match.anime_id == 3
    assert "a sequel of this name" in match.reasons


def test_the_season_on_television_is_found_behind_what_stands_between() -> None:
    chain = matcher_of(
        entry("Kaze no Michi", sequel=2, popularity=9_000),
        entry("Kaze no Michi: Natsuyasumi", kind="ova", sequel=3, popularity=900),
        entry("Kaze no Michi: Yuki-hen", popularity=5_000),
        entry("Sora no Hate"),
    )
    assert 3 in {candidate.anime_id for candidate in asked(chain, "Kaze no Michi Season 2").candidates}


def test_sequels_that_go_round_in_circles_end() -> None:
    ring = matcher_of(entry("Kaze no Michi", sequel=2), entry("Arashi", sequel=1))
    assert best(ring, "Kaze no Michi 9th Season") is not None


def test_types_named_by_the_title_choose_among_namesakes() -> None:
    kinds = matcher_of(
        entry("Umi no Uta", popularity=50_000),
        entry("Umi no Uta Movie", kind="movie"),
        entry("Umi no Uta OVA", kind="ova"),
        entry("Umi no Uta: Natsuyasumi", kind="special"),
    )
    assert best(kinds, "Gekijouban Umi no Uta") == 2
    assert best(kinds, "Umi no Uta OAD (GerSub)") == 3
    assert best(kinds, "Umi no Uta") == 1


def test_a_year_in_the_title_chooses_among_namesakes() -> None:
    years = matcher_of(entry("Yoru", year=1998, popularity=5_000), entry("Yoru", year=2019, popularity=5_000))
    assert best(years, "Yoru (1998)") == 1
    assert best(years, "Yoru (2019)") == 2


def test_what_the_page_says_chooses_among_namesakes() -> None:
    alike = matcher_of(
        entry("Yoru", year=1998, kind="movie", episodes=1, popularity=90_000),
        entry("Yoru", year=2019, kind="tv", episodes=12, popularity=1_000),
    )
    match = asked(alike, "Yoru", year=2019, kind="tv", episodes=12)
    assert match.anime_id == 2
    assert {"same year", "same type", "same number of episodes"} <= set(match.reasons)


def test_a_shared_name_alone_is_nothing_to_be_sure_of() -> None:
    twins = matcher_of(entry("Yoru", popularity=1_000), entry("Yoru", popularity=1_000))
    match = asked(twins, "Yoru")
    assert match.decision != "auto"
    assert "two entries share this name" in match.reasons
    assert [candidate.anime_id for candidate in match.candidates] == [1, 2]


def test_contradictions_lower_the_confidence() -> None:
    one = matcher_of(entry("Yoru no Machi", year=1998, kind="movie", popularity=20_000))
    sure = asked(one, "Yoru no Machi", year=1998, kind="movie")
    unsure = asked(one, "Yoru no Machi", year=2020, kind="tv")
    assert sure.confidence > unsure.confidence
    assert unsure.decision != "auto"
    assert {"year differs by 22", "types differ"} <= set(unsure.reasons)


def test_slips_and_other_orders_are_found() -> None:
    names = matcher_of(entry("Erementaru no Hana: Gekka"), entry("Midori no Saka"), entry("Aoi Saka"))
    assert best(names, "Elemental no Hana Gecca") == 1
    assert best(names, "Gekka: Erementaru no Hana") == 1
    assert best(names, "Midori no Sakka") == 2


def test_signs_tell_namesakes_apart() -> None:
    signs = matcher_of(entry("Oto!", popularity=9_000), entry("Oto!!", popularity=8_000))
    assert best(signs, "Oto! (Dub)") == 1
    assert best(signs, "Oto!!") == 2


def test_other_names_of_the_page_help() -> None:
    names = matcher_of(entry("Hikari no Shima", others=("Island of Light",)), entry("Kage no Shima"))
    match = asked(names, "Die Insel", alternative_titles=("Island of Light",))
    assert match.anime_id == 1


def test_covers_that_look_alike_decide(monkeypatch) -> None:
    monkeypatch.setattr("providers.covers.lookup.covers_near", lambda value, *, within: [(2, 4)])
    twins = matcher_of(entry("Yoru", popularity=5_000), entry("Yoru", popularity=1_000))
    match = asked(twins, "Yoru", cover_hash=77)
    assert match.anime_id == 2
    assert "cover matches (distance 4)" in match.reasons


def test_nothing_alike_is_none() -> None:
    names = matcher_of(entry("Hikari no Shima"), entry("Kage no Shima"))
    assert asked(names, "🎉🎉🎉").anime_id is None
    assert asked(names, "Zyxwvut Qponmlk").decision == "none"
    assert asked(matcher_of(), "Yoru").anime_id is None


def test_hostile_titles_end_soon() -> None:
    names = matcher_of(entry("Hikari no Shima"), entry("A" * 500), entry("2 2 2 2 2"))
    for title in ("\0", "\ud800", "season " * 80, "(" * 500, "a" * 500, "2 " * 250, "第二期" * 150, "S99 Part 99"):
        assert asked(names, title).confidence <= 100


def test_the_end_of_a_title_finds_what_is_called_so() -> None:
    theatre = matcher_of(
        entry("Hoshi no Niwa", popularity=300_000), entry("Kaze Gekijou", kind="ona", popularity=4_000)
    )
    match = asked(theatre, "Hoshi no Niwa: Kaze Gekijou")
    assert match.anime_id == 2
    assert "only the end of the title" in match.reasons


def test_what_stands_behind_the_colon_of_a_main_title_is_a_name() -> None:
    ends = matcher_of(
        entry("Gekka Ryouran Monogatari: Kaze no Shirabe", popularity=20_000),
        entry("Kaze no Shirube", kind="special", popularity=2_000),
    )
    match = asked(ends, "Kaze no Shirabe")
    assert match.anime_id == 1
    assert "the end of its title" in match.reasons


def test_the_series_marked_tv_is_meant_where_far_more_people_follow_it() -> None:
    versions = matcher_of(
        entry("Tora no Michi", kind="ova", popularity=3_000), entry("Tora no Michi (TV)", popularity=200_000)
    )
    assert best(versions, "Tora no Michi") == 2
    rivals = matcher_of(
        entry("Tora no Michi", kind="ova", popularity=90_000), entry("Tora no Michi (TV)", popularity=3_000)
    )
    assert best(rivals, "Tora no Michi") == 1


def test_a_number_before_the_rest_of_a_title_weighs_less_than_the_rest() -> None:
    parts = matcher_of(
        entry("Akari: Arashi", kind="movie", popularity=20_000),
        entry("Akari", popularity=200_000, sequel=3),
        entry("Akari 2", popularity=100_000),
    )
    assert best(parts, "Akari Part 2: Arashi") == 1


@pytest.mark.parametrize(
    ("reason", "russian"),
    [
        ("same title", "то же название"),
        ("season 3 both", "сезон 3 у обеих"),
        ("97 of 100 letters agree", "совпадает 97 букв из 100"),
        ("cover matches (distance 4)", "обложка совпадает (расстояние 4)"),
        ("year off by 1 from the title", "год отличается от названия на 1"),
        ("what an older release wrote 5 times", "what an older release wrote 5 times"),
    ],
)
def test_reasons_are_told_in_the_readers_language(reason: str, russian: str) -> None:
    assert reason_told(reason) == reason
    with override("ru"):
        assert reason_told(reason) == russian


def test_wide_signs_are_the_signs() -> None:
    namesakes = matcher_of(entry("Hoshi Kai", popularity=900_000), entry("Hoshi Kai＊", popularity=400_000))
    assert best(namesakes, "Hoshi Kai*") == 2
    assert best(namesakes, "Hoshi Kai") == 1
