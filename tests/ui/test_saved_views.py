"""Saved views are changed with undo, and a screen opens as one left it."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.core.models import Operation
from piste.pipeline.models import Opportunity
from piste.ui.models import SavedSearch
from piste.ui.testing import Visitor
from piste.ui.testing.visiting import asked


@pytest.fixture
def visitor(max_: User) -> Visitor:
    """May share views."""
    return Visitor(max_)


@pytest.fixture
def mine(visitor: Visitor) -> SavedSearch:
    return SavedSearch.objects.create(
        owner=visitor.user, screen="opportunities", name="Big ones", query="view=list&f=open"
    )


def kept() -> list[dict[str, Any]]:
    return list(SavedSearch.objects.order_by("pk").values())


def save(visitor: Visitor, name: str, on: str, **more: str) -> Any:
    return visitor.post(asked("/searches/new/", on=on), {"name": name, **more})


@pytest.mark.parametrize(
    ("address", "values", "toast"),
    [
        ("/searches/{pk}/delete/", {}, "View “Big ones” deleted."),
        ("/searches/{pk}/default/", {}, "“Big ones” opens its page."),
        ("/searches/{pk}/share/", {}, "“Big ones” is shared with everybody."),
        ("/searches/{pk}/edit/", {"name": "Large"}, "View “Large” saved."),
        ("/searches/new/?on=/opportunities/?view=list", {"name": "Big ones"}, "View “Big ones” saved."),
        ("/searches/new/?on=/opportunities/?view=list", {"name": "New"}, "View “New” saved."),
    ],
)
def test_takes_every_change_back(
    visitor: Visitor, mine: SavedSearch, address: str, values: dict[str, str], toast: str
) -> None:
    other = SavedSearch.objects.create(
        owner=visitor.user, screen="opportunities", name="Other", is_default=True
    )
    before = kept()

    answer = visitor.post(address.format(pk=mine.pk), values)

    assert (answer.status, answer.toast) == (204, toast)
    assert "views-changed" in answer.told
    assert kept() != before
    undone = visitor.post(answer.undo)
    assert undone.status == 204
    assert "views-changed" in undone.told
    assert kept() == before
    assert other.is_default


def test_tells_the_history_what_was_done(visitor: Visitor, mine: SavedSearch) -> None:
    visitor.post(f"/searches/{mine.pk}/edit/", {"name": "Large"})

    done = Operation.objects.get()
    assert (done.command, done.by, done.about["label"]) == ("savedsearch.edit", visitor.user, "Big ones")


def test_offers_what_a_view_is_now_when_it_is_renamed(visitor: Visitor, mine: SavedSearch) -> None:
    form = visitor.get(f"/searches/{mine.pk}/edit/", part=True)

    assert form.status == 200
    assert 'value="Big ones"' in form.text


def test_refuses_a_name_that_another_of_ones_views_has(visitor: Visitor, mine: SavedSearch) -> None:
    save(visitor, "Large", "/opportunities/?view=list")

    answer = visitor.post(f"/searches/{mine.pk}/edit/", {"name": "Large"})

    assert answer.status == 422
    assert "You have a view of this name already." in answer.text
    mine.refresh_from_db()
    assert mine.name == "Big ones"


def test_shares_nothing_without_the_right_to(anna: User, mine: SavedSearch) -> None:
    own = SavedSearch.objects.create(owner=anna, screen="opportunities", name="Mine")

    assert Visitor(anna).post(f"/searches/{own.pk}/share/").status == 404
    Visitor(anna).post(f"/searches/{own.pk}/edit/", {"name": "Mine", "shared": "on"})

    assert not SavedSearch.objects.filter(shared=True).exists()


@pytest.mark.parametrize("address", ["/searches/{pk}/edit/", "/searches/{pk}/delete/"])
def test_changes_no_view_of_others(anna: User, mine: SavedSearch, address: str) -> None:
    before = kept()

    assert Visitor(anna).post(address.format(pk=mine.pk), {"name": "Taken"}).status == 404
    assert Visitor(anna).get("/searches/").text.count("Big ones") == 0
    assert kept() == before


def location(visitor: Visitor, **headers: str) -> str:
    answer = Visitor(visitor.user, **headers).get("/opportunities/")
    return answer.headers.get("Location", "") if answer.status == 302 else ""


def choose(visitor: Visitor, query: str, **headers: str) -> None:
    assert Visitor(visitor.user, **headers).get(f"/opportunities/?{query}", part=True).status == 200
    visitor.user.refresh_from_db()


def test_opens_a_screen_as_one_left_it(deals: list[Opportunity], visitor: Visitor, anna: User) -> None:
    choose(visitor, "view=list&f=lost&o=-name&cols=name,city%3A120&q=word&panel=3")

    assert location(visitor) == "/opportunities/?view=list&o=-name&cols=name%2Ccity%3A120&f=lost"
    assert location(Visitor(anna)) == ""


def test_opens_the_default_view_whatever_was_last(
    deals: list[Opportunity], visitor: Visitor, mine: SavedSearch
) -> None:
    choose(visitor, "view=list&f=lost")
    visitor.post(f"/searches/{mine.pk}/default/")

    assert location(visitor) == "/opportunities/?view=list&f=open"


def test_a_link_from_elsewhere_is_no_choice(deals: list[Opportunity], visitor: Visitor) -> None:
    choose(visitor, "view=list")

    assert visitor.get("/opportunities/?view=board&f=won").status == 200

    assert location(visitor) == "/opportunities/?view=list"


def test_a_refresh_is_no_choice(deals: list[Opportunity], visitor: Visitor) -> None:
    choose(visitor, "view=list")
    choose(visitor, "view=board&f=won", **{"HX-Target": "piste-select#results"})

    assert location(visitor) == "/opportunities/?view=list"


def test_a_page_that_shows_the_bare_address_stays_with_it(deals: list[Opportunity], visitor: Visitor) -> None:
    choose(visitor, "view=list")

    assert location(visitor, **{"HX-Current-URL": "http://testserver/opportunities/?panel=3"}) == ""
    assert location(visitor, **{"HX-Current-URL": "http://testserver/customers/"}) != ""


def test_forgets_a_view_that_the_screen_no_longer_knows(deals: list[Opportunity], visitor: Visitor) -> None:
    visitor.user.remember_view("opportunities", "view=list&g=nonsense")

    assert visitor.get("/opportunities/").status == 200


def test_no_link_of_the_page_leads_to_the_bare_address(deals: list[Opportunity], visitor: Visitor) -> None:
    page = visitor.get("/opportunities/?view=list&f=&o=name&cols=name", part=True)

    assert 'href="/opportunities/?"' not in page.text
    assert 'href="/opportunities/?view=board"' in page.text
