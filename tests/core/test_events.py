"""Facts and those who react to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from piste.accounts.models import Team
from piste.core import events
from piste.core.events import Event, after, on, publish
from tests.factories import team


@dataclass(frozen=True, slots=True)
class BellRung(Event):
    times: int


@dataclass(frozen=True, slots=True)
class DoorOpened(Event):
    pass


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("_now", "_later"):
        monkeypatch.setattr(events, name, type(getattr(events, name))(list))
    yield


def test_reach_every_listener_in_order() -> None:
    heard: list[str] = []
    on(BellRung)(lambda event: heard.append(f"first {event.times}"))
    on(BellRung)(lambda event: heard.append(f"second {event.times}"))

    publish(BellRung(times=2))

    assert heard == ["first 2", "second 2"]


def test_reach_nobody_else() -> None:
    heard: list[Event] = []
    on(DoorOpened)(heard.append)

    publish(BellRung(times=1))

    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_undo_the_change_when_a_listener_refuses() -> None:
    @on(BellRung)
    def refuse(event: BellRung) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        team("Nord")
        publish(BellRung(times=1))

    assert not Team.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_are_heard_after_the_commit() -> None:
    heard: list[bool] = []
    after(BellRung)(lambda event: heard.append(transaction.get_connection().in_atomic_block))

    with transaction.atomic():
        publish(BellRung(times=1))
        assert heard == []

    assert heard == [False]


@pytest.mark.django_db(transaction=True)
def test_never_happened_when_undone() -> None:
    heard: list[Event] = []
    after(BellRung)(heard.append)

    with pytest.raises(RuntimeError), transaction.atomic():
        publish(BellRung(times=1))
        raise RuntimeError

    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_reach_the_others_when_one_fails_after_the_commit() -> None:
    heard: list[Event] = []

    @after(BellRung)
    def fail(event: BellRung) -> None:
        raise RuntimeError

    after(BellRung)(heard.append)

    with transaction.atomic():
        publish(BellRung(times=1))

    assert heard == [BellRung(times=1)]
