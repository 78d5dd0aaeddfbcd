"""Writes go through the form of the screen: its rules hold, and what is not given stays."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.pipeline.models import Opportunity
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    return program(max_)


def test_fills_in_what_an_empty_form_holds(asking: Program, stages: Stages) -> None:
    made = told(asking.post("/opportunities", {"name": "Site vitrine"}), 201)

    assert (made["owner"], made["stage"], made["priority"]) == (asking.owner.pk, stages.new.pk, 0)
    assert made["expected_revenue"] == "0.00"
    assert told(asking.post("/stages", {"name": "Essai"}), 201)["colour"] == "blue"


def test_leaves_a_deal_to_nobody_when_told_so(asking: Program) -> None:
    assert told(asking.post("/opportunities", {"name": "Site", "owner": None}), 201)["owner"] is None


def test_writes_every_kind_of_value(asking: Program, anna: User, stages: Stages) -> None:
    tags, company = [factories.tag("Web"), factories.tag("App")], factories.company()
    body = {
        "name": "Éolienne", "contact": company.pk, "expected_revenue": 12400.50, "expected_close": "2026-03-12",
        "probability": "40", "recurring_revenue": "100.10", "recurring_plan": factories.recurring_plan().pk,
        "stage": stages.qualified.pk, "owner": anna.pk, "priority": 2, "tags": [tag.pk for tag in tags],
        "colour": "sky", "country": "FR", "phone": "02 61 91 40 12", "description": "Deux\nlignes",
    }  # fmt: skip

    made = told(asking.post("/opportunities", body), 201)

    exact = {"expected_revenue": "12400.50", "probability": "40.00", "recurring_revenue": "100.10"}
    assert {name: made[name] for name in body} == body | exact
    assert made["names"]["tags"] == ["Web", "App"]


@pytest.mark.parametrize(
    ("given", "kept"), [(1.1, "1.10"), ("1.50", "1.50"), ("1000", "1000.00"), (7, "7.00")]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_reads_amounts_in_one_way_whatever_the_language(
    given: Any, kept: str, language: str, asking: Program
) -> None:
    body = {"name": "Site", "expected_revenue": given}

    made = told(asking.post("/opportunities", body, Accept_Language=language), 201)

    assert made["expected_revenue"] == kept


WRONG = {
    "name": [None, "", "   ", "x" * 161, 3, True, [], {}, "a\x00b", "\ud800"],
    "contact": ["1", 10**9, -1, 1.0, True, [1], {}, 2**63, 10**400],
    "expected_revenue": [
        "12 400,50", "1.500", "12,4k", "x", "", -1, "1e400", "NaN", "Infinity", True, [1], 10**20, "1" * 50,
    ],
    "expected_close": ["demain", "12/03/2026", "2026-02-30", 20260312, "2026-03-12T10:00", "0001-01-01", "9999-01-01"],
    "probability": [101, -1, "x"],
    "stage": ["new", 10**9],
    "owner": [10**9],
    "priority": [4, -1, "high", 1.5, [], 10**30],
    "tags": [1, "1", [10**9], [None], [[1]], [2**70]],
    "colour": ["beige", 3],
    "country": ["ZZ", "France"],
    "recurring_plan": [10**9],
    "id": [1],
    "status": ["won"],
    "prorated_revenue": [5],
    "nonsense": [None],
    "names": [{}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_names_the_field_that_does_not_hold(name: str, value: Any, asking: Program) -> None:
    deal = factories.deal()

    for answer in (
        asking.post("/opportunities", {"name": "Site", name: value}),
        asking.patch(f"/opportunities/{deal.pk}", {name: value}),
    ):
        found = problem(answer, 422, "invalid")
        assert list(found["errors"]) == [name]
        assert found["errors"][name][0]
    assert Opportunity.objects.count() == 1
    assert not Operation.objects.exists()


def test_names_all_fields_at_once(asking: Program) -> None:
    body = {"expected_revenue": "much", "priority": 9, "nonsense": 1}

    found = problem(asking.post("/opportunities", body), 422, "invalid")

    assert set(found["errors"]) == {"name", "expected_revenue", "priority", "nonsense"}


def test_holds_a_change_against_the_whole_form(asking: Program) -> None:
    deal = factories.deal()

    found = problem(asking.patch(f"/opportunities/{deal.pk}", {"recurring_revenue": 10}), 422, "invalid")

    assert list(found["errors"]) == ["recurring_plan"]


def test_keeps_what_is_no_longer_offered(asking: Program) -> None:
    gone = factories.user("Gone Guivarch")
    deal = factories.deal(owner=gone)
    deal.tags.add(factories.tag("Vieux"))
    User.objects.filter(pk=gone.pk).update(is_active=False)

    changed = told(asking.patch(f"/opportunities/{deal.pk}", {"priority": 3}))

    assert (changed["owner"], changed["priority"]) == (gone.pk, 3)
    other = factories.deal()
    problem(asking.patch(f"/opportunities/{other.pk}", {"owner": gone.pk}), 422, "invalid")


def test_clears_with_null(asking: Program, anna: User) -> None:
    deal = factories.deal(owner=anna, expected_close="2026-03-12", city="Brest", contact=factories.company())
    deal.tags.add(factories.tag())

    body = {"owner": None, "expected_close": None, "city": None, "contact": None, "tags": None}
    changed = told(asking.patch(f"/opportunities/{deal.pk}", body))

    assert {name: changed[name] for name in body} == body | {"city": "", "tags": []}


def test_takes_lists_of_texts(asking: Program, stages: Stages) -> None:
    body = {"name": "Armor", "other_emails": ["a@armor.example", "b@armor.example"]}

    assert told(asking.post("/customers", body), 201)["other_emails"] == body["other_emails"]
    changed = told(asking.patch(f"/stages/{stages.won.pk}", {"required_fields": ["email", "contact"]}))
    assert changed["required_fields"] == ["email", "contact"]
    for wrong in ("email", [1], ["nonsense"]):
        found = problem(asking.patch(f"/stages/{stages.won.pk}", {"required_fields": wrong}), 422, "invalid")
        assert list(found["errors"]) == ["required_fields"]


def test_writes_members_of_a_team(asking: Program, anna: User, ben: User) -> None:
    made = told(asking.post("/teams", {"name": "Ouest", "members": [anna.pk], "leader": ben.pk}), 201)

    assert (made["members"], made["names"]["members"]) == ([anna.pk], ["Anna Kerbrat"])
    changed = told(asking.patch(f"/teams/{made['id']}", {"members": [ben.pk]}))
    assert changed["names"] == {"leader": "Ben Morvan", "members": ["Ben Morvan"]}


def test_rules_of_the_business_refuse(asking: Program, stages: Stages) -> None:
    deal = factories.deal(stage=stages.new)
    stages.won.required_fields = ["email"]
    stages.won.save()

    found = problem(
        asking.patch(f"/opportunities/{deal.pk}", {"stage": stages.won.pk, "city": "Brest"}), 409, "refused"
    )

    assert "e-mail" in found["detail"]
    deal.refresh_from_db()
    assert (deal.stage, deal.city) == (stages.new, "")


def test_does_not_delete_what_others_hang_on(asking: Program) -> None:
    deal = factories.deal(contact=factories.company("Armor"))

    found = problem(asking.delete(f"/customers/{deal.contact_id}"), 409, "refused")

    assert "Armor" in found["detail"]
    assert Contact.objects.filter(pk=deal.contact_id).exists()


def test_undo_names_a_later_change_and_offers_the_rest(asking: Program) -> None:
    deal = factories.deal()
    path = f"/opportunities/{deal.pk}"
    first = told(asking.patch(path, {"priority": 1, "city": "Brest"}))["operation"]
    told(asking.patch(path, {"priority": 2}))

    found = problem(asking.post(f"/operations/{first}/undo"), 409, "refused")

    assert found["changed_since"] == [{"model": "pipeline.deal", "id": deal.pk, "field": "priority"}]
    assert found["rest"] == f"/api/v1/operations/{first}/undo?rest=true"
    told(asking.post(found["rest"].removeprefix("/api/v1")))
    record = told(asking.get(path))
    assert (record["priority"], record["city"]) == (2, "")


def test_undo_is_done_once_and_can_be_undone(asking: Program) -> None:
    deal = factories.deal()
    done = told(asking.patch(f"/opportunities/{deal.pk}", {"priority": 1}))["operation"]
    assert told(asking.get(f"/operations/{done}"))["undoable"] is True

    undone = told(asking.post(f"/operations/{done}/undo"))["operation"]

    seen = told(asking.get(f"/operations/{done}"))
    assert (seen["undone_by"], seen["undoable"]) == (undone, False)
    problem(asking.post(f"/operations/{done}/undo"), 409, "refused")
    told(asking.post(f"/operations/{undone}/undo"))
    assert told(asking.get(f"/opportunities/{deal.pk}"))["priority"] == 1
