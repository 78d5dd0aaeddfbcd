"""A stage asks for values: the page asks for them and then moves, programs are told which to send."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from piste.accounts.models import Company, User
from piste.api.keys import create_key
from piste.core.models import Operation
from piste.core.undo import undo
from piste.pipeline.models import Opportunity, Stage
from piste.pipeline.models.lists import Gate
from tests.conftest import NOON, Stages
from tests.factories import deal

PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def gate(stages: Stages, db: None) -> Stage:
    """A stage that asks for a revenue and a day."""
    Company.objects.create(pk=Company.ONLY, name="Atelier Breizh")
    stages.proposition.required_fields = [Gate.REVENUE, Gate.CLOSING]
    stages.proposition.save()
    return stages.proposition


@pytest.fixture
def page(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


def move(page: Client, moved: Opportunity, gate: Stage, **more: Any) -> HttpResponse:
    return page.post(f"/opportunities/{moved.pk}/move/", {"lane": gate.pk, **more}, **PART)  # type: ignore[return-value,arg-type]


ANSWERS = {
    "asked": ["expected_revenue", "expected_close"],
    "expected_revenue": "12,400",
    "expected_close": "2026-04-30",
}


def test_asks_for_what_is_missing(page: Client, gate: Stage, anna: User, stages: Stages) -> None:
    moved = deal(owner=anna, expected_close=date(2026, 4, 1))

    answer = move(page, moved, gate)

    text = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#dialog")
    assert "“Proposition” asks for: expected revenue." in text
    assert 'name="expected_revenue"' in text
    assert 'name="expected_close"' not in text
    assert f'name="lane" value="{gate.pk}"' in text
    moved.refresh_from_db()
    assert moved.stage == stages.new
    assert not Operation.objects.exists()


def test_writes_the_answers_and_moves_as_one(page: Client, gate: Stage, anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)

    answer = move(page, moved, gate, **ANSWERS)

    moved.refresh_from_db()
    assert (moved.stage, moved.expected_revenue) == (gate, Decimal(12400))
    assert "close-dialog" in json.loads(answer.headers["HX-Trigger"])
    undo(Operation.objects.get(), by=anna, at=NOON)
    moved.refresh_from_db()
    assert (moved.stage, moved.expected_revenue, moved.expected_close) == (stages.new, 0, None)


@pytest.mark.parametrize("wrong", ["", "0", "plenty"])
def test_asks_again_for_what_does_not_hold(page: Client, gate: Stage, anna: User, wrong: str) -> None:
    moved = deal(owner=anna)

    answer = move(page, moved, gate, **ANSWERS | {"expected_revenue": wrong})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="expected_revenue"' in text
    assert 'value="30' in text or "2026-04-30" in text
    moved.refresh_from_db()
    assert (moved.stage_id != gate.pk, moved.expected_close) == (True, None)


def test_fills_in_nothing_else(page: Client, gate: Stage, anna: User) -> None:
    moved = deal("Site vitrine", owner=anna)

    move(page, moved, gate, **ANSWERS | {"asked": [*ANSWERS["asked"], "name"], "name": "Autre"})

    moved.refresh_from_db()
    assert (moved.name, moved.stage) == ("Site vitrine", gate)


def test_asks_before_a_win(page: Client, stages: Stages, gate: Stage, anna: User) -> None:
    stages.won.required_fields = [Gate.EMAIL]
    stages.won.save()
    moved = deal(owner=anna)
    address = f"/opportunities/{moved.pk}/do/win/"

    asked = page.post(address, **PART)  # type: ignore[arg-type]
    page.post(address, {"asked": "email", "email": "achats@armor.example"}, **PART)  # type: ignore[arg-type]

    assert 'name="email"' in asked.content.decode()
    moved.refresh_from_db()
    assert (moved.status, moved.email) == ("won", "achats@armor.example")


def test_asks_when_the_stage_is_edited_in_place(page: Client, gate: Stage, anna: User) -> None:
    moved = deal(owner=anna)

    answer = page.post(f"/opportunities/{moved.pk}/cell/stage/", {"stage": gate.pk}, **PART)  # type: ignore[arg-type]

    text = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#dialog"
    assert f'action="/opportunities/{moved.pk}/move/"' in text
    assert 'name="expected_revenue"' in text


def test_says_it_at_the_fields_of_the_whole_form(page: Client, gate: Stage, anna: User) -> None:
    moved = deal(owner=anna)

    answer = page.post(
        f"/opportunities/{moved.pk}/edit/", {"name": "Site", "stage": gate.pk, "owner": anna.pk}
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count("“Proposition” asks for") == 2
    assert 'id="id_expected_revenue_error"' in text


def test_names_the_deal_among_many(page: Client, gate: Stage, anna: User) -> None:
    whole = deal(owner=anna, expected_revenue=10, expected_close=date(2026, 4, 1))
    bare = deal("Sans montant", owner=anna)

    answer = page.post(f"/opportunities/do/move/?id={whole.pk}&id={bare.pk}", {"stage": gate.pk}, **PART)  # type: ignore[arg-type]

    assert "“Sans montant”: “Proposition” asks for" in answer.content.decode()
    whole.refresh_from_db()
    assert whole.stage_id != gate.pk


def test_does_not_ask_about_what_is_not_yours(page: Client, gate: Stage, cora: User) -> None:
    moved = deal(owner=cora)

    answer = move(page, moved, gate, **ANSWERS)

    assert answer.status_code == 404
    moved.refresh_from_db()
    assert moved.expected_revenue == 0


def call(client: Client, user: User, moved: Opportunity, body: dict[str, Any]) -> HttpResponse:
    secret = create_key(user=user, scope="write", name="test")
    return client.post(  # type: ignore[return-value]
        f"/api/v1/opportunities/{moved.pk}/move",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )


def test_names_the_fields_to_programs(client: Client, gate: Stage, anna: User) -> None:
    moved = deal(owner=anna)

    answer = call(client, anna, moved, {"stage": gate.pk})

    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == ["expected_revenue", "expected_close"]  # type: ignore[attr-defined]


def test_takes_the_fields_with_the_move(client: Client, gate: Stage, anna: User) -> None:
    moved = deal(owner=anna)
    body = {"stage": gate.pk, "expected_revenue": "12400.50", "expected_close": "2026-04-30"}

    answer = call(client, anna, moved, body)

    moved.refresh_from_db()
    assert (answer.status_code, moved.stage, moved.expected_revenue) == (200, gate, Decimal("12400.50"))
    assert Operation.objects.count() == 1
