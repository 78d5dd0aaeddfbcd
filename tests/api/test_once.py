"""A write that names itself with an Idempotency-Key is done once, however often it is sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from piste.accounts.models import User
from piste.api.models import KeptAnswer
from piste.api.tasks import forget_answers
from piste.core.models import Operation
from piste.pipeline.models import Opportunity, Stage
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told

SITE = {"name": "Site vitrine"}


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    return program(max_)


def test_answers_the_same_again(asking: Program) -> None:
    first = asking.post("/opportunities", SITE, Idempotency_Key="a")
    second = asking.post("/opportunities", SITE, Idempotency_Key="a")

    assert told(first, 201) == told(second, 201)
    for name in ("Location", "X-Undo", "Content-Type", "Content-Language"):
        assert first.headers[name] == second.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Opportunity.objects.count() == 1


def test_without_a_key_does_it_again(asking: Program) -> None:
    for _time in range(2):
        told(asking.post("/opportunities", SITE), 201)

    assert Opportunity.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_covers_every_kind_of_write(asking: Program) -> None:
    deal = factories.deal()
    path = f"/opportunities/{deal.pk}"
    writes: list[tuple[str, str, Any]] = [
        ("PATCH", path, {"priority": 1}),
        ("POST", f"{path}/win", None),
        ("POST", "/opportunities/archive", {"ids": [deal.pk]}),
        ("DELETE", path, None),
    ]

    for number, (method, at, body) in enumerate(writes):
        first, second = (asking.send(method, at, body, Idempotency_Key=str(number)) for _time in range(2))
        assert told(first) == told(second)
        undo = f"/operations/{told(first)['operation']}/undo"
        again = [told(asking.post(undo, Idempotency_Key=f"undo {number}")) for _time in range(2)]
        assert again[0] == again[1]
    assert Operation.objects.count() == 2 * len(writes)


def test_refuses_another_request_under_the_same_key(asking: Program) -> None:
    told(asking.post("/opportunities", SITE, Idempotency_Key="a"), 201)

    for answer in (
        asking.post("/opportunities", {"name": "Autre"}, Idempotency_Key="a"),
        asking.post("/customers", SITE, Idempotency_Key="a"),
        asking.post("/opportunities?x=1", SITE, Idempotency_Key="a"),
    ):
        problem(answer, 422, "idempotency-key-reused")
    assert Opportunity.objects.count() == 1


def test_keys_are_ones_own(asking: Program, program: Programs, anna: User) -> None:
    told(asking.post("/opportunities", SITE, Idempotency_Key="a"), 201)
    told(program(anna).post("/opportunities", {"name": "Autre"}, Idempotency_Key="a"), 201)

    assert Opportunity.objects.count() == 2


def test_keeps_refusals_too(asking: Program) -> None:
    deal = factories.deal()
    told(asking.post(f"/opportunities/{deal.pk}/win"))

    first = problem(asking.post(f"/opportunities/{deal.pk}/win", Idempotency_Key="a"), 409, "refused")
    told(asking.post(f"/opportunities/{deal.pk}/reopen"))

    assert problem(asking.post(f"/opportunities/{deal.pk}/win", Idempotency_Key="a"), 409, "refused") == first
    problem(asking.post("/opportunities", {}, Idempotency_Key="b"), 422, "invalid")
    problem(asking.post("/opportunities", {}, Idempotency_Key="b"), 422, "invalid")


def test_keeps_nothing_of_a_mistake(asking: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("piste.api.writing.told", broken)
        problem(asking.post("/opportunities", SITE, Idempotency_Key="a"), 500, "failed")
    assert not Opportunity.objects.exists()
    assert not KeptAnswer.objects.exists()

    told(asking.post("/opportunities", SITE, Idempotency_Key="a"), 201)


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_keys_are_plain_and_short(key: str, asking: Program) -> None:
    problem(asking.post("/opportunities", SITE, Idempotency_Key=key), 400, "bad-request")

    assert not Opportunity.objects.exists()


def test_forgets_after_a_day(asking: Program) -> None:
    told(asking.post("/opportunities", SITE, Idempotency_Key="a"), 201)

    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        told(asking.post("/opportunities", SITE, Idempotency_Key="a"), 201)
        assert Opportunity.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        told(asking.post("/opportunities", {"name": "Autre"}, Idempotency_Key="a"), 201)
    assert Opportunity.objects.count() == 2


def test_the_worker_throws_old_answers_away(asking: Program) -> None:
    told(asking.post("/opportunities", SITE, Idempotency_Key="a"), 201)

    forget_answers(0)
    assert KeptAnswer.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        forget_answers(0)
    assert not KeptAnswer.objects.exists()


class Sender(threading.Thread):
    """Sends a request from a thread of its own."""

    def __init__(self, send: Callable[[], HttpResponse]) -> None:
        super().__init__()
        self.send = send
        self.answer: HttpResponse | None = None

    def run(self) -> None:
        try:
            self.answer = self.send()
        finally:
            connection.close()


@contextmanager
def held(stage: Stage) -> Iterator[None]:
    """Keep the stage from everybody, so that whoever makes a deal waits in the middle of it."""
    with transaction.atomic():
        Stage.objects.select_for_update().get(pk=stage.pk)
        yield


def until(condition: Callable[[], bool]) -> None:
    for _try in range(200):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def waiting(count: int) -> bool:
    """Whether so many connections wait for a lock."""
    with connection.cursor() as cursor:
        # Within a transaction the view shows what it showed first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0] == count)


def under_way(sends: list[Callable[[], HttpResponse]]) -> list[Sender]:
    """Requests sent one after the other, each once the one before waits for a lock."""
    senders = [Sender(send) for send in sends]
    for number, sender in enumerate(senders, 1):
        sender.start()
        until(partial(waiting, number))
    return senders


def answers_of(senders: list[Sender]) -> list[HttpResponse]:
    for sender in senders:
        sender.join()
    return [sender.answer for sender in senders if sender.answer is not None]


def sent_by_two(program: Programs, owner: User, bodies: list[Any], stage: Stage) -> list[HttpResponse]:
    """The answers to two requests under one key that are under way at the same time."""
    one = program(owner)
    sends = [partial(one.post, "/opportunities", body, Idempotency_Key="a") for body in bodies]
    with held(stage):
        senders = under_way(sends)
    return answers_of(senders)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_does_it_and_both_hear_of_it(
    program: Programs, max_: User, stages: Stages
) -> None:
    answers = sent_by_two(program, max_, [SITE, SITE], stages.new)

    first, second = (told(answer, 201) for answer in answers)
    assert first == second
    assert ["Idempotency-Replayed" in answer.headers for answer in answers] == [False, True]
    assert Opportunity.objects.count() == 1
    assert Operation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_other_body_is_refused(program: Programs, max_: User, stages: Stages) -> None:
    first, second = sent_by_two(program, max_, [SITE, {"name": "Autre"}], stages.new)

    assert told(first, 201)["name"] == "Site vitrine"
    problem(second, 422, "idempotency-key-reused")
    assert Opportunity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_does_not_wait_for_ever(
    program: Programs, max_: User, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("piste.api.once.PATIENCE", "200ms")
    asking = program(max_)
    first = Sender(lambda: asking.post("/opportunities", SITE, Idempotency_Key="a"))
    with held(stages.new):
        first.start()
        until(lambda: waiting(1))
        second = Sender(lambda: program(max_).post("/opportunities", SITE, Idempotency_Key="a"))
        second.start()
        second.join()

    first.join()
    assert second.answer is not None
    problem(second.answer, 409, "conflict")
    assert second.answer.headers["Retry-After"]
    assert first.answer is not None
    assert json.loads(first.answer.content)["name"] == "Site vitrine"


def changed_by_two(program: Programs, owner: User, deal: Opportunity, bodies: list[Any]) -> list[int]:
    """The statuses of two changes that reach the deal one after the other, both having begun before."""
    one = program(owner)
    sends = [partial(one.patch, f"/opportunities/{deal.pk}", body) for body in bodies]
    with transaction.atomic():
        Opportunity.objects.select_for_update().get(pk=deal.pk)
        senders = under_way(sends)
    return [answer.status_code for answer in answers_of(senders)]


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_different_fields_both_stay(program: Programs, max_: User, stages: Stages) -> None:
    deal = factories.deal()

    assert changed_by_two(program, max_, deal, [{"city": "Brest"}, {"priority": 3}]) == [200, 200]

    deal.refresh_from_db()
    assert (deal.city, deal.priority) == ("Brest", 3)


@pytest.mark.django_db(transaction=True)
def test_two_changes_that_do_not_go_together_do_not_both_stay(
    program: Programs, max_: User, stages: Stages
) -> None:
    deal = factories.deal(recurring_plan=factories.recurring_plan())

    statuses = changed_by_two(program, max_, deal, [{"recurring_plan": None}, {"recurring_revenue": 10}])

    assert statuses == [200, 422]
    deal.refresh_from_db()
    assert deal.recurring_revenue == 0
