"""The review desk: a person decides which anime a title is; covers come through this server alone."""

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.errors import DomainError
from providers.models import MatchState, NumberingOverride, ProviderTitle
from providers.services.matching import title_decide
from providers.tests.admin.staff import PAYLOAD, Staff, addresses_elsewhere, messages_of
from providers.tests.factories import ProviderEpisodeFactory, ProviderTitleFactory

DESK, ACT, LIST = (f"providers_providertitle_{name}" for name in ("change", "act", "changelist"))
COVER = "https://pictures.example.org/cover.jpg"


@pytest.fixture
def anime(db: None) -> Anime:
    return AnimeFactory(title="Hoshi no Niwa", year=2020, document=True)


def queued(anime: Anime, confidence: int = 70, **fields: Any) -> ProviderTitle:
    candidate = {"anime_id": anime.pk, "confidence": confidence, "reasons": [f"alike {PAYLOAD}"]}
    state = {"match_state": MatchState.QUEUED, "confidence": confidence, "candidates": [candidate]}
    return ProviderTitleFactory(**{"year": 2020, "cover_url": COVER, **state, **fields})


def test_a_title_stands_beside_its_candidates_and_nothing_comes_alive(moderator: Staff, anime: Anime) -> None:
    title = queued(anime, title=f"Hoshi {PAYLOAD}", genres=[PAYLOAD], native_title=PAYLOAD)
    ProviderEpisodeFactory(title=title, label=f"Episode {PAYLOAD}")
    answer = moderator.get(DESK, title.pk)
    body = answer.content.decode()
    assert [side.anime.id for side in answer.context["compared"].sides] == [anime.pk]
    assert "Hoshi no Niwa" in body
    assert "<script>alert(1)" not in body
    assert "<img src=x" not in body
    assert addresses_elsewhere(answer) == []


def test_choosing_and_rejecting_lead_to_the_next_of_the_queue(admin: Staff, anime: Anime) -> None:
    first, second = queued(anime, 80), queued(anime, 60)
    assert admin.get("providers_providertitle_next").url.endswith(f"/{first.pk}/change/")
    assert admin.post(ACT, first.pk, act="choose", anime=anime.pk).url.endswith(f"/{second.pk}/change/")
    admin.post(ACT, second.pk, act="reject")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.match_state, first.anime_id, first.decided_by) == (MatchState.HUMAN, anime.pk, admin.user)
    assert (second.match_state, second.anime_id) == (MatchState.REJECTED, None)
    assert admin.get("providers_providertitle_next").url.endswith("/providertitle/")


def test_a_decision_is_opened_again_and_matched_again(admin: Staff, anime: Anime) -> None:
    title = queued(anime, title="Hoshi no Niwa")
    admin.post(ACT, title.pk, act="reject")
    assert "a person decided this, and nothing changed" in messages_of(admin.post(ACT, title.pk, act="match"))
    many = messages_of(admin.post(LIST, action="match_again", _selected_action=[title.pk]))
    assert "a person decided this, and nothing changed" in many
    assert "0 titles changed" in many
    title.refresh_from_db()
    assert title.match_state == MatchState.REJECTED
    admin.post(ACT, title.pk, act="reopen")
    admin.post(ACT, title.pk, act="match")
    title.refresh_from_db()
    assert title.match_state in (MatchState.AUTO, MatchState.QUEUED)
    assert title.decided_by is None


def test_the_queue_names_the_best_candidate_and_why(moderator: Staff, anime: Anime) -> None:
    queued(anime)
    body = moderator.get(LIST, match_state__exact="queued").content.decode()
    assert "<bdi>Hoshi no Niwa</bdi>" in body
    assert "alike &quot;" in body
    assert "<script>alert(1)" not in body


def test_what_a_person_rejected_is_not_offered_again(moderator: Staff, anime: Anime) -> None:
    queued(anime, title="Yoru no Umi", match_state=MatchState.REJECTED)
    queued(anime, title="Kumo no Ie", candidates=[{"anime_id": 999_999, "confidence": 70, "reasons": []}])
    body = moderator.get(LIST).content.decode()
    assert "Yoru no Umi" in body
    assert "Kumo no Ie" in body
    assert "<bdi>Hoshi no Niwa</bdi>" not in body


def test_more_titles_are_no_more_queries(moderator: Staff, anime: Anime) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert moderator.get(LIST).status_code == 200
        return len(asked)

    queued(anime)
    moderator.get(LIST)
    before = queries()
    for place in range(5):
        queued(AnimeFactory(title=f"Umi {place}"))
    assert queries() == before


def test_another_anime_is_looked_up(admin: Staff, anime: Anime, monkeypatch: pytest.MonkeyPatch) -> None:
    other = AnimeFactory(title="Yoru no Umi", document=True)
    found = {"Yoru no Umi": [SimpleNamespace(anime_id=other.pk)]}
    monkeypatch.setattr("providers.selectors.queue.titles_search", lambda words, **_: found[words])
    sides = admin.get(DESK, queued(anime).pk, words="Yoru no Umi").context["compared"].sides
    assert [(side.anime.id, side.confidence) for side in sides] == [(other.pk, None), (anime.pk, 70)]


