"""The pages of reports: the form as a page and as a script's dialog, one's own reports, the places that lead there."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from social.access_reports import Named
from social.models import AnimeVote, AnimeVotes, Report, ReportTarget
from social.services.report_desk import report_close
from social.tests.reported import named_of, reason_of, report_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def owner() -> User:
    return UserFactory.create(username="owner")


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(UserFactory.create(username="reader"))
    return client


def fields_of(named: Named) -> dict[str, Any]:
    if named.target != ReportTarget.EPISODE:
        return {"target": named.target.value, "id": str(named.id)}
    return {
        "target": "episode",
        "id": str(named.anime_id),
        "number": "3",
        "source": str(named.source_id),
        "second": "12.34",
    }


@pytest.mark.parametrize("target", ReportTarget.values)
def test_without_scripts(owner: User, reader: Client, target: str) -> None:
    fields = fields_of(named_of(target, owner))
    page = reader.get("/reports/new", fields)
    assert page.status_code == 200
    html = page.content.decode()
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    assert fields.items() <= kept.items()
    answer = reader.post("/reports/new", {**kept, "reason": reason_of(target), "message": "a\r\nb"})
    assert answer.status_code == 302
    assert "Thank you" in reader.get("/settings/reports").content.decode()
    report = Report.objects.get()
    assert (report.target, report.message) == (target, "a\nb")
    if target == "episode":
        assert (report.source_id, report.position_seconds) == (int(fields["source"]), 12.3)


def test_a_script_gets_the_form_alone(owner: User, reader: Client) -> None:
    fields = fields_of(named_of("comment", owner))
    html = reader.get("/reports/new", fields, headers=FETCH).content.decode()
    assert "data-report-form" in html
    assert "<html" not in html
    refused = reader.post("/reports/new", fields, headers=FETCH)
    assert (refused.status_code, "Choose what is wrong" in refused.content.decode()) == (422, True)
    assert reader.post("/reports/new", {**fields, "reason": "spam"}, headers=FETCH).status_code == 204
    again = reader.post("/reports/new", {**fields, "reason": "spam", "message": "what I typed"}, headers=FETCH)
    assert again.status_code == 409
    assert "You have reported this already" in again.content.decode()
    assert "what I typed" in again.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?target=user",
        "?target=x&id=1",
        "?target=episode&id=x&number=1",
        "?target=episode&id=1",
        "?target=post&id=%00",
    ],
)
def test_what_is_no_thing_is_not_found(reader: Client, query: str) -> None:
    assert reader.get(f"/reports/new{query}").status_code == 404


def test_strangers_sign_in_first_and_owners_are_told(owner: User) -> None:
    fields = fields_of(named_of("post", owner))
    assert Client().get("/reports/new", fields).status_code == 302
    client = Client()
    client.force_login(owner)
    page = client.get("/reports/new", fields)
    assert (page.status_code, "That is you" in page.content.decode()) == (400, True)


def test_api_and_page_share_the_limit(reader: Client) -> None:
    cache.clear()
    for _ in range(3):
        assert (
            reader.post(
                "/reports/new", {**fields_of(named_of("user", UserFactory.create())), "reason": "spam"}
            ).status_code
            == 302
        )
    for _ in range(2):
        path = f"/api/v1/users/{UserFactory.create().pk}/report"
        assert reader.post(path, {"reason": "spam"}, content_type="application/json").status_code == 201
    answer = reader.post("/reports/new", {**fields_of(named_of("user", UserFactory.create())), "reason": "spam"})
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert Report.objects.count() == 5


def test_what_became_of_mine(owner: User, reader: Client) -> None:
    me, staff = User.objects.get(username="reader"), UserFactory.create(role="moderator", username="secret_mod")
    first = report_of(me, named_of("comment", owner))
    report_of(UserFactory.create(), named_of("comment", owner), message="of somebody else")
    report_close(actor=staff, report_id=first.pk, is_upheld=True, outcome="It is gone. <b>Thanks</b>")
    for _ in range(2):
        with assert_queries("social/PAGE settings/reports"):
            html = reader.get("/settings/reports").content.decode()
        report_of(me, named_of("post", owner))
    assert "It is gone. &lt;b&gt;Thanks&lt;/b&gt;" in html
    assert f'id="report-{first.pk}"' in html
    assert "of somebody else" not in html
    assert "secret_mod" not in html


def test_a_long_list_has_pages(owner: User, reader: Client) -> None:
    me = User.objects.get(username="reader")
    Report.objects.bulk_create(
        Report(reporter=me, target="user", user=owner, reason="spam", snapshot={"username": f"n{n}"}) for n in range(21)
    )
    assert reader.get("/settings/reports").content.decode().count('class="my-report"') == 20
    assert reader.get("/settings/reports?page=2").content.decode().count('class="my-report"') == 1
    assert reader.get("/settings/reports?page=99999").status_code == 200


def test_places_that_lead_there(owner: User, reader: Client) -> None:
    named = named_of("episode", owner)
    watch = reader.get(f"/watch/{named.anime_id}/3").content.decode()
    assert f"/reports/new?target=episode&amp;id={named.anime_id}&amp;number=3" in watch
    shelf = named_of("collection", owner)
    assert "/reports/new?target=collection" in reader.get(f"/collections/{shelf.id}").content.decode()
    own = Client()
    own.force_login(owner)
    assert "/reports/new" not in own.get(f"/collections/{shelf.id}").content.decode()


def test_thumbs_on_the_page_of_an_anime(reader: Client) -> None:
    anime = AnimeFactory.create(document=True)
    page, vote = f"/anime/{anime.pk}", f"/anime/{anime.pk}/vote"
    html = reader.get(page, follow=True).content.decode()
    assert html.count('aria-pressed="false" aria-label="Like: 0"') == 1
    assert reader.post(vote, {"value": "1"}).status_code == 302
    assert 'aria-pressed="true" aria-label="Like: 1"' in reader.get(page, follow=True).content.decode()
    part = reader.post(vote, {"value": "-1"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'aria-pressed="true" aria-label="Dislike: 1"' in part
    assert reader.post(vote, {"value": "0"}).status_code == 302
    assert not AnimeVote.objects.exists()
    stranger = Client()
    assert "/login" in stranger.post(vote, {"value": "1"})["Location"]
    assert "Sign in to like it: 0" in stranger.get(page, follow=True).content.decode()


def test_thumbs_on_adult_anime_are_refused_in_words(reader: Client) -> None:
    anime = AnimeFactory.create(adult=True)
    part = reader.post(f"/anime/{anime.pk}/vote", {"value": "1"}, headers={"HX-Request": "true"})
    assert 'role="alert"' in part.content.decode()
    assert not AnimeVotes.objects.filter(likes__gt=0).exists()
    assert reader.post("/anime/999999999/vote", {"value": "1"}).status_code == 404


def test_the_form_counts_what_was_filed(reader: Client, owner: User) -> None:
    cache.clear()
    fields = fields_of(named_of("user", owner))
    codes = [reader.post("/reports/new", {**fields, "reason": "nothing"}).status_code for _ in range(6)]
    assert codes == [422] * 6
    assert reader.post("/reports/new", {**fields, "reason": "spam"}).status_code == 302
    assert [reader.post("/reports/new", {**fields, "reason": "spam"}).status_code for _ in range(6)] == [409] * 6
    people = UserFactory.create_batch(5)
    sent = [{"target": "user", "id": str(one.pk), "reason": "spam"} for one in people]
    assert [reader.post("/reports/new", one).status_code for one in sent] == [302] * 4 + [429]
