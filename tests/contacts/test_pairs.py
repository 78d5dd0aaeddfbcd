"""All records are searched for pairs that may be one; people say which are, which are not, and when they are unsure."""

from __future__ import annotations

import pytest
from django.test import TestCase
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.models import User
from piste.contacts import pairing
from piste.contacts.duplicates import CUSTOMERS
from piste.contacts.models import Contact, DifferentPair, LikelyPair
from piste.core.models import Operation
from piste.pipeline.duplicates import DEALS
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import NOON, Stages


def found() -> set[frozenset[str]]:
    """The names of each pair of customers that a search finds."""
    pairing.search(CUSTOMERS, at=NOON)
    names = dict(Contact.objects.values_list("pk", "name"))
    return {frozenset((names[pair.first], names[pair.second])) for pair in LikelyPair.objects.all()}


@pytest.mark.django_db
class TestSearch:
    def test_finds_pairs_by_name_address_and_number(self) -> None:
        factories.company("Armor Conserves SARL")
        factories.company("ARMOR-CONSERVES")
        factories.person("Marie Le Fur", email="marie@mer.example")
        factories.person("Le Fur M.", email="MARIE@mer.example")
        factories.company("Ménez", phone="02 61 91 40 12")
        factories.company("Transports du Ponant", phone="+33261914012")

        assert found() == {
            frozenset({"Armor Conserves SARL", "ARMOR-CONSERVES"}),
            frozenset({"Marie Le Fur", "Le Fur M."}),
            frozenset({"Ménez", "Transports du Ponant"}),
        }

    def test_leaves_out_colleagues_namesakes_and_what_is_put_away(self) -> None:
        armor, menez = factories.company("Armor"), factories.company("Ménez")
        factories.person("Anne Riou", parent=armor, email="anne@armor.example")
        factories.person("Paul Riou", parent=armor, email="paul@armor.example")
        factories.person("Anne Riou", parent=menez)
        factories.company("Kerbrat")
        factories.company("Kerbrat", archived=True)

        assert found() == set()

    def test_leaves_out_what_was_told_apart(self) -> None:
        one, two = factories.company("Armor"), factories.company("Armor SA")
        DifferentPair.objects.create(kind="contact", first=one.pk, second=two.pk)

        assert found() == set()

    def test_a_new_search_forgets_the_old_pairs(self) -> None:
        factories.company("Armor")
        other = factories.company("Armor SA")
        assert len(found()) == 1

        other.name = "Ménez"
        other.save()

        assert found() == set()

    def test_a_customer_may_buy_twice(self, stages: Stages) -> None:
        armor = factories.company("Armor")
        for name in ("Site web", "Maintenance"):
            factories.deal(name, contact=armor, email="contact@armor.example")
        factories.deal("Site web 2", contact=armor, email="contact@armor.example")

        pairing.search(DEALS, at=NOON)

        assert LikelyPair.objects.count() == 1

    def test_a_lead_may_be_an_opportunity_already(self, stages: Stages) -> None:
        lead = factories.lead("Demande", email="marie@mer.example")
        deal = factories.deal("Site web", email="marie@mer.example")
        factories.deal("Perdu", email="marie@mer.example", status="lost", closed_at=NOON)

        pairing.search(DEALS, at=NOON)

        pair = LikelyPair.objects.get()
        assert (pair.first, pair.second, pair.reasons) == (lead.pk, deal.pk, ["email"])


@pytest.fixture
def pair(db: None) -> LikelyPair:
    factories.company("Armor Conserves", city="Lorient")
    factories.company("ARMOR-CONSERVES", city="Vannes")
    pairing.search(CUSTOMERS, at=NOON)
    return LikelyPair.objects.get()


def test_shows_both_side_by_side(pair: LikelyPair, max_: User) -> None:
    page = " ".join(Visitor(max_).get("/duplicates/").text.split())

    assert "Pair 1 of 1" in page
    for word in ("Armor Conserves", "ARMOR-CONSERVES", "Lorient", "Vannes", "similar name"):
        assert word in page
    assert f"/customers/merge/?ids={pair.first},{pair.second}" in page


