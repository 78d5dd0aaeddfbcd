"""A record's page tells of similar ones: a banner once it is shown, and a tab where they are merged or told apart."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import User
from piste.contacts.models import Contact, DifferentPair
from piste.core.models import Operation
from piste.pipeline.models import PipelineSettings
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import NOON, Stages

HIDDEN = "There is a similar record that you may not see. Ask a manager."


def banner(user: User, address: str) -> str:
    """What the page of a record is told once it is shown."""
    answer = Visitor(user).get(f"{address}similar/", part=True)
    assert answer.status == 200
    return " ".join(answer.text.split())


def tab(user: User, address: str) -> str:
    return " ".join(Visitor(user).get(address, tab="similar").text.split())


@pytest.fixture
def both(db: None) -> tuple[Contact, Contact]:
    return (
        factories.company("Armor Conserves", email="contact@armor.example"),
        factories.company("Armor Conserve", email="contact@armor.example", city="Vannes"),
    )


def test_the_page_asks_for_the_banner_once_it_is_shown(anna: User, both: tuple[Contact, Contact]) -> None:
    visitor, address = Visitor(anna), f"/customers/{both[0].pk}/"

    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = visitor.get(address).text

    assert f'hx-get="{address}similar/" hx-trigger="load,' in page
    assert not [query for query in asked.captured_queries if "name_words" in query["sql"]]


def test_the_banner_leads_to_the_tab(anna: User, both: tuple[Contact, Contact]) -> None:
    address = f"/customers/{both[0].pk}/"

    assert "1 similar record" in banner(anna, address)
    assert f'href="{address}?tab=similar"' in banner(anna, address)
    without_script = Visitor(anna).get(f"{address}similar/")
    assert (without_script.status, without_script.headers["Location"]) == (302, f"{address}?tab=similar")


def test_the_tab_says_which_why_and_how_much(anna: User, both: tuple[Contact, Contact]) -> None:
    one, other = both

    shown = tab(anna, f"/customers/{one.pk}/")

    assert f'href="/customers/{other.pk}/"' in shown
    assert "Vannes" in shown
    assert "same e-mail, similar name" in shown
    assert f'href="/customers/merge/?ids={one.pk},{other.pk}"' in shown
    assert 'hx-trigger="load, rows' not in shown


def test_a_lead_may_be_an_opportunity_already(anna: User, stages: Stages, leads_on: PipelineSettings) -> None:
    lead = factories.lead("Demande", email="marie@mer.example", owner=anna)
    deal = factories.deal("Site web", email="marie@mer.example", owner=anna)

    assert "1 similar record" in banner(anna, f"/leads/{lead.pk}/")
    assert "1 similar record" in banner(anna, f"/opportunities/{deal.pk}/")
    assert f"/leads/merge/?ids={lead.pk},{deal.pk}" in tab(anna, f"/leads/{lead.pk}/")


def test_the_banner_keeps_quiet_about_what_is_only_a_little_alike(anna: User, stages: Stages) -> None:
    armor = factories.company("Armor", email="contact@armor.example")
    factories.company("Kerbrat", email="ventes@armor.example")
    deal = factories.deal("Site web", contact=armor, owner=anna)
    factories.deal("Maintenance", contact=armor, owner=anna)
    factories.deal("Site web", contact=armor, owner=anna, status="lost", closed_at=NOON)

    assert banner(anna, f"/customers/{armor.pk}/") == ""
    assert banner(anna, f"/opportunities/{deal.pk}/") == ""
    assert "Maintenance" in tab(anna, f"/opportunities/{deal.pk}/")


def test_tells_apart_and_takes_it_back(anna: User, both: tuple[Contact, Contact]) -> None:
    one, other = both
    visitor, address = Visitor(anna), f"/customers/{one.pk}/"

    answer = visitor.post("/duplicates/different/?kind=contact", {"id": [other.pk, one.pk]})

    assert answer.toast == "Remembered as different: Armor Conserves / Armor Conserve"
    assert banner(anna, address) == ""
    assert "No similar records." in tab(anna, address)
    assert "No similar records." in tab(anna, f"/customers/{other.pk}/")
    assert visitor.post(answer.undo).status == 204
    assert "1 similar record" in banner(anna, address)


def test_goes_back_to_the_tab_without_a_script(anna: User, both: tuple[Contact, Contact]) -> None:
    one, other = both
    here = f"/customers/{one.pk}/?tab=similar"

    visitor = Visitor(anna, referer=f"http://testserver{here}")
    answer = visitor.post("/duplicates/different/?kind=contact", {"id": [one.pk, other.pk]}, part=False)

    assert (answer.status, answer.headers["Location"]) == (303, here)


def test_of_a_deal_out_of_reach_only_that_it_is_there(anna: User, ben: User, stages: Stages) -> None:
    mine = factories.deal("Refonte", email="marie@mer.example", owner=anna)
    hidden = factories.deal("Refontes", email="marie@mer.example", company_name="Geheim", owner=ben)

    for said in (banner(anna, f"/opportunities/{mine.pk}/"), tab(anna, f"/opportunities/{mine.pk}/")):
        assert HIDDEN in said
        for word in ("Refontes", "Geheim", "same e-mail", "1 similar", f"/opportunities/{hidden.pk}/"):
            assert word not in said


def test_nobody_tells_apart_what_is_out_of_reach(anna: User, ben: User, stages: Stages) -> None:
    mine = factories.deal("Refonte", email="marie@mer.example", owner=anna)
    hidden = factories.deal("Secret", email="marie@mer.example", owner=ben)

    for ids in ([mine.pk, hidden.pk], [mine.pk, 999_999], [mine.pk], [mine.pk, mine.pk], ["x", mine.pk]):
        assert Visitor(anna).post("/duplicates/different/?kind=deal", {"id": ids}).status == 404
    assert not DifferentPair.objects.exists()
    assert not Operation.objects.filter(command="deal.different").exists()


def test_another_ones_record_has_no_banner(anna: User, ben: User, stages: Stages) -> None:
    deal = factories.deal("Secret", email="marie@mer.example", owner=ben)

    assert Visitor(anna).get(f"/opportunities/{deal.pk}/similar/", part=True).status == 404


def test_is_not_for_somebody_who_may_only_look(anna: User, stages: Stages) -> None:
    # Leads are turned off here: those that exist can be read.
    lead = factories.lead("Demande", email="marie@mer.example", owner=anna)
    factories.deal("Site web", email="marie@mer.example", owner=anna)

    assert banner(anna, f"/leads/{lead.pk}/") == ""
    page = tab(anna, f"/leads/{lead.pk}/")
    assert f'href="/leads/{lead.pk}/?tab=similar"' not in page
    assert "Site web" not in page


def test_lists_have_neither(max_: User) -> None:
    tag = factories.tag("Urgent")

    assert Visitor(max_).get(f"/tags/{tag.pk}/similar/", part=True).status == 404
    assert "tab=similar" not in Visitor(max_).get(f"/tags/{tag.pk}/").text


def test_many_cost_no_more_queries_than_one(anna: User, both: tuple[Contact, Contact]) -> None:
    visitor, address = Visitor(anna), f"/customers/{both[0].pk}/"
    visitor.get(address, tab="similar")

    with CaptureQueriesContext(connection) as one:
        visitor.get(address, tab="similar")
    for place in range(8):
        factories.company(f"Armor Conserves {place}", email="contact@armor.example")
    with CaptureQueriesContext(connection) as many:
        visitor.get(address, tab="similar")

    assert len(many) <= len(one)
