"""Typed events: inside the transaction, all or nothing."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from core import events
from core.models import Job


@dataclass(frozen=True)
class SomethingHappened:
    number: int


@dataclass
class Changeable:
    number: int


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(events, "_subscribers", {})
    return []


def test_only_frozen_dataclasses_are_events(heard: list[int]) -> None:
    with pytest.raises(TypeError):
        events.subscribe(Changeable)


@pytest.mark.django_db(transaction=True)
def test_subscribers_hear_once_and_only_inside_a_transaction(heard: list[int]) -> None:
    def listen(event: SomethingHappened) -> None:
        heard.append(event.number)

    events.subscribe(SomethingHappened)(listen)
    events.subscribe(SomethingHappened)(listen)
    with transaction.atomic():
        events.emit(SomethingHappened(7))
    assert heard == [7]
    with pytest.raises(RuntimeError):
        events.emit(SomethingHappened(8))


@pytest.mark.django_db(transaction=True)
def test_a_failing_subscriber_undoes_the_change(heard: list[int]) -> None:
    @events.subscribe(SomethingHappened)
    def refuse(event: SomethingHappened) -> None:
        raise ValueError("no")

    @transaction.atomic
    def change() -> None:
        Job.objects.create(kind="x")
        events.emit(SomethingHappened(1))

    with pytest.raises(ValueError, match="no"):
        change()
    assert Job.objects.count() == 0
