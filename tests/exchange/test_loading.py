"""Rows of a file become deals; bad ones are refused one by one; undo takes it all back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from piste.accounts.models import User
from piste.contacts.models import Contact, Tag
from piste.core.models import Operation
from piste.core.transitions import Refused
from piste.pipeline.models import Lead, LostReason, Opportunity, PipelineSettings, Stage
from piste.ui.exchange.loading import Loaded, load_file
from piste.ui.exchange.plan import Plan
from piste.ui.exchange.rejects import write_rejected
from tests.exchange.conftest import Write

Stages = dict[str, Stage]
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def load(write: Write, text: str, user: User, into: str = "opportunities", **plan: object) -> Loaded:
    return load_file(into, write(text), user, plan=Plan(**plan), via="test", at=NOON)  # type: ignore[arg-type]


def reasons(loaded: Loaded) -> list[tuple[int, str]]:
    return [(row.line, row.column) for row in loaded.rejected]


def test_makes_deals_of_an_odoo_export(write: Write, max: User, anna: User, pipeline: Stages) -> None:
    text = (
        "Opportunité;Client;Email;Revenu espéré;Vendeur;Étape;Étiquettes;Clôture prévue;Probabilité;"
        "Priorité;Créé le\n"
        "Formation Django;Société Étoile;;12 400,50;Anna Martin;Proposition;VIP,Formation;15/12/2026;40;"
        "Haute;2026-03-01 10:30:00\n"
    )

    loaded = load(write, text, max)

    assert reasons(loaded) == []
    deal = Opportunity.objects.get()
    assert (deal.name, deal.expected_revenue, deal.probability) == (
        "Formation Django",
        Decimal("12400.50"),
        40,
    )
    assert (deal.owner, deal.stage, deal.priority) == (anna, pipeline["proposal"], 2)
    assert deal.contact is not None
    assert deal.contact.name == "Société Étoile"
    assert sorted(tag.name for tag in deal.tags.all()) == ["Formation", "VIP"]
    assert deal.expected_close == date(2026, 12, 15)
    assert deal.created_at == datetime(2026, 3, 1, 10, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert deal.team is not None
    assert deal.created_by == max
    assert loaded.added == {"contacts.tag": 1}


def test_makes_customers_of_a_pipedrive_export(write: Write, max: User, anna: User, pipeline: Stages) -> None:
    text = (
        "Deal - Title,Deal - Value,Deal - Organization,Deal - Contact person,Person - Email - Work,"
        "Deal - Stage,Deal - Owner,Deal - Status,Deal - Lost reason,Deal - Lost time,Deal - Deal created\n"
        "Fours,8000,Nouvelle Boulangerie,Nadia Chérif,nadia@nb.example,Proposal,Anna Martin,Open,,,"
        "2026-07-01 08:00:00\n"
        "Pains,1000,Nouvelle Boulangerie,Nadia Chérif,nadia@nb.example,New,Anna Martin,Lost,Trop cher,"
        "2026-08-01 09:00:00,2026-07-02 08:00:00\n"
        "Gâteaux,500,,Étoile,HELLO@etoile.example,Proposal,,Won,,,\n"
    )

    loaded = load(write, text, max)

    assert reasons(loaded) == []
    first, second, third = Opportunity.objects.order_by("pk")
    assert first.contact == second.contact
    assert first.contact is not None
    assert (first.contact.name, first.contact.family.name) == ("Nadia Chérif", "Nouvelle Boulangerie")
    assert (second.status, second.probability, second.stage) == ("lost", 0, pipeline["new"])
    assert second.lost_reason == LostReason.objects.get()
    assert second.closed_at == datetime(2026, 8, 1, 9, tzinfo=ZoneInfo("Europe/Paris"))
    assert (third.status, third.stage, third.closed_at) == ("won", pipeline["won"], NOON)
    assert third.contact == Contact.objects.get(name="Société Étoile")
    assert loaded.added == {"contacts.contact": 2}


def test_ends_deals_of_a_hubspot_export(write: Write, max: User, pipeline: Stages) -> None:
    text = (
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company\n"
        "1,Big,Closed Won,2026-05-04 10:00,Max Martin,1200,Sales,Acme\n"
        "2,Small,Closed lost,2026-05-05,,10,Sales,Acme\n"
        "3,Later,Proposal,2027-01-05,,10,Sales,Acme\n"
    )

    loaded = load(write, text, max)

    assert reasons(loaded) == []
    found = [
        (d.name, d.status, d.closed_at and d.closed_at.date()) for d in Opportunity.objects.order_by("pk")
    ]
    assert found == [
        ("Big", "won", date(2026, 5, 4)),
        ("Small", "lost", date(2026, 5, 5)),
        ("Later", "open", None),
    ]
    assert Contact.objects.filter(name="Acme", kind="company").count() == 1


def test_refuses_bad_rows_one_by_one(write: Write, max: User, pipeline: Stages) -> None:
    path = write("")
    path.write_bytes(
        "Name,Amount,Stage,Salesperson,Probability,Closing date,E-mail\n"
        "Good,12k,Proposal,,,,\n"
        ",100,New,,,,\n"
        "Wrong number,twelve,New,,,,\n"
        "Unknown stage,1,Nowhere,,,,\n"
        "Unknown person,1,New,Zoé,,,\n"
        "Out of range,1,New,,140,,\n"
        "Negative,-5,New,,,,\n"
        "No such day,1,New,,,31/02/2026,\n"
        "Too many,1,New,,,,,more\n".encode()
        + b"Broken \xff\xfe,1,New,,,,\n"
        + "Two at once,x,Nowhere,,,,\nÉtoile,2,New,,,,\n".encode()
        + b"x" * 161
        + b",1,New,,,,\n"
    )

    loaded = load_file("opportunities", path, max, via="test", at=NOON)

    assert loaded.created == 2
    assert reasons(loaded) == [
        (3, "Name"), (4, "Amount"), (5, "Stage"), (6, "Salesperson"), (7, "Probability"), (8, "Amount"),
        (9, "Closing date"), (10, "H"), (11, "Name"), (12, "Amount, Stage"), (14, "Name"),
    ]  # fmt: skip
    assert "12,4k" in loaded.rejected[1].reason
    assert "Nowhere" in loaded.rejected[2].reason


def test_writes_refused_rows_to_a_file_to_correct(write: Write, max: User, pipeline: Stages) -> None:
    path = write("")
    loaded = load(write, "Name;Amount\n=cmd();x\n", max)

    write_rejected(path, loaded.header, loaded.rejected)

    assert path.read_text("utf-8-sig").splitlines()[0] == "Name,Amount,Line,Column,Reason"
    assert path.read_text("utf-8-sig").splitlines()[1].startswith("'=cmd(),x,2,Amount,")


def test_speaks_the_language_of_the_file_for_numbers(write: Write, max: User, pipeline: Stages) -> None:
    load(write, 'Name;Amount\nA;"1,234"\nB;"12,5"\n', max)

    assert list(Opportunity.objects.order_by("pk").values_list("expected_revenue", flat=True)) == [
        Decimal("1.23"),
        Decimal("12.50"),
    ]


def test_refuses_rows_for_others_to_a_salesperson_of_own_deals(
    write: Write, anna: User, ben: User, pipeline: Stages
) -> None:
    loaded = load(
        write,
        "Name,Salesperson,Company name\nMine,anna@piste.example,A\nHis,Ben Martin,B\nNobody's,,C\n",
        anna,
    )

    assert reasons(loaded) == [(3, "Salesperson")]
    assert sorted(Opportunity.objects.values_list("name", flat=True)) == ["Mine", "Nobody's"]
    assert sorted(Contact.objects.exclude(name="Société Étoile").values_list("name", flat=True)) == ["A", "C"]


def test_gives_rows_without_a_salesperson_to_the_one_chosen(
    write: Write, max: User, anna: User, pipeline: Stages
) -> None:
    load(write, "Name\nA\n", max, owner=anna.pk)

    assert Opportunity.objects.get().owner == anna


def test_lets_a_person_say_what_a_word_stands_for(write: Write, max: User, pipeline: Stages) -> None:
    loaded = load(
        write,
        "Name,Stage,Salesperson\nA,Negotiation,Zoé\n",
        max,
        values={"stage": {"negotiation": pipeline["proposal"].pk}, "owner": {"zoe": 0}},
    )

    assert reasons(loaded) == []
    assert Opportunity.objects.get().stage == pipeline["proposal"]


def test_refuses_a_stage_of_another_team(write: Write, max: User, anna: User, pipeline: Stages) -> None:
    from piste.accounts.models import Team

    Stage.objects.create(name="Sud", team=Team.objects.create(name="Sud"), position=3)

    loaded = load(write, "Name,Stage,Salesperson\nA,Sud,Anna Martin\n", max)

    assert reasons(loaded) == [(2, "Stage")]


def test_makes_no_lists_that_the_user_may_not_make(write: Write, ben: User, pipeline: Stages) -> None:
    loaded = load(write, "Name,Source,Tags\nA,Salon,New tag\nB,,New tag\n", ben)

    assert reasons(loaded) == [(2, "Source")]
    assert Tag.objects.filter(name="New tag").count() == 1


def test_takes_everything_of_a_rehearsal_back(write: Write, max: User, pipeline: Stages) -> None:
    path = write("Name,Company name,Tags,Amount\nA,Acme,x,1\nB,Acme,y,z\n")

    loaded = load_file("opportunities", path, max, via="test", rehearse=True)

    assert (loaded.created, len(loaded.rejected)) == (1, 1)
    assert not Opportunity.objects.exists()
    assert not Contact.objects.filter(name="Acme").exists()
    assert not Operation.objects.filter(command="opportunity.import").exists()


def test_is_one_operation(write: Write, max: User, pipeline: Stages) -> None:
    loaded = load(write, "Name,Company name,Tags\nA,Acme,x\nB,Beta,x\n", max)

    operation = Operation.objects.get()
    assert loaded.operation == operation
    assert operation.about["count"] == 2
    events = Opportunity.pgh_event_model.objects.filter(pgh_context_id=operation.pk)  # type: ignore[attr-defined]
    assert events.count() == 2


def test_makes_no_leads_where_they_are_turned_off(write: Write, max: User, pipeline: Stages) -> None:
    with pytest.raises(PermissionDenied):
        load(write, "Name\nA\n", max, into="leads")
    assert not Lead.objects.exists()


def test_makes_leads_of_rows_for_leads(
    write: Write, max: User, pipeline: Stages, leads_on: PipelineSettings
) -> None:
    load(write, "Name\nA\n", max, into="leads")
    assert Lead.objects.get().name == "A"


def test_needs_the_right_to_add(write: Write, anna: User, pipeline: Stages) -> None:
    with pytest.raises(PermissionDenied):
        load(write, "Name\nA\n", anna, into="stages")
    with pytest.raises(Refused):
        load(write, "Name\nA\n", anna, into="nowhere")


def test_makes_companies_and_their_people(write: Write, max: User, pipeline: Stages) -> None:
    text = (
        "Nom;Société liée;Est une société;Email;Téléphone;Étiquettes;Pays;Poste\n"
        "Marie Durand;Boulangerie Durand;Faux;marie@durand.example;02 61 91 40 12;VIP;France;Gérante\n"
        "Boulangerie Durand;;Vrai;;;;FR;\n"
    )

    loaded = load(write, text, max, into="customers")

    assert reasons(loaded) == []
    marie = Contact.objects.get(name="Marie Durand")
    assert marie.parent == Contact.objects.get(name="Boulangerie Durand", kind="company")
    assert (marie.kind, marie.country, marie.phone_e164, marie.email_normalised) == (
        "person", "FR", "+33261914012", "marie@durand.example",
    )  # fmt: skip
    assert [tag.name for tag in marie.tags.all()] == ["VIP"]
    assert loaded.created == 2


def test_keeps_all_addresses_of_a_cell(write: Write, max: User, pipeline: Stages) -> None:
    load(
        write,
        'Name,Email,Phone\nMarie,"marie@d.example, m.durand@d.example",01 02; 03 04\n',
        max,
        into="customers",
    )

    marie = Contact.objects.get(name="Marie")
    assert (marie.email, marie.other_emails) == ("marie@d.example", ["m.durand@d.example"])
    assert (marie.phone, marie.other_phones) == ("01 02", ["03 04"])


def test_takes_the_first_of_several_contacts_of_a_deal(write: Write, max: User, pipeline: Stages) -> None:
    row = "A,Marie Durand (m@d.example); Paul (p@d.example),m@d.example;p@d.example\n"
    text = f"Deal Name,Associated Contact,Email\n{row}"

    load(write, text, max)

    deal = Opportunity.objects.get()
    assert deal.contact is not None
    assert (deal.contact.name, deal.email) == ("Marie Durand", "m@d.example")


def test_ignores_an_owner_out_of_reach(write: Write, max: User, pipeline: Stages) -> None:
    load(write, "Name\nA\n", max, owner=999_999)

    assert Opportunity.objects.get().owner is None


def test_joins_first_and_last_names(write: Write, max: User, pipeline: Stages) -> None:
    load(
        write,
        "First Name,Last Name,Email,Associated Company\nMarie,Durand,m@d.example,Durand SA\n",
        max,
        into="customers",
    )

    marie = Contact.objects.get(name="Marie Durand")
    assert marie.kind == "person"
    assert marie.family.name == "Durand SA"


def test_leaves_known_customers_alone_if_asked(write: Write, max: User, pipeline: Stages) -> None:
    loaded = load(
        write,
        "Name,Email\nEtoile,hello@ETOILE.example\nSOCIETE ETOILE,\nNew,\n",
        max,
        into="customers",
        again=False,
    )

    assert reasons(loaded) == [(2, "Name"), (3, "Name")]


def test_makes_rows_of_simple_lists(write: Write, max: User, pipeline: Stages) -> None:
    loaded = load(write, "Name,Order,Won stage\nNegotiation,3,no\n,4,\n", max, into="stages")

    assert reasons(loaded) == [(3, "Name")]
    assert Stage.objects.get(name="Negotiation").position == 3
