"""The event log: gap-free numbers, replay, retention, atomicity."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from core.models import RealtimeEvent, RealtimeSequence
from core.realtime import events_after, latest_seq, realtime_publish, realtime_trim
from core.realtime import services as realtime


def _user(name: str = "aki"):
    return get_user_model().objects.create(username=name, email=f"{name}@example.org")


@pytest.mark.django_db
class TestEventLog:
    def test_numbers_count_from_one_per_user(self) -> None:
        aki, ren = _user("aki"), _user("ren")
        assert realtime_publish(user_ids=[aki.id, ren.id], type="a", payload={}) == {aki.id: 1, ren.id: 1}
        assert realtime_publish(user_ids=[aki.id], type="b", payload={"x": 1}) == {aki.id: 2}
        assert (latest_seq(aki.id), latest_seq(ren.id)) == (2, 1)

    def test_replay_is_in_order_and_says_when_it_is_complete(self) -> None:
        aki = _user()
        for number in range(5):
            realtime_publish(user_ids=[aki.id], type="n", payload={"n": number})
        replay = events_after(aki.id, 2)
        assert [event.seq for event in replay.events] == [3, 4, 5]
        assert replay.is_complete
        assert events_after(aki.id, 5).is_complete
        assert not events_after(aki.id, 9).is_complete
        RealtimeEvent.objects.filter(seq__lte=3).delete()
        assert not events_after(aki.id, 2).is_complete

    def test_a_rolled_back_change_leaves_no_event_and_no_gap(self) -> None:
        aki = _user()
        with transaction.atomic():
            realtime_publish(user_ids=[aki.id], type="lost", payload={})
            transaction.set_rollback(True)
        assert realtime_publish(user_ids=[aki.id], type="kept", payload={}) == {aki.id: 1}

    def test_retention(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(realtime, "KEEP_PER_USER", 3)
        aki = _user()
        for _ in range(6):
            realtime_publish(user_ids=[aki.id], type="n", payload={})
        RealtimeEvent.objects.filter(seq=4).update(created_at=timezone.now() - timedelta(hours=25))
        assert realtime_trim() == 4
        assert list(RealtimeEvent.objects.values_list("seq", flat=True).order_by("seq")) == [5, 6]

    def test_a_hint_goes_out_on_commit_only(
        self, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
    ) -> None:
        hints: list = []
        monkeypatch.setattr(realtime, "_hint", hints.extend)
        aki = _user()
        with django_capture_on_commit_callbacks(execute=True):
            realtime_publish(user_ids=[aki.id], type="n", payload={})
            assert hints == []
        assert hints == [(aki.id, 1)]


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        realtime_publish(user_ids=[_user().id], type="n", payload={})


@pytest.mark.django_db(transaction=True)
def test_parallel_publishers_leave_no_gap() -> None:
    aki, ren = _user("aki"), _user("ren")
    errors: list[Exception] = []

    def publish(order: list) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    realtime_publish(user_ids=order, type="n", payload={})
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    people = [aki.id, ren.id]
    threads = [threading.Thread(target=publish, args=(people[:: 1 if n % 2 else -1],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for user in (aki, ren):
        numbers = list(RealtimeEvent.objects.filter(user=user).order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, 41))
        assert RealtimeSequence.objects.get(user=user).value == 40
