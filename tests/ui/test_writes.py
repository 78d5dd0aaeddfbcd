"""Creating, editing, moving, deleting: what the page's script and a plain browser are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.pipeline.models import Opportunity
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import Stages


@pytest.fixture
def visitor(lena: User) -> Visitor:
    return Visitor(lena)


@pytest.fixture
def deal(stages: Stages, lena: User) -> Opportunity:
    return factories.deal("Roof", owner=lena, stage=stages.new, expected_close=date(2026, 3, 31))


def test_tells_the_script_what_changed_and_how_to_undo_it(deal: Opportunity, visitor: Visitor) -> None:
    answer = visitor.post(f"/opportunities/{deal.pk}/do/archive/")

    assert (answer.status, answer.text) == (204, "")
    assert answer.toast == "“Roof” archived."
    assert answer.told["rows-changed"] == {"ids": [deal.pk]}
    assert answer.told["close-dialog"] is True
    assert answer.undo == f"/operations/{Operation.objects.get().pk}/undo/"


def test_sends_a_browser_on_with_a_message(deal: Opportunity, visitor: Visitor) -> None:
    answer = visitor.post(f"/opportunities/{deal.pk}/do/archive/", part=False)

    assert (answer.status, answer.headers["Location"]) == (303, f"/opportunities/{deal.pk}/")
    page = visitor.get(answer.headers["Location"]).text
    assert "“Roof” archived." in page
    assert f"/operations/{Operation.objects.get().pk}/undo/" in page


def test_refuses_in_a_sentence(deal: Opportunity, visitor: Visitor) -> None:
    answer = visitor.post(f"/opportunities/{deal.pk}/do/reopen/")
    browser = visitor.client.post(
        f"/opportunities/{deal.pk}/do/reopen/",
        headers={"Referer": "http://testserver/opportunities/?view=list&q=a"},
    )

    assert (answer.status, answer.toast) == (409, "“Roof” is already open.")
    assert answer.told["toast"]["kind"] == "error"
    assert (browser.status_code, browser.headers["Location"]) == (303, "/opportunities/?view=list&q=a")
    assert "“Roof” is already open." in visitor.get("/opportunities/").text
    assert not Operation.objects.exists()


def test_gives_a_wrong_form_back_with_what_was_typed(deal: Opportunity, visitor: Visitor) -> None:
    values = {"name": "", "expected_revenue": "lots", "city": "Brest"}

    answer = visitor.post("/opportunities/new/", values)

    assert answer.status == 422
    assert 'value="lots"' in answer.text and 'value="Brest"' in answer.text
    assert "The amount must be a number" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert Opportunity.objects.count() == 1


def test_edits_a_value_where_it_stands(deal: Opportunity, visitor: Visitor) -> None:
    address = f"/opportunities/{deal.pk}/cell/expected_revenue/"

    shown, saved, wrong = (
        visitor.get(address, part=True),
        visitor.post(address, {"expected_revenue": "12,4k"}),
        visitor.post(address, {"expected_revenue": "much"}),
    )

    assert 'name="expected_revenue"' in shown.text and "city" not in shown.text
    assert (saved.status, saved.told["cell-saved"]) == (200, {"id": deal.pk})
    assert "€12,400" in saved.text and saved.undo
    assert (wrong.status, 'value="much"' in wrong.text) == (422, True)
    deal.refresh_from_db()
    assert deal.expected_revenue == Decimal(12400)


@pytest.mark.parametrize("name", ["status", "archived", "search", "password", "nothing"])
def test_edits_nothing_that_is_not_in_the_form(deal: Opportunity, visitor: Visitor, name: str) -> None:
    address = f"/opportunities/{deal.pk}/cell/{name}/"

    assert (visitor.get(address).status, visitor.post(address, {name: "1"}).status) == (404, 404)


def test_makes_a_deal_of_a_line_in_its_lane(stages: Stages, visitor: Visitor) -> None:
    answer = visitor.post("/opportunities/quick/", {"name": "Acme 12k", "lane": stages.qualified.pk})

    made = Opportunity.objects.get()
    assert (answer.status, made.name, made.expected_revenue) == (204, "Acme", Decimal(12000))
    assert (made.stage, made.owner, made.created_by) == (stages.qualified, visitor.user, visitor.user)


def test_makes_a_deal_in_the_lane_of_a_person(stages: Stages, visitor: Visitor, anna: User) -> None:
    visitor.post("/opportunities/quick/?g=owner", {"name": "Acme", "lane": anna.pk})

    assert Opportunity.objects.get().owner == anna


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "Acme", "lane": "999999"}, {"name": "A" * 300}])
def test_makes_no_deal_of_a_wrong_line(stages: Stages, visitor: Visitor, values: dict[str, Any]) -> None:
    answer = visitor.post("/opportunities/quick/", values)

    assert (answer.status, bool(answer.toast), Opportunity.objects.count()) == (422, True, 0)


def test_moves_a_card_and_says_where(deal: Opportunity, stages: Stages, visitor: Visitor) -> None:
    answer = visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": stages.qualified.pk})

    assert (answer.status, answer.toast) == (204, "“Roof” moved to Qualified.")
    deal.refresh_from_db()
    assert deal.stage == stages.qualified


@pytest.mark.parametrize(
    ("group", "lane", "name", "value"),
    [("priority", "3", "priority", 3), ("city", "Brest", "city", "Brest"), ("owner", "", "owner", None)],
)
def test_a_drop_writes_what_the_lanes_stand_for(
    deal: Opportunity, visitor: Visitor, group: str, lane: str, name: str, value: object
) -> None:
    answer = visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": lane, "g": group})

    deal.refresh_from_db()
    assert (answer.status, getattr(deal, name)) == (204, value)


def test_a_drop_into_a_month_keeps_the_day(deal: Opportunity, visitor: Visitor) -> None:
    visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": "2026-04-01", "g": "expected_close:month"})

    deal.refresh_from_db()
    assert deal.expected_close == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("group", "lane"),
    [("", ""), ("", "x"), ("", "999999"), ("tags", "1"), ("created_at:month", "2026-01-01"), ("priority", "9"),
     ("owner", "999999"), ("lost_reason", "1"), ("expected_close:month", "soon")],
)  # fmt: skip
def test_refuses_a_drop_where_nothing_can_be_dropped(
    deal: Opportunity, visitor: Visitor, group: str, lane: str
) -> None:
    before = Opportunity.objects.values().get()

    answer = visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": lane, "g": group})

    assert answer.status == 409
    assert answer.toast.endswith(".")
    assert Opportunity.objects.values().get() == before


def test_celebrates_a_win_for_those_who_like_it(deal: Opportunity, stages: Stages, visitor: Visitor) -> None:
    won = visitor.post(f"/opportunities/{deal.pk}/move/", {"lane": stages.won.pk})
    visitor.post(won.undo)
    User.objects.filter(pk=visitor.user.pk).update(celebrations=False)
    quietly = visitor.post(f"/opportunities/{deal.pk}/do/win/")

    assert won.told["celebrate"]["text"]
    assert "celebrate" not in quietly.told


def test_deletes_with_a_way_back(deal: Opportunity, max_: User) -> None:
    manager = Visitor(max_)

    answer = manager.post(f"/opportunities/{deal.pk}/delete/")

    assert (answer.toast, Opportunity.objects.exists()) == ("“Roof” deleted.", False)
    assert manager.post(answer.undo).status == 204
    assert Opportunity.objects.get() == deal


def test_names_what_hangs_on_a_record(deal: Opportunity, max_: User) -> None:
    company: Contact = factories.company("Armor")
    Opportunity.objects.update(contact=company)

    answer = Visitor(max_).post(f"/customers/{company.pk}/delete/")

    assert (answer.status, answer.toast) == (409, "“Armor” cannot be deleted: “Roof” depends on it.")


def test_does_not_name_what_is_out_of_reach(
    deal: Opportunity, anna: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    company: Contact = factories.company("Armor")
    Opportunity.objects.update(contact=company, owner=ben)
    allowed = User.has_perm
    monkeypatch.setattr(
        User,
        "has_perm",
        lambda self, perm, obj=None: perm == "contacts.delete_contact" or allowed(self, perm),
    )

    answer = Visitor(anna).post(f"/customers/{company.pk}/delete/")

    assert (answer.status, answer.toast) == (409, "“Armor” cannot be deleted: other records depend on it.")


def test_people_are_deactivated_not_deleted(ada: User, anna: User) -> None:
    assert Visitor(ada).post(f"/users/{anna.pk}/delete/").status == 403
    assert User.objects.filter(pk=anna.pk).exists()


def test_asks_before_deleting(max_: User, anna: User, stages: Stages) -> None:
    deal = factories.deal("Site vitrine", owner=anna)
    address = f"/opportunities/{deal.pk}/delete/"

    dialog = Visitor(max_).get(address, part=True)

    assert "Delete “Site vitrine”?" in dialog.text
    assert f'action="{address}"' in dialog.text
    assert Opportunity.objects.filter(pk=deal.pk).exists()
    assert Visitor(anna).get(address).status == 403
