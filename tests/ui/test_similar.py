"""Similar records are told of while one is typed, and nothing of those that the reader may not see."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact, DifferentPair
from piste.pipeline.models import Deal, Opportunity
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import Stages

HIDDEN = "There is a similar record that you may not see. Ask a manager."


def asked(user: User, address: str, **typed: object) -> str:
    """What is said beside the form."""
    answer = Visitor(user).post(address, typed)
    assert answer.status == 200
    return " ".join(answer.text.split())


def test_says_so_beside_the_form_of_a_customer(anna: User) -> None:
    armor = factories.company("Armor Conserves", email="contact@armor.example", city="Lorient")

    said = asked(
        anna, "/customers/similar/", name="Armor conserve", email="contact@armor.example", kind="company"
    )

    assert "1 similar record" in said
    assert f'href="/customers/{armor.pk}/"' in said
    assert "Lorient" in said
    assert "same e-mail, similar name" in said


def test_the_form_asks_while_one_types(anna: User, stages: Stages) -> None:
    page = Visitor(anna).get("/opportunities/new/").text

    assert 'hx-post="/opportunities/similar/"' in page
    assert "input delay:400ms from:#id_company_name" in page
    assert 'aria-live="polite"' in page


def test_finds_deals_and_customers_for_a_deal(anna: User, stages: Stages) -> None:
    factories.company("Armor Conserves", phone="02 61 91 40 12")
    factories.deal("Site web", company_name="Armor Conserves", owner=anna)

    said = asked(anna, "/opportunities/similar/", name="Refonte", company_name="ARMOR CONSERVES SA")

    assert "2 similar records" in said
    assert "Site web" in said
    assert "Nouveau" in said or "New" in said


def test_deals_of_the_chosen_customer(anna: User, stages: Stages) -> None:
    armor = factories.company("Armor Conserves")
    factories.deal("Site web", contact=factories.person("Marie Le Fur", parent=armor), owner=anna)

    said = asked(anna, "/opportunities/similar/", name="Refonte", contact=armor.pk)

    assert "Site web" in said
    assert "same customer" in said


def test_says_nothing_of_a_deal_out_of_reach_but_that_it_is_there(
    anna: User, ben: User, stages: Stages
) -> None:
    factories.deal("Secret", email="marie@mer.example", company_name="Geheim", owner=ben)

    said = asked(anna, "/opportunities/similar/", name="Refonte", email="marie@mer.example")

    assert HIDDEN in said
    for word in ("Secret", "Geheim", "Ben", "same e-mail", "1 similar"):
        assert word not in said


def test_says_so_of_one_line_on_the_board(anna: User, stages: Stages) -> None:
    factories.company("Armor Conserves")

    said = asked(anna, "/opportunities/similar/?line=1", name="Armor Conserves 12k", lane=stages.new.pk)

    assert "Armor Conserves" in said


def test_saves_nothing(anna: User, stages: Stages) -> None:
    armor = factories.company("Armor Conserves")

    asked(anna, f"/customers/{armor.pk}/similar/", name="Autre", kind="company")
    asked(anna, "/opportunities/similar/", name="Refonte")

    assert Contact.objects.get().name == "Armor Conserves"
    assert not Deal.objects.exists()


def test_a_form_that_does_not_hold_yet_is_no_mistake(anna: User) -> None:
    factories.company("Armor Conserves", email="contact@armor.example")

    said = asked(anna, "/customers/similar/", name="", email="contact@armor.example", headcount="many")

    assert "Armor Conserves" in said


def test_what_was_said_to_be_another_is_not_named_again(anna: User) -> None:
    one = factories.company("Armor Conserves")
    two = factories.company("Armor Conserves Lorient")
    DifferentPair.objects.create(kind="contact", first=one.pk, second=two.pk)

    assert asked(anna, f"/customers/{two.pk}/similar/", name="Armor Conserves Lorient", kind="company") == ""


@pytest.mark.parametrize("address", ["/customers/similar/", "/opportunities/similar/"])
def test_is_not_for_somebody_without_the_right_to_add(outsider: User, address: str) -> None:
    assert Visitor(outsider).post(address, {"name": "Armor"}).status == 403


def test_is_not_for_somebody_who_may_only_look(anna: User, stages: Stages) -> None:
    # Leads are turned off here: those that exist can be read.
    assert Visitor(anna).get("/leads/?view=list").status == 200

    assert Visitor(anna).post("/leads/similar/", {"name": "Armor"}).status == 403


def test_another_record_is_out_of_reach(anna: User, ben: User, stages: Stages) -> None:
    deal = factories.deal("Secret", owner=ben)

    assert Visitor(anna).post(f"/opportunities/{deal.pk}/similar/", {"name": "x"}).status == 404


def test_lists_have_none(anna: User, max_: User) -> None:
    assert Visitor(max_).post("/tags/similar/", {"name": "x"}).status == 404


def test_a_similar_record_never_stops_saving(anna: User, stages: Stages) -> None:
    factories.deal("Refonte", company_name="Armor", email="marie@mer.example", owner=anna)

    values = {"name": "Refonte", "company_name": "Armor", "email": "marie@mer.example"}
    answer = Visitor(anna).post("/opportunities/new/", values, part=False)

    assert answer.status == 303
    assert Opportunity.objects.count() == 2
