"""What deal and customer tell each other, through the API."""

from __future__ import annotations

from piste.accounts.models import User
from tests import factories
from tests.api.conftest import Programs, told
from tests.conftest import Stages


def test_choosing_a_customer_fills_what_is_not_given(program: Programs, anna: User, stages: Stages) -> None:
    marie = factories.person(
        "Marie Le Fur", email="marie@mer.example", phone="02 61 91 40 12", city="Lorient"
    )
    body = {"name": "Site", "contact": marie.pk, "email": "achats@mer.example"}

    made = told(program(anna).post("/opportunities", body), 201)
    changed = told(program(anna).post("/opportunities", {"name": "Audit"}), 201)
    changed = told(
        program(anna).patch(f"/opportunities/{changed['id']}", {"contact": marie.pk, "city": "Brest"})
    )

    assert (made["email"], made["phone"], made["city"]) == ("achats@mer.example", "02 61 91 40 12", "Lorient")
    assert (changed["email"], changed["contact_name"], changed["city"]) == (
        "marie@mer.example", "Marie Le Fur", "Brest",
    )  # fmt: skip
    marie.refresh_from_db()
    assert marie.email == "marie@mer.example"


def test_the_customer_is_told_when_the_program_says_so(program: Programs, anna: User, stages: Stages) -> None:
    marie = factories.person("Marie Le Fur", email="marie@mer.example", phone="02 61 91 40 12")
    deal = factories.deal(
        "Site", owner=anna, contact=marie, email="marie@mer.example", phone="02 61 91 40 12"
    )
    body = {"email": "m@mer.example", "phone": "", "update_contact": True}

    answer = told(program(anna).patch(f"/opportunities/{deal.pk}", body))

    marie.refresh_from_db()
    assert (marie.email, marie.phone) == ("m@mer.example", "02 61 91 40 12")
    told(program(anna).post(f"/operations/{answer['operation']}/undo"))
    marie.refresh_from_db()
    assert marie.email == "marie@mer.example"


def test_an_action_tells_the_customer_later(program: Programs, anna: User, stages: Stages) -> None:
    marie = factories.person("Marie Le Fur", email="marie@mer.example")
    deal = factories.deal("Site", owner=anna, contact=marie, email="m@mer.example")

    told(program(anna).post(f"/opportunities/{deal.pk}/update-contact"))

    marie.refresh_from_db()
    assert marie.email == "m@mer.example"
    told(program(anna).post(f"/opportunities/{deal.pk}/update-contact"), 409)


def test_an_undo_lists_no_deal_out_of_reach(program: Programs, anna: User, ben: User, stages: Stages) -> None:
    marie = factories.person("Marie Le Fur", email="marie@mer.example")
    his = factories.deal("Secret", owner=ben, contact=marie, email="marie@mer.example")
    answer = told(program(anna).patch(f"/customers/{marie.pk}", {"email": "m@mer.example"}))
    told(program(ben).patch(f"/opportunities/{his.pk}", {"email": "ben@mer.example"}))

    refused = told(program(anna).post(f"/operations/{answer['operation']}/undo"), 409)

    assert refused["changed_since"] == []
    assert "Secret" not in str(refused)
