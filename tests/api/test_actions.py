"""Every action of a screen, on one record and on many."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from piste.accounts.models import User
from piste.api.resources import resources
from piste.pipeline.models import Deal, Opportunity
from piste.ui.acting import BULK_LIMIT
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told

ACTIONS = [(resource, action) for resource in resources() for action in resource.screen.actions]
MANY = [(resource, action) for resource, action in ACTIONS if action.bulk]
every_action = pytest.mark.parametrize(
    ("resource", "action"), ACTIONS, ids=[f"{r.slug}-{a.name}" for r, a in ACTIONS]
)

every_bulk_action = pytest.mark.parametrize(
    ("resource", "action"), MANY, ids=[f"{r.slug}-{a.name}" for r, a in MANY]
)


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    return program(max_)


@pytest.fixture
def bodies(stages: Stages, anna: User) -> dict[str, dict[str, Any]]:
    """What each action is asked for."""
    return {
        "lose": {"reason": factories.lost_reason("Prix").pk, "note": "Trop cher", "revive_on": "2026-09-01"},
        "move": {"stage": stages.proposition.pk},
        "assign": {"owner": anna.pk},
        "tag": {"tags": [factories.tag("Web").pk]},
    }


def ready_for(asking: Program, slug: str, action: str) -> int:
    """A record in a state in which the action does something."""
    pk = told(asking.post(f"/{slug}", {"name": "Écume"}), 201)["id"]
    before = {"reopen": "lose", "unarchive": "archive"}.get(action)
    if before:
        told(asking.post(f"/{slug}/{pk}/{before}"))
    if action == "automatic":
        Deal.objects.filter(pk=pk).update(probability=33)
    if action == "update-contact":
        customer = told(asking.post("/customers", {"name": "Écume SARL", "email": "old@ecume.example"}), 201)
        told(asking.patch(f"/{slug}/{pk}", {"contact": customer["id"]}))
        told(asking.patch(f"/{slug}/{pk}", {"email": "new@ecume.example"}))
    return int(pk)


def with_customer(asking: Program, record: dict[str, Any]) -> dict[str, Any]:
    """The record, and what its customer is like: an action may change that instead."""
    if not record.get("contact"):
        return record
    customer = told(asking.get(f"/customers/{record['contact']}"))
    return record | {f"customer.{name}": value for name, value in customer.items()}


@every_action
def test_acts_on_one_and_undoes(resource: Any, action: Any, asking: Program, bodies: Any) -> None:
    pk = ready_for(asking, resource.slug, action.name)
    before = with_customer(asking, told(asking.get(f"/{resource.slug}/{pk}")))

    done = told(asking.post(f"/{resource.slug}/{pk}/{action.name}", bodies.get(action.name, {})))
    assert done["id"] == pk
    assert done["message"]
    # What has become another kind of record has other fields.
    now = with_customer(asking, done)
    assert {name for name in before if before[name] != now.get(name)} - {"updated_at"}

    told(asking.post(f"/operations/{done['operation']}/undo"))
    after = with_customer(asking, told(asking.get(f"/{resource.slug}/{pk}")))
    assert {name for name in before if before[name] != after[name]} <= {"updated_at", "customer.updated_at"}


@every_bulk_action
def test_acts_on_many_as_one_operation(resource: Any, action: Any, asking: Program, bodies: Any) -> None:
    ids = [ready_for(asking, resource.slug, action.name) for _each in range(3)]

    done = told(asking.post(f"/{resource.slug}/{action.name}", {"ids": ids, **bodies.get(action.name, {})}))

    assert sorted(done["ids"]) == ids
    undone = told(asking.post(f"/operations/{done['operation']}/undo"))
    assert undone["undone"] == done["operation"]


def test_loses_with_what_the_form_asks(asking: Program, bodies: Any) -> None:
    pk = ready_for(asking, "opportunities", "lose")

    done = told(asking.post(f"/opportunities/{pk}/lose", bodies["lose"]))

    assert done["status"] == "lost"
    assert done["lost_note"] == "Trop cher"
    assert done["revive_on"] == "2026-09-01"
    assert done["names"]["lost_reason"] == "Prix"
    assert Opportunity.objects.get(pk=pk).revive_on == date(2026, 9, 1)


def test_moving_to_a_won_stage_wins(asking: Program, stages: Stages) -> None:
    pk = ready_for(asking, "opportunities", "move")

    assert told(asking.post(f"/opportunities/{pk}/move", {"stage": stages.won.pk}))["status"] == "won"


def test_a_change_of_the_stage_is_a_move(asking: Program, stages: Stages) -> None:
    pk = ready_for(asking, "opportunities", "move")

    assert told(asking.patch(f"/opportunities/{pk}", {"stage": stages.won.pk}))["status"] == "won"


def test_refuses_in_the_wrong_state(asking: Program) -> None:
    pk = ready_for(asking, "opportunities", "reopen")

    found = problem(asking.post(f"/opportunities/{pk}/win"), 409, "refused")

    assert found["detail"] == "“Écume” is already lost."


def test_on_many_refuses_all_when_one_refuses(asking: Program) -> None:
    open_one, lost_one = (ready_for(asking, "opportunities", name) for name in ("win", "reopen"))

    problem(asking.post("/opportunities/win", {"ids": [open_one, lost_one]}), 409, "refused")

    assert told(asking.get(f"/opportunities/{open_one}"))["status"] == "open"


def test_names_the_fields_that_do_not_hold(asking: Program) -> None:
    pk = ready_for(asking, "opportunities", "move")

    for body in ({}, {"stage": None}, {"stage": 10**9}, {"stage": "new"}, {"stage": 1.5}, {"stage": [1]}):
        found = problem(asking.post(f"/opportunities/{pk}/move", body), 422, "invalid")
        assert list(found["errors"]) == ["stage"]


def test_refuses_fields_it_does_not_know(asking: Program) -> None:
    pk = ready_for(asking, "opportunities", "win")

    found = problem(asking.post(f"/opportunities/{pk}/win", {"colour": "red"}), 422, "invalid")

    assert list(found["errors"]) == ["colour"]
    assert told(asking.get(f"/opportunities/{pk}"))["status"] == "open"


@pytest.mark.parametrize("ids", [None, 3, "3", ["3"], [None], [True], [-1], {"1": 2}, [2**63]])
def test_many_need_a_list_of_ids(ids: Any, asking: Program) -> None:
    found = problem(asking.post("/opportunities/win", {"ids": ids}), 422, "invalid")

    assert list(found["errors"]) == ["ids"]


def test_many_are_at_least_one(asking: Program) -> None:
    for ids in ([], [10**9]):
        problem(asking.post("/opportunities/win", {"ids": ids}), 409, "refused")


def test_many_are_not_too_many(asking: Program) -> None:
    problem(asking.post("/opportunities/win", {"ids": list(range(BULK_LIMIT + 1))}), 409, "refused")


def test_unknown_actions_are_nowhere(asking: Program) -> None:
    pk = ready_for(asking, "opportunities", "win")

    problem(asking.post(f"/opportunities/{pk}/explode"), 404, "not-found")
    problem(asking.post("/opportunities/explode", {"ids": [pk]}), 404, "not-found")
