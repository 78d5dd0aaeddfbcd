"""Questions about many deals."""

from __future__ import annotations

from datetime import date

from piste.accounts.models import User
from piste.pipeline.models import Deal, Lead, Opportunity
from tests.conftest import NOON, Stages
from tests.factories import company, deal, lead, person


def names(rows: object) -> list[str]:
    return sorted(row.name for row in rows)  # type: ignore[attr-defined]


def test_tell_open_won_and_lost(anna: User, stages: Stages) -> None:
    deal("Open")
    deal("Won").win(by=anna, at=NOON)
    deal("Lost").lose(by=anna, at=NOON)

    assert names(Deal.objects.open()) == ["Open"]
    assert names(Deal.objects.won()) == ["Won"]
    assert names(Deal.objects.lost()) == ["Lost"]


def test_find_what_nobody_sells(anna: User, stages: Stages) -> None:
    deal("Anna’s", owner=anna)
    deal("Nobody’s")

    assert names(Opportunity.objects.unassigned()) == ["Nobody’s"]


def test_find_open_deals_whose_closing_has_passed(anna: User, stages: Stages) -> None:
    deal("Late", expected_close=date(2026, 3, 17))
    deal("Today", expected_close=date(2026, 3, 18))
    deal("Never")
    deal("Done", expected_close=date(2026, 3, 17)).win(by=anna, at=NOON)

    assert names(Deal.objects.overdue(on=NOON.date())) == ["Late"]


def test_keep_leads_and_opportunities_apart(stages: Stages) -> None:
    deal("Opportunity")
    lead("Lead")

    assert names(Lead.objects.all()) == ["Lead"]
    assert names(Opportunity.objects.all()) == ["Opportunity"]
    assert names(Deal.objects.all()) == ["Lead", "Opportunity"]


def test_say_who_the_customer_is(stages: Stages) -> None:
    sailors = company("Îles & Voiles")

    assert deal(contact=person("Gaëlle Riou", parent=sailors)).who == "Îles & Voiles · Gaëlle Riou"
    assert deal(contact=sailors).who == "Îles & Voiles"
    assert deal(contact=person("Gaëlle Riou")).who == "Gaëlle Riou"
    assert deal(company_name="Kerbrat", contact_name="Soizic").who == "Kerbrat · Soizic"
    assert deal().who == ""
