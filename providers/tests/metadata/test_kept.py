"""An answer is kept for a day, confirmed where nothing changed, and given as stale when its service cannot be asked."""

import gzip
from collections.abc import Callable

import pytest
from django.utils import timezone

from core.egress import EgressBadAnswer, EgressError, EgressUnavailable
from providers.errors import ProviderDisabled
from providers.metadata import asking
from providers.metadata.clients import client_of
from providers.models import HostHour, MetadataSnapshot, PageFailure, Provider
from providers.tests.standin import StandIn

Aged = Callable[[float], int]
ALL = pytest.mark.parametrize(
    ("name", "external_id"), [("jikan", "101"), ("anilist", "100101"), ("kitsu", "40101"), ("shikimori", "101")]
)
BAD_ANSWERS = pytest.mark.parametrize("fault", ["cut", "cut_json", "garbage", "wrong_id"])
HOSTILE_IDS = (
    *("", "0", "-1", "007", "../1", "1/full", "1?x=", "1#", "1%2e", "101\n", " 101", "一", "٣", "9" * 12, "4294967296"),
    *("mal:", "mal:mal:1", "1e3", "1.0", "null", "\x00", "101/episodes"),
)
OUTAGES = pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("down", "egress_unavailable"),
        ("error", "egress_unavailable"),
        ("storm", "egress_rate_limited"),
        ("garbage", "egress_bad_answer"),
    ],
)


@ALL
def test_an_answer_is_asked_for_once_a_day(stand_in: StandIn, aged: Aged, name: str, external_id: str) -> None:
    first = client_of(name).anime(external_id)
    again = client_of(name).anime(external_id)

    assert len(stand_in.log) == 1
    assert first.record is not None
    assert first.record.fields["title"] == "Hoshi no Niwa"
    assert (again.payload, again.is_stale, again.error_code) == (first.payload, False, "")
    aged(23.9)
    client_of(name).anime(external_id)
    assert len(stand_in.log) == 1
    aged(0.2)
    client_of(name).anime(external_id)
    assert len(stand_in.log) == 2


@ALL
def test_a_caller_who_wants_it_fresh_gets_it_fresh(stand_in: StandIn, name: str, external_id: str) -> None:
    client_of(name).anime(external_id)
    client_of(name).anime(external_id, is_fresh=True)

    assert len(stand_in.log) == 2


