"""Merging in the browser: what the dialog offers, what it does, and where the old addresses lead."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.merge import MOST
from piste.core.models import Operation
from piste.pipeline.models import Deal, Opportunity
from tests import factories
from tests.conftest import Stages

PART = {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def chosen(html: str) -> dict[str, list[str]]:
    """What the form would send: of every line the records that are chosen."""
    inputs = re.findall(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="(\d+)"[^>]*? checked', html)
    found: dict[str, list[str]] = {"offered": re.findall(r'name="offered" value="([^"]+)"', html)}
    for name, value in inputs:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def pair(anna: User, stages: Stages) -> tuple[Opportunity, Opportunity]:
    first = factories.deal("Site", owner=anna, city="Brest", stage=stages.qualified)
    second = factories.deal("Site web", owner=anna, email="jean@example.com", expected_revenue=Decimal(4000))
    return first, second


def test_shows_a_column_for_each_and_chooses_by_the_rules(anna: User, pair: Any) -> None:
    first, second = pair

    page = signed_in(anna).get(f"/opportunities/merge/?ids={first.pk},{second.pk}").content.decode()

    taken = chosen(page)
    assert taken["survivor"] == [str(first.pk)]
    assert taken["pick-name"] == [str(first.pk)]
    assert taken["pick-email"] == [str(second.pk)]
    assert "Site web" in page
    assert "jean@example.com" in page


def test_merges_what_was_chosen_and_says_so(anna: User, pair: Any) -> None:
    first, second = pair
    client, url = signed_in(anna), f"/opportunities/merge/?id={first.pk}&id={second.pk}"
    sent = chosen(client.get(url).content.decode()) | {"pick-name": [str(second.pk)]}

    answer = client.post(url, sent, headers=PART)

    assert answer.status_code == 204
    told = json.loads(answer.headers["HX-Trigger"])
    assert told["toast"]["text"] == "1 record is now part of “Site web”."
    deal = Opportunity.objects.get()
    assert (deal.pk, deal.name, deal.city, deal.email) == (first.pk, "Site web", "Brest", "jean@example.com")
    client.post(told["toast"]["undo"], headers=PART)
    assert sorted(Opportunity.objects.values_list("name", flat=True)) == ["Site", "Site web"]


def test_takes_another_survivor_and_no_tags_at_all(anna: User, pair: Any) -> None:
    first, second = pair
    first.tags.set([factories.tag("Web")])
    client, url = signed_in(anna), f"/opportunities/merge/?ids={first.pk},{second.pk}"
    sent = chosen(client.get(url).content.decode()) | {"survivor": str(second.pk), "pick-tags": []}

    client.post(url, sent, headers=PART)

    deal = Opportunity.objects.get()
    assert (deal.pk, deal.name, list(deal.tags.all())) == (second.pk, "Site", [])


def test_the_address_of_the_other_leads_to_the_survivor(anna: User, pair: Any) -> None:
    first, second = pair
    client, url = signed_in(anna), f"/opportunities/merge/?ids={first.pk},{second.pk}"
    client.post(url, {})

    for address in (f"/opportunities/{second.pk}/", f"/opportunities/{second.pk}/edit/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/opportunities/{first.pk}/")
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.post(f"/opportunities/{second.pk}/do/win/").status_code == 404


def test_leads_nowhere_when_the_survivor_is_out_of_reach(anna: User, cora: User, pair: Any) -> None:
    first, second = pair
    signed_in(anna).post(f"/opportunities/merge/?ids={first.pk},{second.pk}", {})

    assert signed_in(cora).get(f"/opportunities/{second.pk}/").status_code == 404


def test_goes_to_the_result_from_the_page_of_what_is_no_more(anna: User, pair: Any) -> None:
    first, second = pair
    headers = PART | {"HX-Current-URL": f"http://testserver/opportunities/{second.pk}/"}

    answer = signed_in(anna).post(f"/opportunities/merge/?ids={first.pk},{second.pk}", {}, headers=headers)

    assert answer.headers["HX-Redirect"] == f"/opportunities/{first.pk}/"


def test_a_record_out_of_reach_looks_like_none(anna: User, cora: User, pair: Any) -> None:
    first, _second = pair
    hidden = factories.deal("Geheim", owner=cora)
    client = signed_in(anna)

    of_hidden = client.get(f"/opportunities/merge/?ids={first.pk},{hidden.pk}", headers=PART)
    of_none = client.get(f"/opportunities/merge/?ids={first.pk},999999", headers=PART)
    assert of_hidden.content == of_none.content
    assert "Geheim" not in of_hidden.content.decode()
    assert client.get(f"/opportunities/merge/?ids={hidden.pk}").status_code == 404

    refused = client.post(f"/opportunities/merge/?ids={first.pk},{pair[1].pk},{hidden.pk}", {}, headers=PART)
    assert refused.status_code == 422
    assert "has just been merged or deleted" in refused.content.decode()
    assert Deal.objects.count() == 3


def test_only_with_the_right_to_change(outsider: User, pair: Any) -> None:
    answer = signed_in(outsider).get(f"/opportunities/merge/?ids={pair[0].pk},{pair[1].pk}")

    assert answer.status_code == 403


def test_asks_with_what_to_merge_one(anna: User, pair: Any) -> None:
    page = signed_in(anna).get(f"/opportunities/merge/?ids={pair[0].pk}").content.decode()

    assert "Merge “Site” with…" in page
    assert f'name="id" value="{pair[0].pk}"' in page


def test_says_why_a_won_one_has_to_stay(anna: User, pair: Any) -> None:
    first, second = pair
    Opportunity.objects.get(pk=first.pk).win(by=anna, at=first.created_at)
    client, url = signed_in(anna), f"/opportunities/merge/?ids={first.pk},{second.pk}"

    answer = client.post(url, {"survivor": str(second.pk)}, headers=PART)

    assert answer.status_code == 422
    assert "“Site” is won, so it has to be the one that stays." in answer.content.decode()
    assert Opportunity.objects.count() == 2


def test_asks_twice_for_more_than_five(anna: User, stages: Stages) -> None:
    deals = [factories.deal(f"Deal {number}", owner=anna) for number in range(6)]
    client, url = signed_in(anna), "/opportunities/merge/?ids=" + ",".join(str(deal.pk) for deal in deals)

    assert client.post(url, {}, headers=PART).status_code == 422
    assert Opportunity.objects.count() == 6
    assert client.post(url, {"confirmed": "1"}, headers=PART).status_code == 204
    assert Opportunity.objects.count() == 1


def test_refuses_more_than_a_hundred(anna: User, stages: Stages) -> None:
    ids = ",".join(map(str, range(1, MOST + 2)))

    answer = signed_in(anna).get(f"/opportunities/merge/?ids={ids}", headers=PART)

    assert answer.status_code == 409
    assert "At most 100 records" in answer.headers["HX-Trigger"]


def test_merges_a_lead_into_an_opportunity(max_: User, stages: Stages, leads_on: Any) -> None:
    lead, deal = factories.lead("Lead"), factories.deal("Deal", stage=stages.new)
    client, url = signed_in(max_), f"/opportunities/merge/?ids={lead.pk},{deal.pk}"

    page = client.get(url).content.decode()
    client.post(url, chosen(page))

    assert Deal.objects.get() == Deal(pk=deal.pk)
    assert client.get(f"/opportunities/{lead.pk}/").headers["Location"] == f"/opportunities/{deal.pk}/"
    assert client.get(f"/leads/{lead.pk}/").headers["Location"] == f"/opportunities/{deal.pk}/"


def test_customers_too(anna: User) -> None:
    first, second = (
        factories.company("Armor", city="Lorient"),
        factories.company("Armor SA", email="a@armor.example"),
    )
    order = factories.deal("Order", contact=second)
    client, url = signed_in(anna), f"/customers/merge/?ids={first.pk},{second.pk}"

    client.post(url, chosen(client.get(url).content.decode()))

    assert Contact.objects.get().email == "a@armor.example"
    order.refresh_from_db()
    assert order.contact_id == first.pk
    assert client.get(f"/customers/{second.pk}/").headers["Location"] == f"/customers/{first.pk}/"


def test_is_offered_on_lists_and_pages(anna: User, pair: Any) -> None:
    client = signed_in(anna)

    assert 'data-bulk-url="/opportunities/merge/"' in client.get("/opportunities/?view=list").content.decode()
    assert (
        f"/opportunities/merge/?ids={pair[0].pk}"
        in client.get(f"/opportunities/{pair[0].pk}/").content.decode()
    )


def test_is_one_operation(anna: User, pair: Any) -> None:
    first, second = pair

    signed_in(anna).post(f"/opportunities/merge/?ids={first.pk},{second.pk}", {})

    done = Operation.objects.get()
    assert done.command == "opportunity.merge"
    assert done.about["merged"] == [{"pk": second.pk, "label": "Site web"}]


def test_a_screen_whose_records_are_not_merged_has_no_such_page(max_: User, stages: Stages) -> None:
    assert signed_in(max_).get(f"/stages/merge/?ids={stages.new.pk},{stages.won.pk}").status_code == 404
