"""Merging through the API, and the addresses of what was merged."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.pipeline.models import Deal, Opportunity
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told


@pytest.fixture
def asking(program: Programs, anna: User, stages: Stages) -> Program:
    return program(anna)


@pytest.fixture
def pair(anna: User, stages: Stages) -> tuple[Opportunity, Opportunity]:
    first = factories.deal("Site", owner=anna, stage=stages.qualified)
    return first, factories.deal("Site web", owner=anna, email="jean@example.com")


def test_merges_and_undoes(asking: Program, pair: Any) -> None:
    first, second = pair

    done = told(asking.post("/opportunities/merge", {"ids": [second.pk, first.pk]}))

    assert (done["id"], done["name"], done["email"]) == (first.pk, "Site", "jean@example.com")
    assert done["message"] == "1 record is now part of “Site”."
    told(asking.post(f"/operations/{done['operation']}/undo"))
    assert told(asking.get(f"/opportunities/{second.pk}"))["name"] == "Site web"


def test_takes_the_survivor_and_the_values_that_are_given(asking: Program, ben: User, pair: Any) -> None:
    first, second = pair
    web = factories.tag("Web")
    values = {
        "name": "Both",
        "expected_revenue": "12400.50",
        "tags": [web.pk],
        "expected_close": "2026-09-01",
    }

    done = told(
        asking.post(
            "/opportunities/merge", {"ids": [first.pk, second.pk], "survivor": second.pk, "values": values}
        )
    )

    assert (done["id"], done["name"], done["expected_revenue"]) == (second.pk, "Both", "12400.50")
    assert (done["tags"], done["expected_close"], done["email"]) == (
        [web.pk],
        "2026-09-01",
        "jean@example.com",
    )


@pytest.mark.parametrize("act", ["", "/duplicates"])
def test_the_address_of_the_other_leads_on(asking: Program, pair: Any, act: str) -> None:
    first, second = pair
    told(asking.post("/opportunities/merge", {"ids": [first.pk, second.pk]}))

    answer = asking.get(f"/opportunities/{second.pk}{act}")

    problem(answer, 308, "merged")
    assert answer.headers["Location"] == f"/api/v1/opportunities/{first.pk}{act}"


def test_a_write_is_told_where_to_go_and_does_nothing(asking: Program, pair: Any) -> None:
    first, second = pair
    told(asking.post("/opportunities/merge", {"ids": [first.pk, second.pk]}))

    changed = asking.patch(f"/opportunities/{second.pk}", {"name": "New"})
    won = asking.post(f"/opportunities/{second.pk}/win")

    assert problem(changed, 308, "merged")
    assert won.headers["Location"] == f"/api/v1/opportunities/{first.pk}/win"
    assert told(asking.get(f"/opportunities/{first.pk}"))["name"] == "Site"


def test_what_was_to_be_deleted_is_gone_already(program: Programs, max_: User, pair: Any) -> None:
    first, second = pair
    manager = program(max_)
    told(manager.post("/opportunities/merge", {"ids": [first.pk, second.pk]}))

    problem(manager.delete(f"/opportunities/{second.pk}"), 404, "not-found")
    assert Deal.objects.get().pk == first.pk


def test_leads_nowhere_out_of_reach(asking: Program, program: Programs, cora: User, pair: Any) -> None:
    first, second = pair
    told(asking.post("/opportunities/merge", {"ids": [first.pk, second.pk]}))

    of_merged = program(cora).get(f"/opportunities/{second.pk}")
    of_none = program(cora).get("/opportunities/999999")

    problem(of_merged, 404, "not-found")
    assert of_merged.content == of_none.content


def test_what_is_out_of_reach_looks_like_nothing(asking: Program, cora: User, pair: Any) -> None:
    hidden = factories.deal("Geheim", owner=cora)

    of_hidden = problem(asking.post("/opportunities/merge", {"ids": [pair[0].pk, hidden.pk]}), 422, "invalid")
    of_none = problem(asking.post("/opportunities/merge", {"ids": [pair[0].pk, 999999]}), 422, "invalid")

    assert of_hidden["errors"] == {"ids": [f"Not there, or not yours: {hidden.pk}."]}
    assert of_none["errors"] == {"ids": ["Not there, or not yours: 999999."]}
    assert Deal.objects.count() == 3


def test_refuses_what_the_business_forbids(asking: Program, anna: User, pair: Any) -> None:
    first, second = pair
    Opportunity.objects.get(pk=second.pk).win(by=anna, at=first.created_at)

    found = problem(
        asking.post("/opportunities/merge", {"ids": [first.pk, second.pk], "survivor": first.pk}),
        409,
        "refused",
    )

    assert found["detail"] == "“Site web” is won, so it has to be the one that stays."


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "ids"),
        ({"ids": "all"}, "ids"),
        ({"ids": [1], "colour": "red"}, "colour"),
        ({"ids": [], "survivor": 1}, "ids"),
        ({"survivor": 999999}, "survivor"),
        ({"survivor": "first"}, "survivor"),
        ({"values": ["name"]}, "values"),
        ({"values": {"id": 7}}, "id"),
        ({"values": {"expected_revenue": "a lot"}}, "expected_revenue"),
        ({"values": {"owner": 999999}}, "owner"),
    ],
)
def test_says_what_is_wrong(asking: Program, pair: Any, body: dict[str, Any], named: str) -> None:
    sent = body if "ids" in body or not body else {"ids": [row.pk for row in pair]} | body

    found = problem(asking.post("/opportunities/merge", sent), 422, "invalid")

    assert named in found["errors"]
    assert Deal.objects.count() == 2


def test_more_than_a_hundred_are_refused(asking: Program) -> None:
    problem(asking.post("/opportunities/merge", {"ids": list(range(1, 102))}), 409, "refused")


def test_does_it_once(asking: Program, pair: Any) -> None:
    ids = [row.pk for row in pair]

    first = told(asking.post("/opportunities/merge", {"ids": ids}, Idempotency_Key="merge-1"))
    again = told(asking.post("/opportunities/merge", {"ids": ids}, Idempotency_Key="merge-1"))

    assert again == first


def test_needs_the_right_to_change(program: Programs, outsider: User, pair: Any) -> None:
    problem(program(outsider).post("/opportunities/merge", {"ids": [1, 2]}), 403, "forbidden")
    reading = program(pair[0].owner, scope="read")
    problem(reading.post("/opportunities/merge", {"ids": [row.pk for row in pair]}), 403, "forbidden")


def test_merges_customers_and_leads(program: Programs, max_: User, stages: Stages, leads_on: Any) -> None:
    manager = program(max_)
    companies = [factories.company("Armor"), factories.company("Armor SA", city="Lorient")]
    leads = [factories.lead("A"), factories.lead("B", city="Brest")]

    company = told(manager.post("/customers/merge", {"ids": [row.pk for row in companies]}))
    lead = told(manager.post("/leads/merge", {"ids": [row.pk for row in leads]}))

    assert (company["city"], lead["city"]) == ("Lorient", "Brest")
    assert Contact.objects.count() == Deal.objects.count() == 1
    assert manager.get(f"/leads/{leads[1].pk}").headers["Location"] == f"/api/v1/leads/{leads[0].pk}"


def test_a_lead_that_became_part_of_an_opportunity_leads_there(
    program: Programs, max_: User, stages: Stages, leads_on: Any
) -> None:
    manager = program(max_)
    lead, deal = factories.lead("Lead"), factories.deal("Deal")

    told(manager.post("/opportunities/merge", {"ids": [lead.pk, deal.pk]}))

    assert manager.get(f"/leads/{lead.pk}").headers["Location"] == f"/api/v1/opportunities/{deal.pk}"