def test_remembers_what_is_different_and_takes_it_back(pair: LikelyPair, max_: User) -> None:
    visitor = Visitor(max_)

    answer = visitor.post("/duplicates/different/?kind=contact", {"pair": pair.pk})

    assert answer.toast == "Remembered as different: Armor Conserves / ARMOR-CONSERVES"
    assert "Pair 1" not in visitor.get("/duplicates/").text
    pairing.search(CUSTOMERS, at=NOON)
    assert not LikelyPair.objects.exists()

    assert visitor.post(answer.undo).status == 204
    assert not DifferentPair.objects.exists()
    pairing.search(CUSTOMERS, at=NOON)
    assert "Pair 1 of 1" in visitor.get("/duplicates/").text
    assert Operation.objects.filter(command="contact.different").count() == 1


def test_skips_to_the_next_and_round_again(pair: LikelyPair, max_: User) -> None:
    factories.company("Ménez", phone="02 61 91 40 12")
    factories.company("Transports", phone="02 61 91 40 12")
    pairing.search(CUSTOMERS, at=NOON)

    first, second = (Visitor(max_).get(f"/duplicates/?kind=contact&at={at}").text for at in (0, 1))

    assert "Pair 1 of 2" in first
    assert "/duplicates/?kind=contact&amp;at=1" in first
    assert "Pair 2 of 2" in second
    assert 'data-keys="s"' in second


def test_a_merged_record_takes_its_pair_along(pair: LikelyPair, max_: User) -> None:
    Contact.objects.filter(pk=pair.second).delete()

    assert "Pair 1" not in Visitor(max_).get("/duplicates/").text


def test_deals_out_of_reach_are_neither_shown_nor_counted(anna: User, ben: User, stages: Stages) -> None:
    factories.deal("Secret", email="marie@mer.example", owner=ben)
    factories.deal("Secret", email="marie@mer.example", owner=anna)
    pairing.search(DEALS, at=NOON)
    pair = LikelyPair.objects.get()

    page = Visitor(anna).get("/duplicates/?kind=deal").text

    assert "Pair 1" not in page
    assert "Secret" not in page
    assert Visitor(anna).post("/duplicates/different/?kind=deal", {"pair": pair.pk}).status == 404


def test_opens_with_the_kind_that_has_pairs(max_: User, stages: Stages) -> None:
    one = factories.deal("Serre", email="marie@mer.example")
    other = factories.deal("Serres", email="marie@mer.example")
    LikelyPair.objects.create(kind="deal", first=one.pk, second=other.pk, score=97, reasons=["email"])

    assert "Serres" in Visitor(max_).get("/duplicates/").text
    assert "Serres" not in Visitor(max_).get("/duplicates/", kind="contact").text


@pytest.mark.parametrize("address", ["/duplicates/", "/duplicates/different/", "/duplicates/search/"])
def test_is_not_for_those_who_may_not_merge(outsider: User, address: str) -> None:
    visitor = Visitor(outsider)
    answer = visitor.get(address) if address == "/duplicates/" else visitor.post(address)

    assert answer.status == 403
    assert "/duplicates/" not in Visitor(outsider).get("/profile/").text


def test_stands_in_the_navigation(max_: User) -> None:
    assert 'href="/duplicates/"' in Visitor(max_).get("/profile/").text


def test_a_search_is_done_by_the_worker_once(pair: LikelyPair, max_: User) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        for _turn in range(2):
            answer = Visitor(max_).post("/duplicates/search/?kind=contact", part=False)
            assert answer.status == 303

    jobs = ProcrastinateJob.objects.filter(task_name="contacts.search_duplicates")
    assert [job.args for job in jobs] == [{"kind": "contact"}]
    assert "Searching" in Visitor(max_).get("/duplicates/").text