def test_what_has_not_changed_is_confirmed_not_sent(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("101")
    aged(30)
    before = MetadataSnapshot.objects.get()
    confirmed = client_of("jikan").anime("101")

    row = MetadataSnapshot.objects.get()
    assert [asked.status for asked in stand_in.log] == [200, 304]
    assert (row.fetched_at, row.payload) == (before.fetched_at, before.payload)
    assert row.checked_at > before.checked_at
    assert confirmed.age_seconds(timezone.now()) < 60
    client_of("jikan").anime("101")
    assert len(stand_in.log) == 2


def test_what_has_changed_replaces_what_was_kept(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("101")
    stand_in.records.change(101, score=9.1)
    aged(30)
    changed = client_of("jikan").anime("101")

    assert [asked.status for asked in stand_in.log] == [200, 200]
    assert changed.record is not None
    assert changed.record.fields["score"] == 91.0
    assert MetadataSnapshot.objects.get().payload["score"] == 9.1


@ALL
def test_an_unknown_id_is_kept_as_unknown(stand_in: StandIn, aged: Aged, name: str, external_id: str) -> None:
    unknown = client_of(name).anime("987654")
    client_of(name).anime("987654")

    assert (unknown.record, unknown.payload, unknown.is_stale) == (None, {}, False)
    assert MetadataSnapshot.objects.get(source=name).is_missing
    assert len(stand_in.log) == 1
    aged(25)
    client_of(name).anime("987654")
    assert len(stand_in.log) == 2


def test_an_id_that_appears_later_is_known_a_day_later(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("555")
    stand_in.records.change(555, title="Yoru no Tegami")
    aged(25)
    found = client_of("jikan").anime("555")

    assert found.record is not None
    assert found.record.fields["title"] == "Yoru no Tegami"
    assert not MetadataSnapshot.objects.get().is_missing


@ALL
@OUTAGES
def test_an_outage_gives_what_is_kept_with_its_age(
    stand_in: StandIn, aged: Aged, name: str, external_id: str, fault: str, code: str
) -> None:
    kept = client_of(name).anime(external_id)
    aged(48)
    stand_in.fault(fault, retry_after=60)
    stale = client_of(name).anime(external_id)

    assert (stale.is_stale, stale.error_code) == (True, code)
    assert (stale.record, stale.payload) == (kept.record, kept.payload)
    assert 48 * 3600 <= stale.age_seconds(timezone.now()) < 48 * 3600 + 60
    row = MetadataSnapshot.objects.get(source=name)
    assert row.error_code == code
    assert row.failed_at is not None


@ALL
@OUTAGES
def test_an_outage_with_nothing_kept_is_an_error(
    stand_in: StandIn, name: str, external_id: str, fault: str, code: str
) -> None:
    stand_in.fault(fault)
    with pytest.raises(EgressError) as caught:
        client_of(name).anime(external_id)

    assert caught.value.code == code
    assert not MetadataSnapshot.objects.exists()


def test_a_service_that_came_back_is_forgiven(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("101")
    aged(25)
    stand_in.fault("error", times=1)
    assert client_of("jikan").anime("101").is_stale
    healed = client_of("jikan").anime("101")

    assert (healed.is_stale, healed.error_code) == (False, "")
    row = MetadataSnapshot.objects.get()
    assert (row.error_code, row.failed_at) == ("", None)


def test_a_fresh_answer_that_could_not_be_renewed_is_not_called_stale(stand_in: StandIn) -> None:
    client_of("jikan").anime("101")
    stand_in.fault("error")
    given = client_of("jikan").anime("101", is_fresh=True)

    assert (given.is_stale, given.error_code) == (False, "egress_unavailable")


def test_an_open_breaker_asks_nobody(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("101")
    aged(25)
    stand_in.fault("error")
    for _try in range(9):
        assert client_of("jikan").anime("101").error_code == "egress_unavailable"

    assert len(stand_in.log) == 1 + 5


@pytest.mark.parametrize(
    ("fault", "code"),
    [("slow", "egress_timeout"), ("drip", "egress_timeout"), ("endless", "egress_too_large")],
)
def test_an_answer_that_never_ends_is_not_waited_for(
    stand_in: StandIn, aged: Aged, monkeypatch: pytest.MonkeyPatch, fault: str, code: str
) -> None:
    client_of("jikan").anime("101")
    aged(25)
    Provider.objects.filter(name="jikan").update(timeout_seconds=0.2 if code == "egress_timeout" else 5)
    monkeypatch.setattr(asking, "MAX_BYTES", 300_000)
    stand_in.fault(fault, seconds=0.5)
    stale = client_of("jikan").anime("101")

    assert (stale.is_stale, stale.error_code) == (True, code)
    assert MetadataSnapshot.objects.get().payload["mal_id"] == 101


@ALL
@BAD_ANSWERS
def test_half_an_answer_is_never_kept(stand_in: StandIn, name: str, external_id: str, fault: str) -> None:
    stand_in.fault(fault)
    with pytest.raises(EgressBadAnswer):
        client_of(name).anime(external_id)

    assert not MetadataSnapshot.objects.exists()


def test_an_answer_that_makes_no_sense_is_kept_for_people(stand_in: StandIn) -> None:
    stand_in.fault("wrong_id")
    with pytest.raises(EgressBadAnswer):
        client_of("jikan").anime("101")

    page = PageFailure.objects.get()
    assert (page.question, page.error_code) == ("anime", "egress_bad_answer")
    assert page.url.endswith("/v4/anime/101/full")
    assert b'"mal_id":108' in gzip.decompress(bytes(page.body))


@ALL
@BAD_ANSWERS
def test_half_an_answer_does_not_harm_the_one_before(
    stand_in: StandIn, aged: Aged, name: str, external_id: str, fault: str
) -> None:
    client_of(name).anime(external_id)
    aged(25)
    before = MetadataSnapshot.objects.get()
    stand_in.records.change(101, score=1.5)
    stand_in.fault(fault)
    stale = client_of(name).anime(external_id)

    assert stale.is_stale
    assert stale.record is not None
    after = MetadataSnapshot.objects.get()
    assert (after.payload, after.etag, after.checked_at) == (before.payload, before.etag, before.checked_at)


@pytest.mark.parametrize("status", [301, 400, 403, 405])
def test_an_answer_of_another_kind_is_an_outage(stand_in: StandIn, status: int) -> None:
    stand_in.fault("error", status=status)
    with pytest.raises(EgressUnavailable) as caught:
        client_of("jikan").anime("101")

    assert caught.value.upstream_status == status
    assert not MetadataSnapshot.objects.exists()


@ALL
def test_what_can_be_no_id_is_not_asked(stand_in: StandIn, name: str, external_id: str) -> None:
    for hostile in HOSTILE_IDS:
        answer = client_of(name).anime(hostile)
        assert (hostile, answer.record, answer.payload) == (hostile, None, {})

    assert stand_in.paths() == []
    assert not MetadataSnapshot.objects.exists()


def test_a_service_that_is_off_is_not_asked(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("101")
    aged(25)
    Provider.objects.filter(name="jikan").update(is_enabled=False)
    kept = client_of("jikan").anime("101")
    with pytest.raises(ProviderDisabled):
        client_of("jikan").anime("102")
    with pytest.raises(ProviderDisabled):
        client_of("jikan").search("Hoshi")

    assert (kept.is_stale, kept.error_code) == (True, "provider_disabled")
    assert kept.record is not None
    assert len(stand_in.log) == 1


def test_characters_that_no_database_takes_are_left_out(stand_in: StandIn) -> None:
    stand_in.records.change(101, title="Hoshi\x00 no Niwa", extra={"a\x00b": ["\x00"]})
    client_of("jikan").anime("101")

    payload = MetadataSnapshot.objects.get().payload
    assert (payload["title"], payload["extra"]) == ("Hoshi no Niwa", {"ab": [""]})


def test_what_hosts_do_is_counted(stand_in: StandIn, aged: Aged) -> None:
    client_of("jikan").anime("101")
    aged(25)
    client_of("jikan").anime("101")
    for fault in ("error", "garbage", "storm"):
        stand_in.fault(fault, path="*/102/*", times=1)
        with pytest.raises(EgressError):
            client_of("jikan").anime("102")

    hour = HostHour.objects.get(provider__name="jikan")
    assert hour.host == stand_in.address.removeprefix("http://")
    assert (hour.requests, hour.unchanged, hour.failures, hour.unread, hour.paced) == (4, 1, 1, 1, 1)


def test_keeping_and_reading_takes_few_queries(
    stand_in: StandIn, aged: Aged, django_assert_num_queries: Callable[[int], object]
) -> None:
    with django_assert_num_queries(4):  # kept? its row, count, keep
        client_of("jikan").anime("101")
    with django_assert_num_queries(1):
        client_of("jikan").anime("101")
    aged(25)
    with django_assert_num_queries(4):
        client_of("jikan").anime("101")
