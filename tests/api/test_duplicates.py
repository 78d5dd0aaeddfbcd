"""Programs are told of similar records: of one that is there, that they make, or that they ask about."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.pipeline.models import Deal
from tests import factories
from tests.api.conftest import Programs, problem, told
from tests.conftest import Stages

NOBODY: dict[str, Any] = {"results": [], "hidden": False, "message": ""}


def names(found: Any) -> list[str]:
    return [one["name"] for one in found["results"]]


def test_of_a_record_that_is_there(program: Programs, anna: User) -> None:
    armor = factories.company("Armor Conserves", email="contact@armor.example", city="Lorient")
    other = factories.company("Armor", email="contact@armor.example")

    found = told(program(anna).get(f"/customers/{other.pk}/duplicates"))

    assert found["results"] == [
        {
            "resource": "customers",
            "id": armor.pk,
            "name": "Armor Conserves",
            "note": "Lorient · contact@armor.example",
            "score": 95,
            "reasons": ["email"],
        }
    ]


@pytest.mark.parametrize("kind", ["leads", "opportunities"])
def test_of_leads_and_opportunities_alike(program: Programs, anna: User, stages: Stages, kind: str) -> None:
    lead = factories.lead("Demande", email="marie@mer.example", owner=anna)
    deal = factories.deal("Site web", email="marie@mer.example", owner=anna)
    asked = lead if kind == "leads" else deal

    found = told(program(anna).get(f"/{kind}/{asked.pk}/duplicates"))

    assert names(found) == ["Site web" if kind == "leads" else "Demande"]


def test_in_the_answer_to_creating(program: Programs, anna: User, stages: Stages) -> None:
    factories.company("Armor Conserves", phone="02 61 91 40 12")

    made = told(program(anna).post("/customers", {"name": "Armor", "phone": "+33261914012"}), 201)

    assert names(made["duplicates"]) == ["Armor Conserves"]
    assert Contact.objects.count() == 2


def test_of_fields_that_are_not_saved(program: Programs, anna: User, stages: Stages) -> None:
    factories.company("Armor Conserves")

    body = {"resource": "opportunities", "company_name": "ARMOR CONSERVES SARL"}
    found = told(program(anna).post("/duplicates", body))

    assert [(one["resource"], one["reasons"]) for one in found["results"]] == [("customers", ["name"])]
    assert not Deal.objects.exists()


def test_nothing_of_records_out_of_reach_but_that_they_are(
    program: Programs, anna: User, ben: User, stages: Stages
) -> None:
    factories.deal("Secret", email="marie@mer.example", owner=ben)
    own = factories.deal("Refonte", email="marie@mer.example", owner=anna)
    asked = {"resource": "opportunities", "name": "Autre", "email": "marie@mer.example"}

    of_record = told(program(anna).get(f"/opportunities/{own.pk}/duplicates"))
    of_fields = told(program(anna).post("/duplicates", asked))

    said = "There is a similar record that you may not see. Ask a manager."
    assert of_record == NOBODY | {"hidden": True, "message": said}
    assert (names(of_fields), of_fields["hidden"]) == (["Refonte"], True)
    assert "Secret" not in str(of_fields)


def test_not_of_a_record_out_of_reach(program: Programs, anna: User, ben: User, stages: Stages) -> None:
    deal = factories.deal("Secret", owner=ben)

    problem(program(anna).get(f"/opportunities/{deal.pk}/duplicates"), 404, "not-found")


def test_not_for_somebody_without_the_right(program: Programs, outsider: User) -> None:
    problem(program(outsider).post("/duplicates", {"resource": "customers", "name": "x"}), 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "resource"), ({"resource": "stages"}, "resource"), ({"resource": "customers", "colour": 1}, "colour"),
     ({"resource": "customers", "name": 3}, "name")],
)  # fmt: skip
def test_says_which_field_is_wrong(program: Programs, anna: User, body: dict[str, Any], field: str) -> None:
    wrong = problem(program(anna).post("/duplicates", body), 422, "invalid")

    assert list(wrong["errors"]) == [field]


def test_a_reading_key_may_ask(program: Programs, anna: User) -> None:
    armor = factories.company("Armor Conserves")

    assert told(program(anna, scope="read").get(f"/customers/{armor.pk}/duplicates")) == NOBODY