@pytest.mark.parametrize("form", [{"act": "choose", "anime": "x"}, {"act": "choose", "anime": "9" * 30}, {"act": "?"}])
def test_bad_forms_are_told_and_change_nothing(admin: Staff, anime: Anime, form: dict[str, str]) -> None:
    title = queued(anime)
    assert messages_of(admin.post(ACT, title.pk, **form))
    title.refresh_from_db()
    assert title.match_state == MatchState.QUEUED


def test_the_best_candidates_are_taken_for_many_at_once(admin: Staff, anime: Anime) -> None:
    sure, bare = queued(anime), queued(anime, candidates=[])
    told = messages_of(admin.post(LIST, action="accept_best", _selected_action=[sure.pk, bare.pk]))
    sure.refresh_from_db()
    bare.refresh_from_db()
    assert (sure.anime_id, bare.match_state) == (anime.pk, MatchState.QUEUED)
    assert "1 title changed" in told
    assert "no candidate" in told


def test_many_at_once_undo_nobodys_decision(admin: Staff, anime: Anime) -> None:
    rejected = queued(anime, match_state=MatchState.REJECTED)
    other = queued(anime)
    title_decide(actor=admin.user, title=other, anime=AnimeFactory(title="Yoru no Umi"))
    told = messages_of(admin.post(LIST, action="accept_best", _selected_action=[rejected.pk, other.pk]))
    rejected.refresh_from_db()
    other.refresh_from_db()
    assert (rejected.match_state, rejected.anime_id) == (MatchState.REJECTED, None)
    assert (other.match_state, str(other.anime)) == (MatchState.HUMAN, "Yoru no Umi")
    assert "a person decided this, and nothing changed" in told
    assert "0 titles changed" in told


def test_moderators_look_but_decide_nothing(moderator: Staff, anime: Anime) -> None:
    title = queued(anime)
    body = moderator.get(DESK, title.pk).content.decode()
    assert 'name="act"' not in body
    for act in ("choose", "reject", "reopen", "match", "enrich"):
        assert moderator.post(ACT, title.pk, act=act, anime=anime.pk).status_code == 403
    moderator.post(LIST, action="accept_best", _selected_action=[title.pk])
    title.refresh_from_db()
    assert (title.match_state, title.anime_id) == (MatchState.QUEUED, None)


def test_a_cover_is_fetched_once_and_made_small(
    moderator: Staff, anime: Anime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetch(_provider: Any, url: str) -> bytes:
        asked.append(url)
        out = io.BytesIO()
        Image.new("RGB", (600, 900), "navy").save(out, "JPEG")
        return out.getvalue()

    monkeypatch.setattr("providers.admin.title_covers.picture_fetch", fetch)
    title = queued(anime)
    answers = [moderator.get("providers_providertitle_cover", title.pk) for _ in range(2)]
    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [(200, "image/webp")] * 2
    assert Image.open(io.BytesIO(answers[0].content)).size == (240, 360)
    assert asked == [COVER]


def test_a_cover_that_cannot_be_had_is_an_empty_picture(
    moderator: Staff, anime: Anime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_provider: Any, _url: str) -> bytes:
        raise DomainError

    def answer(title: ProviderTitle) -> HttpResponse:
        return moderator.get("providers_providertitle_cover", title.pk)

    monkeypatch.setattr("providers.admin.title_covers.picture_fetch", fetch)
    assert answer(queued(anime, cover_url="")).status_code == 404
    away = answer(queued(anime))
    monkeypatch.setattr("providers.admin.title_covers.picture_fetch", lambda *_: b"<svg onload=alert(1)>")
    hostile = answer(queued(anime, cover_url="https://pictures.example.org/other.svg"))
    for empty in (away, hostile):
        assert (empty.status_code, empty["Content-Type"]) == (200, "image/webp")
        assert Image.open(io.BytesIO(empty.content)).size == (1, 1)


def test_numbers_are_overridden_by_a_form(admin: Staff, moderator: Staff, anime: Anime) -> None:
    title = queued(anime)
    form = {"title": title.pk, "season": "", "first": "1", "last": "12", "anime": anime.pk}
    form |= {"target_kind": "regular", "target_first": "13"}
    assert moderator.post("providers_numberingoverride_add", **form).status_code == 403
    admin.post("providers_numberingoverride_add", **form)
    row = NumberingOverride.objects.get()
    assert (row.title, row.first, row.last, row.target_first, row.set_by) == (title, 1, 12, 13, admin.user)
    assert f"/numberingoverride/{row.pk}/change/" in admin.get(DESK, title.pk).content.decode()
    listed = admin.get("providers_numberingoverride_changelist").content.decode()
    assert re.findall(r"field-kind_shown[^>]*>\s*([^<]*?)\s*<", listed) == ["Episode"]
    admin.post("providers_numberingoverride_add", **{**form, "first": "5"})
    refused = admin.post("providers_numberingoverride_add", **{**form, "first": "20", "last": "", "target_kind": "odd"})
    assert list(refused.context["adminform"].form.errors) == ["target_kind"]
    assert NumberingOverride.objects.count() == 1
