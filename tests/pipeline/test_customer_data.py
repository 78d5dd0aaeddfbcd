"""What a deal takes from its customer, and the customer from a deal."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.pipeline.models import Deal, Opportunity, PipelineSettings
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import Stages

PLACE = {
    "street": "1 quai Est",
    "street2": "",
    "postcode": "56100",
    "city": "Lorient",
    "state": "",
    "country": "FR",
}


@pytest.fixture
def marie(stages: Stages) -> Contact:
    armor = factories.company("Armor Conserves")
    return factories.person("Marie Le Fur", parent=armor, email="marie@armor.example", phone="02 61 91 40 12",
                            mobile="06 39 98 40 12", job_position="Acheteuse", language="fr", **PLACE)  # fmt: skip


def created(user: User, **values: Any) -> Opportunity:
    answer = Visitor(user).post("/opportunities/new/", {"name": "Site web"} | values)
    assert answer.status == 204, answer.text
    return Opportunity.objects.latest("pk")


def edited(user: User, deal: Opportunity, name: str, value: Any, **more: Any) -> Opportunity:
    answer = Visitor(user).post(f"/opportunities/{deal.pk}/cell/{name}/", {name: value} | more)
    assert answer.status == 200, answer.text
    deal.refresh_from_db()
    return deal


def test_choosing_a_customer_fills_the_deal(marie: Contact, anna: User) -> None:
    deal = created(anna, contact=marie.pk)

    assert (deal.company_name, deal.contact_name) == ("Armor Conserves", "Marie Le Fur")
    assert (deal.email, deal.phone, deal.mobile) == (
        "marie@armor.example",
        "02 61 91 40 12",
        "06 39 98 40 12",
    )
    assert (deal.job_position, deal.language) == ("Acheteuse", "fr")
    assert {name: getattr(deal, name) for name in PLACE} == PLACE
    assert deal.email_normalised == "marie@armor.example"


def fills(user: User, address: str, **typed: object) -> dict[str, str]:
    """What the form is told to fill in."""
    said = Visitor(user).post(address, typed).text
    found = re.search(r"data-fills='([^']*)'", said)
    return json.loads(found[1]) if found else {}


def test_the_form_is_filled_at_once_but_for_what_was_typed(marie: Contact, anna: User) -> None:
    filled = fills(
        anna, "/opportunities/similar/", name="Site", contact=marie.pk, email="achats@armor.example"
    )

    assert {name: filled.get(name, "") for name in PLACE} == PLACE
    assert (filled["contact_name"], filled["phone"]) == ("Marie Le Fur", "02 61 91 40 12")
    assert "email" not in filled


def test_an_address_is_filled_as_a_whole(marie: Contact, anna: User, leads_on: PipelineSettings) -> None:
    there = factories.deal("Site web", owner=anna, street="9 rue Neuve", street2="Bât. B", city="Brest")
    form = {
        "name": "Site web",
        "street": "9 rue Neuve",
        "street2": "Bât. B",
        "city": "Brest",
        "contact": marie.pk,
    }

    whole = fills(anna, f"/opportunities/{there.pk}/similar/", **form)
    typed = fills(anna, "/leads/similar/", name="Site", contact=marie.pk, city="Vannes", touched="phone,tags")

    assert whole["street2"] == ""
    assert not {*PLACE, "phone"} & set(typed)
    assert typed["email"] == "marie@armor.example"


def test_what_was_emptied_on_purpose_stays_empty(marie: Contact, anna: User) -> None:
    typed = {"name": "Site web", "contact": marie.pk, "touched": "phone,created_at", "filled": "email"}

    Visitor(anna).post("/opportunities/new/", typed)

    deal = Opportunity.objects.get()
    assert (deal.phone, deal.email) == ("", "marie@armor.example")
    marie.refresh_from_db()
    assert marie.phone == "02 61 91 40 12"


def test_what_is_typed_together_with_the_customer_stays(marie: Contact, anna: User) -> None:
    deal = created(anna, contact=marie.pk, email="achats@armor.example", contact_name="M. Le Fur")

    assert (deal.email, deal.contact_name) == ("achats@armor.example", "M. Le Fur")
    marie.refresh_from_db()
    assert marie.email == "marie@armor.example"


def test_an_address_comes_as_a_whole_or_not_at_all(marie: Contact, anna: User) -> None:
    there = factories.deal("Site web", owner=anna, street="9 rue Neuve", street2="Bât. B", city="Brest")
    typed = created(anna, contact=marie.pk, city="Vannes")
    without = factories.deal("Audit", owner=anna, street="9 rue Neuve", city="Brest")

    edited(anna, there, "contact", marie.pk)
    edited(anna, without, "contact", factories.company("Kerbrat").pk)

    assert {name: getattr(there, name) for name in PLACE} == PLACE
    assert (typed.city, typed.street) == ("Vannes", "")
    assert (without.street, without.city) == ("9 rue Neuve", "Brest")


def test_what_the_customer_has_not_stays_on_the_deal(stages: Stages, anna: User) -> None:
    deal = factories.deal("Site web", owner=anna, email="marie@mer.example", job_position="Acheteuse")

    edited(anna, deal, "contact", factories.company("Kerbrat").pk)

    assert (deal.email, deal.job_position, deal.company_name) == ("marie@mer.example", "Acheteuse", "Kerbrat")


def test_choosing_is_one_operation_and_undone_as_one(marie: Contact, anna: User) -> None:
    deal = factories.deal("Site web", owner=anna, city="Brest")
    answer = Visitor(anna).post(f"/opportunities/{deal.pk}/cell/contact/", {"contact": marie.pk})

    assert Visitor(anna).post(answer.told["toast"]["undo"]).status == 204
    deal.refresh_from_db()
    assert (deal.contact, deal.city, deal.email) == (None, "Brest", "")


def test_the_form_offers_to_tell_the_customer_and_does_so(marie: Contact, anna: User) -> None:
    deal = created(anna, contact=marie.pk)
    form = {
        "name": "Site web",
        "contact": marie.pk,
        "email": "m.lefur@armor.example",
        "phone": "",
        "priority": 0,
    }

    said = Visitor(anna).post(f"/opportunities/{deal.pk}/similar/", form).text
    Visitor(anna).post(f"/opportunities/{deal.pk}/edit/", form | {"update_contact": "on"})

    assert 'name="update_contact"' in said
    assert "marie@armor.example → m.lefur@armor.example" in said
    marie.refresh_from_db()
    assert marie.email == "m.lefur@armor.example"
    assert marie.phone == "02 61 91 40 12", "an empty field on the deal never empties the customer's"
    assert Operation.objects.filter(command="opportunity.edit").count() == 1


def test_without_a_yes_the_customer_stays(marie: Contact, anna: User) -> None:
    deal = created(anna, contact=marie.pk)

    edited(anna, deal, "email", "m.lefur@armor.example")

    marie.refresh_from_db()
    assert marie.email == "marie@armor.example"


@pytest.mark.parametrize(
    ("name", "value"), [("phone", "+33 2 61 91 40 12"), ("email", "Marie Le Fur <MARIE@armor.example>")]
)
def test_another_way_of_writing_is_no_change(marie: Contact, anna: User, name: str, value: str) -> None:
    deal = created(anna, contact=marie.pk)

    said = Visitor(anna).post(f"/opportunities/{deal.pk}/similar/", {"contact": marie.pk, name: value}).text
    edited(anna, deal, name, value)

    assert "update_contact" not in said
    assert getattr(deal, name) == value
    assert deal.differing() == ()


def test_a_customer_tells_its_open_deals(marie: Contact, anna: User, ben: User) -> None:
    mine, his = (
        factories.deal("Site", owner=who, contact=marie, email="marie@armor.example") for who in (anna, ben)
    )
    lost = factories.deal("Perdu", owner=anna, contact=marie, email="marie@armor.example")
    lost.lose(reason=None, note="", by=anna, at=lost.created_at)

    answer = Visitor(anna).post(f"/customers/{marie.pk}/cell/email/", {"email": "m@armor.example"})

    emails = dict(Deal.objects.values_list("pk", "email"))
    assert emails == {mine.pk: "m@armor.example", his.pk: "m@armor.example", lost.pk: "marie@armor.example"}
    # Who told the customer's new address may take it back, on the deals of others too.
    assert Visitor(anna).post(answer.told["toast"]["undo"]).status == 204
    assert set(Deal.objects.values_list("email", flat=True)) == {"marie@armor.example"}


def test_an_undo_names_no_deal_out_of_reach(marie: Contact, anna: User, ben: User) -> None:
    his = factories.deal("Secret", owner=ben, contact=marie, email="marie@armor.example")
    answer = Visitor(anna).post(f"/customers/{marie.pk}/cell/email/", {"email": "m@armor.example"})
    edited(ben, his, "email", "ben@armor.example")

    refused = Visitor(anna).post(answer.told["toast"]["undo"])

    assert refused.status == 409
    assert "Secret" not in refused.toast


def test_a_customer_without_a_number_empties_none(marie: Contact, anna: User) -> None:
    deal = factories.deal("Site", owner=anna, contact=marie, phone="02 61 91 40 12")

    Visitor(anna).post(f"/customers/{marie.pk}/cell/phone/", {"phone": ""})

    deal.refresh_from_db()
    assert deal.phone == "02 61 91 40 12"


def test_nobody_may_tell_a_customer_who_may_not_change_it(marie: Contact, anna: User) -> None:
    deal = created(anna, contact=marie.pk)
    marie_as_seen = Contact.objects.get(pk=marie.pk)
    deal.email = "m.lefur@armor.example"

    with pytest.raises(Exception, match="may not change"):
        deal.update_contact(by=factories.user("Olaf", role=""), at=deal.created_at)

    marie.refresh_from_db()
    assert marie.email == marie_as_seen.email


def test_a_value_edited_in_place_can_be_given_to_the_customer_afterwards(marie: Contact, anna: User) -> None:
    deal = created(anna, contact=marie.pk)
    visitor = Visitor(anna)
    offered = "/do/update-contact/"
    assert offered not in visitor.get(f"/opportunities/{deal.pk}/").text
    edited(anna, deal, "phone", "02 61 91 40 13")
    assert offered in visitor.get(f"/opportunities/{deal.pk}/").text

    answer = visitor.post(f"/opportunities/{deal.pk}{offered}")

    marie.refresh_from_db()
    assert (marie.phone, marie.email) == ("02 61 91 40 13", "marie@armor.example")
    assert visitor.post(answer.undo).status == 204
    marie.refresh_from_db()
    assert marie.phone == "02 61 91 40 12"
