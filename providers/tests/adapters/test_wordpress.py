"""What WordPress sites share: their base is no adapter, and a title's page is read alike whichever theme draws it."""

import pytest

from providers.adapters import adapter_classes
from providers.adapters.animasu import parse_detail as animasu_detail
from providers.adapters.drafts import Detail
from providers.adapters.samehadaku import parse_detail as samehadaku_detail
from providers.adapters.wordpress import WordPress
from providers.errors import PageUnreadable

pytestmark = pytest.mark.once
URL = "https://anime.example.org/anime/umi/"
SITES = {
    "animasu": (animasu_detail, "div class=infox", "ul id=daftarepisode"),
    "samehadaku": (samehadaku_detail, "header class=info_episode", "div class=lstepsiode"),
}


def detail_of(site: str, facts: str, *, url: str = URL, more: str = "") -> Detail:
    """The site's page of "Umi" with a box of facts."""
    parse, heading, episodes = SITES[site]
    return parse(
        f"<html><head>{more}</head><body><{heading}><h1>Umi Sub Indo</h1></{heading.split()[0]}>"
        f"<div class=spe>{facts}</div><{episodes}></{episodes.split()[0]}></body></html>",
        url,
    )


def test_the_base_is_no_adapter_of_its_own_and_a_site_must_say_how_it_plays() -> None:
    class Silent(WordPress):
        name = "silent"

    assert "wordpress" not in adapter_classes()
    with pytest.raises(TypeError, match="mirrors"):
        Silent()  # type: ignore[abstract]


@pytest.mark.parametrize("site", SITES)
def test_the_english_name_is_one_of_the_others_and_the_japanese_fact_is_the_native_one(site: str) -> None:
    detail = detail_of(
        site,
        "<span><b>Japanese</b> 海</span><span><b>English</b> The Sea</span><span><b>Synonyms</b> うみ; La Mer; Umi</span>",
    )
    assert (detail.title, detail.native_title, detail.english_title) == ("Umi", "海", "The Sea")
    assert detail.alternative_titles == ("The Sea", "うみ", "La Mer")


@pytest.mark.parametrize("site", SITES)
def test_without_a_japanese_fact_a_synonym_in_kana_is_the_native_name(site: str) -> None:
    detail = detail_of(site, "<span><b>Synonyms:</b> La Mer; うみのほし</span>")
    assert (detail.native_title, detail.english_title) == ("うみのほし", "")


@pytest.mark.parametrize("site", SITES)
def test_what_the_facts_do_not_know_is_not_told(site: str) -> None:
    facts = "<span><b>Studio:</b> <a href=/studio/unknown/>Unknown</a></span><span><b>Genre</b> <a>Drama</a></span>"
    detail = detail_of(site, facts)
    assert (detail.studios, detail.genres, detail.episodes) == ((), ("Drama",), ())


@pytest.mark.parametrize("site", SITES)
def test_a_page_at_another_address_is_what_it_names_itself(site: str) -> None:
    canonical = f"<link rel=canonical href={URL}>"
    assert detail_of(site, "", url="https://anime.example.org/?p=7", more=canonical).slug == "umi"
    with pytest.raises(PageUnreadable, match="address"):
        detail_of(site, "", url="https://anime.example.org/?p=7")
