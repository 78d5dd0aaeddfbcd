"""A customer's page says what is open and what was won, as far as its reader sees the deals."""

from __future__ import annotations

import re

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.pipeline.models import Opportunity
from piste.ui.testing import Answer, Visitor
from tests import factories
from tests.conftest import NOON, Stages


@pytest.fixture
def company(stages: Stages, anna: User, cora: User) -> Contact:
    """Open: 1,000 of Anna, 200 of Anna with somebody who works there, 50 of Cora. Won: 4,000 of Anna."""
    company = factories.company("Îles & Voiles", owner=anna)
    person = factories.person("Gaëlle Riou", parent=company)
    for owner, contact, revenue in ((anna, company, 1000), (anna, person, 200), (cora, company, 50)):
        factories.deal(f"Deal {revenue}", owner=owner, contact=contact, expected_revenue=revenue)
    won = factories.deal("Deal 4000", owner=anna, contact=company, expected_revenue=4000)
    won.win(by=anna, at=NOON)
    factories.deal("Away", owner=anna, contact=company, expected_revenue=9, archived=True)
    return company


def figures(answer: Answer) -> dict[str, tuple[str, str]]:
    """By label the amount and where it leads."""
    found = re.findall(r"<dt>([^<]+)</dt>\s*<dd>(?:<a href=\"([^\"]*)\">)?([^<]+)", answer.text)
    return {label: (value.strip(), url.replace("&amp;", "&")) for label, url, value in found}


def names(visitor: Visitor, url: str) -> set[str]:
    return set(re.findall(r'class="row-link"[^>]*>([^<]+)<', visitor.get(url).text))


def test_adds_up_what_the_reader_sees(company: Contact, anna: User, max_: User) -> None:
    url = company.get_absolute_url()

    assert figures(Visitor(anna).get(url))["Open amount"][0] == "€1,200"
    assert figures(Visitor(max_).get(url))["Open amount"][0] == "€1,250"
    assert figures(Visitor(anna).get(url))["Won in total"][0] == "€4,000"


def test_each_figure_leads_to_its_deals(company: Contact, anna: User) -> None:
    visitor = Visitor(anna)
    shown = figures(visitor.get(company.get_absolute_url()))

    assert names(visitor, shown["Open amount"][1]) == {"Deal 1000", "Deal 200"}
    assert names(visitor, shown["Won in total"][1]) == {"Deal 4000"}


def test_says_whose_deals_the_list_shows(company: Contact, anna: User) -> None:
    page = Visitor(anna).get(f"/opportunities/?view=list&f=open&w=contact~within~{company.pk}")

    assert "Îles &amp; Voiles" in page.text


def test_leads_nowhere_without_deals(stages: Stages, anna: User) -> None:
    company = factories.company("Zinc", owner=anna)

    assert figures(Visitor(anna).get(company.get_absolute_url()))["Open amount"] == ("€0", "")


@pytest.mark.parametrize("where", ["contact~within~x", "owner~within~1", "stage~within~1", "contact~within~"])
def test_refuses_what_has_nothing_below_it(company: Contact, anna: User, where: str) -> None:
    assert Visitor(anna).get("/opportunities/", view="list", w=where).status == 400


def test_offers_no_list_of_all_customers_to_filter_by(company: Contact, anna: User) -> None:
    assert "Îles &amp; Voiles" not in Visitor(anna).get("/opportunities/filters/").text


def test_counts_no_deal_twice(company: Contact, anna: User) -> None:
    assert Opportunity.objects.filter(archived=False).count() == 4
