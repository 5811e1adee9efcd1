"""“Test this page” in the admin: a pasted page is read and shown as text; what a provider cannot do is not asked."""

import orjson
import pytest

from providers.models import PageFailure, Provider, ProviderTitle
from providers.tests.adapters.fixture_pages import fixture_text
from providers.tests.admin.staff import PAYLOAD, Staff, addresses_elsewhere
from providers.tests.factories import ProviderFactory

TRIAL = "providers_provider_trial"


@pytest.fixture
def provider(db: None) -> Provider:
    return ProviderFactory(adapter="animasu", base_url="https://anime.example.org", off=True)


def test_a_pasted_page_is_read_and_nothing_is_stored(admin: Staff, provider: Provider) -> None:
    page = fixture_text("animasu/detail.html")
    url = "https://anime.example.org/anime/hoshi-no-niwa/"
    answer = admin.post(TRIAL, provider.pk, question="detail", value=url, page=page)
    trial = answer.context["trial"]
    assert trial.is_ok, trial.error_detail
    assert trial.count == len(orjson.loads(trial.text)["episodes"])
    assert addresses_elsewhere(answer) == []
    assert not ProviderTitle.objects.exists()
    assert not PageFailure.objects.exists()


def test_a_hostile_page_is_shown_as_text(admin: Staff, provider: Provider) -> None:
    page = fixture_text("animasu/detail.html").replace("Hoshi no Niwa", f"Hoshi {PAYLOAD.replace('<', '&lt;')}")
    url = "https://anime.example.org/anime/hoshi-no-niwa/"
    body = admin.post(TRIAL, provider.pk, question="detail", value=url, page=page).content.decode()
    assert "&lt;script&gt;alert(1)" in body
    assert "<script>alert(1)" not in body
    assert "<img src=x" not in body


def test_a_page_that_makes_no_sense_is_an_answer(admin: Staff, provider: Provider) -> None:
    answer = admin.post(TRIAL, provider.pk, question="detail", value="", page="<p>Just a moment…</p>")
    assert answer.context["trial"].error_code == "provider_page_unreadable"
    assert "It could not be read" in answer.content.decode()


def test_what_it_cannot_do_is_not_offered_and_not_asked(admin: Staff) -> None:
    catalogue = ProviderFactory(adapter="aniworld")
    assert 'value="mirrors"' not in admin.get(TRIAL, catalogue.pk).content.decode()
    answer = admin.post(TRIAL, catalogue.pk, question="mirrors", value="x")
    assert answer.context["trial"] is None
    assert "Select a valid choice" in answer.content.decode()


def test_a_provider_without_an_adapter_offers_nothing(admin: Staff) -> None:
    answer = admin.get(TRIAL, ProviderFactory(adapter="nobody").pk)
    assert answer.status_code == 200
    assert answer.context["form"].fields["question"].choices == []


def test_only_those_who_may_change_providers_ask(moderator: Staff, provider: Provider) -> None:
    assert moderator.get(TRIAL, provider.pk).status_code == 403
    assert moderator.post(TRIAL, provider.pk, question="home").status_code == 403
