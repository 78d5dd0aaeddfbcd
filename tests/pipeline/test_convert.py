"""A lead becomes an opportunity."""

from __future__ import annotations

import pytest

from piste.accounts.models import Team, User
from piste.contacts.models import Contact
from piste.core.history import operation
from piste.core.transitions import Refused
from piste.core.undo import undo
from piste.pipeline.models import Lead, Opportunity
from tests.conftest import NOON, Stages
from tests.factories import company, lead, person, stage, tag, team


def convert(raw: Lead, by: User, **asked):
    given = {"customer": None, "owner": raw.owner, "team": None} | asked
    return raw.convert(**given, by=by, at=NOON)


def test_is_the_same_record(anna: User, stages: Stages) -> None:
    raw = lead("Réseau Wi-Fi", owner=anna, stage=stages.qualified, expected_revenue=1200)
    raw.tags.add(tag("Prioritaire"))

    deal = convert(raw, anna)

    assert isinstance(deal, Opportunity)
    assert (deal.pk, deal.name, deal.stage, deal.expected_revenue) == (
        raw.pk,
        raw.name,
        stages.qualified,
        1200,
    )
    assert [str(one) for one in deal.tags.all()] == ["Prioritaire"]
    assert deal.converted_at == NOON
    assert not Lead.objects.exists()


def test_keeps_the_moment_of_assignment_of_the_same_salesperson(anna: User, stages: Stages) -> None:
    raw = lead(owner=anna)
    assigned = raw.assigned_at

    assert convert(raw, anna).assigned_at == assigned


def test_is_given_to_somebody(anna: User, cora: User, south: Team, stages: Stages) -> None:
    deal = convert(lead(owner=anna), anna, owner=cora)

    assert (deal.owner, deal.team, deal.assigned_at) == (cora, south, NOON)


def test_is_given_to_a_team(anna: User, south: Team, stages: Stages) -> None:
    assert convert(lead(owner=anna), anna, team=south).team == south
    assert convert(lead(), anna, owner=anna, team=south).team == south


def test_leaves_a_stage_of_the_team_it_comes_from(
    anna: User, cora: User, north: Team, stages: Stages
) -> None:
    own = stage("Chez nous", team=north, position=15)

    assert convert(lead(owner=anna, stage=own), anna, owner=cora).stage == stages.new


@pytest.mark.parametrize("end", ["win", "lose"])
def test_refuses_what_has_ended(anna: User, stages: Stages, end: str) -> None:
    raw = lead(owner=anna)
    getattr(raw, end)(by=anna, at=NOON)

    with pytest.raises(Refused, match="Reopen it first"):
        convert(raw, anna)

    assert Lead.objects.get().status != "open"


def test_refuses_a_second_time(anna: User, stages: Stages) -> None:
    raw = lead(owner=anna)
    again = Lead.objects.get()
    convert(raw, anna)

    with pytest.raises(Refused, match="has just been converted"):
        convert(again, anna)


def test_makes_a_company_and_a_person(anna: User, stages: Stages) -> None:
    raw = lead(owner=anna, company_name="Maison Kerbrat", contact_name="Soizic Kerbrat", job_position="Gérante",
               email="Soizic <S.Kerbrat@kerbrat.example>", phone="02 61 91 40 12", city="Hennebont", country="FR",
               description="Six personnes.")  # fmt: skip

    made = raw.make_customer(owner=anna, by=anna, at=NOON)
    deal = convert(raw, anna, customer=made)

    firm = Contact.objects.get(kind="company")
    assert (made.name, made.parent, made.job_position) == ("Soizic Kerbrat", firm, "Gérante")
    assert firm.name == "Maison Kerbrat"
    for contact in (firm, made):
        assert (contact.email, contact.phone, contact.city) == (
            "s.kerbrat@kerbrat.example",
            raw.phone,
            "Hennebont",
        )
        assert (contact.owner, contact.team, contact.notes) == (anna, raw.team, "Six personnes.")
    assert deal.contact == made


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"company_name": "Armor"}, [("company", "Armor")]),
        ({"contact_name": "Marc Gonidec"}, [("person", "Marc Gonidec")]),
        ({"email": "Marc Gonidec <marc@gonidec.example>"}, [("person", "Marc Gonidec")]),
        (
            {"company_name": "Armor", "email": "Marc <m@armor.example>"},
            [("company", "Armor"), ("person", "Marc")],
        ),
        ({"email": "marc@gonidec.example"}, [("person", "Demande de devis")]),
    ],
)
def test_proposes_what_the_lead_says(
    stages: Stages, fields: dict[str, str], names: list[tuple[str, str]]
) -> None:
    assert [(one.kind, one.name) for one in lead(**fields).new_customers()] == names


