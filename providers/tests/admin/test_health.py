"""How providers do, in the admin: counts, breakers, failures; who may act on them; no query more for one provider more."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import egress
from core.egress.breaker import key
from core.models import Job
from providers.fetching.counting import host_count
from providers.fetching.failures import page_failure_keep
from providers.models import PageFailure, Provider
from providers.tests.admin.staff import PAYLOAD, Staff, addresses_elsewhere, messages_of
from providers.tests.factories import ProviderFactory, ProviderTitleFactory

HEALTH, LIST = "providers_provider_health", "providers_provider_changelist"


@pytest.fixture
def provider(db: None) -> Provider:
    """Asked four times, once in vain; its host is left alone now; its last page made no sense."""
    provider = ProviderFactory(label=f"Hoshi {PAYLOAD}", base_url="https://hoshi.example.org")
    for outcome in ("ok", "ok", "ok", "failed"):
        host_count(provider.pk, "hoshi.example.org", outcome=outcome, milliseconds=200)
    cache.set(key("hoshi.example.org", "open"), time.time() + 90)
    page_failure_keep(
        provider=provider,
        question="detail",
        url=f"https://hoshi.example.org/{PAYLOAD}",
        text=f"<html>{PAYLOAD}</html>",
        error_code="page_unreadable",
        detail=f"none of the marks {PAYLOAD}",
    )
    return provider


def test_the_page_tells_counts_breakers_and_the_last_failure(moderator: Staff, provider: Provider) -> None:
    answer = moderator.get(HEALTH)
    one = next(one["health"] for one in answer.context["providers"] if one["health"].provider == provider)
    body = answer.content.decode()
    assert (one.counts.requests, one.counts.success, one.counts.mean, one.is_well) == (4, 75, 200, False)
    assert "left alone for" in body
    assert "needs a look" in body
    assert "none of the marks" in body
    assert "<script>alert(1)" not in body
    assert addresses_elsewhere(answer) == []


def test_moderators_look_and_admins_act(moderator: Staff, admin: Staff, provider: Provider) -> None:
    act = "providers_provider_act"
    assert 'value="forgive"' not in moderator.get(HEALTH).content.decode()
    assert moderator.post(act, provider.pk, act="forgive").status_code == 403
    assert egress.host_state("hoshi.example.org").state == "open"
    assert 'value="forgive"' in admin.get(HEALTH).content.decode()
    admin.post(act, provider.pk, act="forgive")
    assert egress.host_state("hoshi.example.org").state == "closed"
    assert moderator.post(act, provider.pk, act="run").status_code == 403
    assert not Job.objects.exists()
    admin.post(act, provider.pk, act="run")
    assert Job.objects.get().kind == "providers.home"


def test_only_what_can_be_done_and_was_counted_is_shown(admin: Staff, provider: Provider) -> None:
    ProviderFactory(name="asked")
    ProviderFactory(name="off", off=True)
    answer = admin.get(HEALTH)
    shown = {one["health"].provider.name: one for one in answer.context["providers"]}
    assert [shown[name]["is_held"] for name in (provider.name, "asked", "off")] == [True, False, False]
    assert [shown[name]["was_asked"] for name in (provider.name, "asked", "off")] == [True, True, False]
    assert answer.content.decode().count('value="forgive"') == 1
    assert shown[provider.name]["last_question"] == "page of a title"


@pytest.mark.parametrize("act", ["", "?"])
def test_an_unknown_action_is_told_and_does_nothing(admin: Staff, provider: Provider, act: str) -> None:
    assert "does not exist" in messages_of(admin.post("providers_provider_act", provider.pk, act=act))
    assert not Job.objects.exists()
    assert egress.host_state("hoshi.example.org").state == "open"


def test_a_provider_that_is_off_is_not_looked_at(admin: Staff) -> None:
    off = ProviderFactory(off=True)
    told = messages_of(admin.post("providers_provider_act", off.pk, act="run"))
    assert told
    assert not Job.objects.exists()


@pytest.mark.parametrize("page", [HEALTH, LIST])
def test_more_providers_are_no_more_queries(moderator: Staff, page: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert moderator.get(page).status_code == 200
        return len(asked)

    moderator.get(page)
    before = queries()
    for provider in ProviderFactory.create_batch(5):
        host_count(provider.pk, "x.example.org", outcome="ok", milliseconds=1)
        ProviderTitleFactory(provider=provider)
    assert queries() == before


def test_the_list_says_how_each_does(moderator: Staff, provider: Provider) -> None:
    assert "75 %" in moderator.get(LIST).content.decode()


def test_the_list_of_kept_pages_is_short_and_in_words(moderator: Staff, provider: Provider) -> None:
    PageFailure.objects.update(url=f"https://hoshi.example.org/{'x' * 900}")
    body = moderator.get("providers_pagefailure_changelist").content.decode()
    assert "page of a title" in body
    assert "https://hoshi.example.org/xxx" in body
    assert "x" * 100 not in body


def test_a_kept_page_is_text_and_read_again(moderator: Staff, provider: Provider) -> None:
    answer = moderator.get("providers_pagefailure_change", PageFailure.objects.get().pk)
    body = answer.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert(1)" not in body
    assert "<img src=x" not in body
    assert addresses_elsewhere(answer) == []
    assert moderator.get("providers_pagefailure_change", 999_999).status_code == 404
