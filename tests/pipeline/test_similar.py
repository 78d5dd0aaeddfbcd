"""It finds the deals that may be the same business, and the customer somebody probably is."""

from __future__ import annotations

import pytest

from piste.contacts.likeness import Reason
from piste.pipeline.duplicates import customer_of
from piste.pipeline.models import Deal, Lead
from tests import factories
from tests.conftest import NOON, Stages

pytestmark = pytest.mark.usefixtures("stages")


def found(deal: Deal) -> dict[str, tuple[Reason, ...]]:
    return {hit.record.name: hit.reasons for hit in Deal.objects.similar_to(deal)}


def test_leads_and_opportunities_alike_whatever_became_of_them(stages: Stages) -> None:
    factories.lead("Demande", email="marie@mer.example")
    factories.deal("Gagnée", email="marie@mer.example", status="won", stage=stages.won, closed_at=NOON)
    factories.deal("Rangée", phone="02 61 91 40 12", archived=True)

    typed = Deal(name="Site", email="MARIE@mer.example", mobile="+33261914012")

    assert found(typed) == {
        "Demande": (Reason.EMAIL,), "Gagnée": (Reason.EMAIL,), "Rangée": (Reason.PHONE,),
    }  # fmt: skip


def test_deals_of_the_same_company_and_its_people() -> None:
    armor = factories.company("Armor Conserves")
    factories.deal("Audit", contact=factories.person("Hervé Tanguy", parent=armor))
    factories.deal("Autre", contact=factories.company("Kerbrat"))

    assert found(Deal(name="Site", contact=factories.person("Marie Le Fur", parent=armor))) == {
        "Audit": (Reason.NAME, Reason.FAMILY)
    }


def test_by_the_name_of_a_company_that_is_no_customer_yet() -> None:
    factories.lead("Demande", company_name="Biscuiterie du Blavet SARL")
    factories.lead("Autre", company_name="Biscuiterie Kerbrat")

    assert found(Deal(name="Site", company_name="BISCUITERIE DU BLAVET")) == {"Demande": (Reason.NAME,)}


def test_a_common_title_tells_nothing_of_two_customers() -> None:
    factories.deal("Site web", company_name="Armor Conserves")

    assert found(Deal(name="Site web", company_name="Ménez Transports")) == {}


def test_only_among_the_deals_one_asks_for() -> None:
    factories.deal("Site", email="marie@mer.example")
    lead = factories.lead("Demande", email="marie@mer.example")

    hits = Lead.objects.similar_to(Deal(name="x", email="marie@mer.example"))

    assert [hit.record.pk for hit in hits] == [lead.pk]


def test_the_customer_is_found_by_address_before_name() -> None:
    factories.company("Armor Conserves")
    marie = factories.person("Marie Le Fur", email="marie@mer.example")

    by_address = customer_of(Deal(name="Site", company_name="Armor Conserves", email="marie@mer.example"))
    by_name = customer_of(Deal(name="Site", company_name="ARMOR CONSERVES SA"))

    assert by_address is not None and (by_address.record, by_address.why) == (marie, "same e-mail")
    assert by_address.is_strong
    assert by_name is not None and (by_name.record.name, by_name.why) == ("Armor Conserves", "similar name")
    assert not by_name.is_strong
    assert customer_of(Deal(name="Site", company_name="Ménez")) is None


def test_no_customer_that_was_put_away() -> None:
    factories.company("Armor Conserves", archived=True)

    assert customer_of(Deal(name="Site", company_name="Armor Conserves")) is None
