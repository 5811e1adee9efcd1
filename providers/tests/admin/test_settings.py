"""Rows of providers in the admin: which address, adapter and name one may have."""

from typing import Any

import pytest

from core.errors import ValidationFailed
from providers.fetching.asking import ask_of
from providers.models import Provider, ProviderRole
from providers.services.provider_settings import provider_update
from providers.tests.admin.staff import Staff
from providers.tests.factories import ProviderFactory

ADD, LIST = "providers_provider_add", "providers_provider_changelist"
FORM = {
    "label": "Hoshi",
    "name": "hoshi",
    "adapter": "feed",
    "base_url": "https://hoshi.example.org/rss?c=1_2&f=0",
    "interval_seconds": "1",
    "timeout_seconds": "20",
    "refresh_minutes": "30",
    "variant_kind": "sub",
    "variant_language": "en",
    "position": "0",
    "options": "{}",
}


@pytest.mark.parametrize("url", ["https://hoshi.example.org/rss?c=1_2&f=0", "https://hoshi.example.org/feed/"])
def test_a_feed_is_a_page_with_all_of_its_address(db: None, url: str) -> None:
    feed = provider_update(provider=ProviderFactory(base_url=url))
    assert feed.base_url == url
    assert ask_of(feed)._joined("") == url


@pytest.mark.parametrize(
    ("adapter", "url"),
    [
        ("animasu", "https://hoshi.example.org/?page=2"),
        ("feed", "https://hoshi.example.org/rss#top"),
        ("feed", "https://me:secret@hoshi.example.org/rss"),
        ("feed", "https://:secret@hoshi.example.org/rss"),
        ("feed", "https://[hoshi"),
    ],
)
def test_other_queries_fragments_and_passwords_are_refused(db: None, adapter: str, url: str) -> None:
    provider = ProviderFactory(name="hoshi", adapter=adapter)
    provider.base_url = url
    with pytest.raises(ValidationFailed) as refused:
        provider_update(provider=provider)
    assert set(refused.value.extra["fields"]) == {"base_url"}
    provider.refresh_from_db()
    assert provider.base_url == "https://hoshi.example.org"


def test_a_second_feed_is_added_by_the_form(admin: Staff) -> None:
    choices = dict(admin.get(ADD).context["adminform"].form.fields["adapter"].choices)
    assert {"feed", "animasu"} <= set(choices)
    assert "jikan" not in choices
    assert admin.post(ADD, **FORM).status_code == 302
    row = Provider.objects.get(name="hoshi")
    assert (row.role, row.base_url, row.is_enabled) == (ProviderRole.TITLES, FORM["base_url"], False)


@pytest.mark.parametrize("adapter", ["jikan", "nobody"])
def test_a_new_row_reads_titles(admin: Staff, adapter: str) -> None:
    assert admin.post(ADD, **{**FORM, "adapter": adapter, "base_url": ""}).status_code == 200
    with pytest.raises(ValidationFailed) as refused:
        provider_update(provider=Provider(name="hoshi", label="Hoshi", adapter=adapter), is_new=True)
    assert set(refused.value.extra["fields"]) == {"adapter"}
    assert not Provider.objects.filter(name="hoshi").exists()


@pytest.mark.parametrize("name", ["staff", "Staff", "jikan", "bangumi-data", "stub", "anilist"])
def test_no_row_is_named_like_a_source_that_has_a_rank(admin: Staff, name: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        provider_update(provider=Provider(name=name, label="Hoshi", adapter="feed"), is_new=True)
    assert set(refused.value.extra["fields"]) == {"name"}
    admin.post(ADD, **{**FORM, "name": name})
    assert not Provider.objects.filter(adapter="feed", name=name).exists()


def test_clients_keep_their_own_names(admin: Staff) -> None:
    admin.get(LIST)
    jikan = Provider.objects.get(name="jikan")
    assert provider_update(provider=jikan).role == ProviderRole.METADATA


def test_only_what_can_be_tried_has_the_link(admin: Staff) -> None:
    body = admin.get(LIST).content.decode()
    rows: dict[str, Any] = {row.name: row for row in Provider.objects.all()}
    assert f"/provider/{rows['animasu'].pk}/trial/" in body
    assert f"/provider/{rows['jikan'].pk}/trial/" not in body