def test_puts_the_person_into_the_company_it_is_linked_to(anna: User, stages: Stages) -> None:
    firm = company("Armor")

    made = lead(contact=firm, contact_name="Marc Gonidec").make_customer(owner=None, by=anna, at=NOON)

    assert made.parent == firm


def test_lets_each_take_what_it_lacks(anna: User, stages: Stages) -> None:
    known = person(
        "Soizic Kerbrat", email="s@kerbrat.example", city="Lorient", street="1 quai", postcode="56100"
    )
    raw = lead(owner=anna, phone="02 61 91 40 12", email="other@kerbrat.example")

    deal = convert(raw, anna, customer=known)

    known.refresh_from_db()
    assert (known.email, known.phone, known.phone_e164) == (
        "s@kerbrat.example",
        "02 61 91 40 12",
        "+33261914012",
    )
    assert (deal.email, deal.contact, deal.contact_name) == ("other@kerbrat.example", known, "Soizic Kerbrat")
    assert (deal.street, deal.city) == ("1 quai", "Lorient")


def test_mixes_no_two_addresses(anna: User, stages: Stages) -> None:
    known = person(city="Lorient", street="1 quai")

    deal = convert(lead(city="Vannes"), anna, customer=known)

    assert (deal.city, deal.street) == ("Vannes", "")


def test_is_undone_with_the_customer_it_made(anna: User, stages: Stages) -> None:
    raw = lead(owner=anna, company_name="Armor")
    with operation("lead.convert", by=anna) as op:
        convert(raw, anna, customer=raw.make_customer(owner=anna, by=anna, at=NOON))

    undo(op, by=anna, at=NOON)

    assert Lead.objects.get().contact is None
    assert not Contact.objects.exists()


def test_is_undone_without_the_customer_if_that_was_touched(anna: User, stages: Stages) -> None:
    raw = lead(owner=anna, company_name="Armor")
    with operation("lead.convert", by=anna) as op:
        made = raw.make_customer(owner=anna, by=anna, at=NOON)
        convert(raw, anna, customer=made)
    with operation("contact.edit", by=anna):
        made.name = "Armor SA"
        made.save()

    undo(op, by=anna, at=NOON, rest=True)

    assert (Lead.objects.get().contact, Contact.objects.get().name) == (None, "Armor SA")


class TestTeamOfALead:
    def test_is_the_first_that_uses_leads(self, anna: User, north: Team, stages: Stages) -> None:
        inside = team("Téléprospection", anna, position=90, uses_pipeline=False)
        north.uses_leads = False
        north.save()

        assert lead(owner=anna).team == inside
        assert convert(lead(owner=anna), anna).team == inside

    def test_is_any_of_the_salesperson_if_none_does(self, anna: User, north: Team, stages: Stages) -> None:
        north.uses_leads = False
        north.save()

        assert lead(owner=anna).team == north

    def test_is_the_newer_of_two_in_the_same_place(self, anna: User, north: Team, stages: Stages) -> None:
        newer = team("Nord-Est", anna, position=north.position)

        assert lead(owner=anna).team == newer
