"""Lists, exports, look-ups, saved views, history and error pages as people see them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from piste.accounts.models import User
from piste.core.models import Operation
from piste.pipeline.models import Opportunity
from piste.ui.models import SavedSearch
from piste.ui.testing import Visitor
from piste.ui.testing.promises import queries
from piste.ui.testing.visiting import asked
from tests import factories
from tests.conftest import Stages


@pytest.fixture
def visitor(lena: User) -> Visitor:
    return Visitor(lena)


def test_opens_with_ones_own_open_deals(deals: list[Opportunity], anna: User) -> None:
    page = Visitor(anna).get("/opportunities/?view=list").text

    assert "Deal 0" in page and "Deal 1<" not in page and "Deal 2<" not in page


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({"f": ""}, "No opportunities yet"),
        ({"f": "", "q": "nothing"}, "No match"),
        ({"f": "lost"}, "No match"),
    ],
)
def test_says_why_there_is_nothing(
    stages: Stages, visitor: Visitor, query: dict[str, str], title: str
) -> None:
    assert title in visitor.get("/opportunities/", view="list", **query).text


def test_opens_and_closes_a_group_of_the_list(deals: list[Opportunity], visitor: Visitor, anna: User) -> None:
    closed = visitor.get("/opportunities/", view="list", f="", g="owner")
    opened = visitor.get("/opportunities/", view="list", f="", g="owner", lane=anna.pk)

    assert "data-id" not in closed.text
    assert [deal.name for deal in deals if f'data-id="{deal.pk}"' in opened.text] == [
        deal.name for deal in deals if deal.owner == anna
    ]


def test_goes_on_where_the_page_ends(stages: Stages, visitor: Visitor) -> None:
    for number in range(85):
        factories.deal(f"Deal {number}")
    first = visitor.get("/opportunities/", view="list", f="")
    more = next(link for link in first.html.links("/") if "after=" in link)

    second = visitor.get(more)

    shown = [pk for pk in Opportunity.objects.values_list("pk", flat=True) if f'data-id="{pk}"' in first.text]
    rest = [pk for pk in Opportunity.objects.values_list("pk", flat=True) if f'data-id="{pk}"' in second.text]
    assert (len(shown), len(rest), set(shown) & set(rest)) == (80, 5, set())


def test_exports_what_the_list_shows(deals: list[Opportunity], visitor: Visitor) -> None:
    address = asked(
        "/opportunities/export/", format="csv", f="", cols="name,expected_revenue,stage", o="name", q="deal 1"
    )

    answer = visitor.get(address)

    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Name", "Expected revenue", "Stage"]
    assert [row[0] for row in rows[1:]] == ["Deal 1", "Deal 10", "Deal 11"]
    assert rows[1][1:] == ["1000.50", "Qualified"]
    assert 'filename="opportunities-' in answer.headers["Content-Disposition"]


def test_exports_a_workbook(deals: list[Opportunity], visitor: Visitor) -> None:
    answer = visitor.client.get(
        asked("/opportunities/export/", format="xlsx", f="", cols="name,expected_revenue")
    )

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(
        0
    )
    rows = sheet.to_python()
    assert len([row for row in rows if str(row[0]).startswith("Deal ")]) == 12
    assert ["Deal 3", 3000.5] in rows


@pytest.mark.parametrize("kind", ["", "pdf", "CSV"])
def test_exports_nothing_else(deals: list[Opportunity], visitor: Visitor, kind: str) -> None:
    assert visitor.get("/opportunities/export/", format=kind).status == 404


def test_looks_up_a_customer_while_one_types(stages: Stages, visitor: Visitor) -> None:
    company = factories.company("Étoile du Nord", city="Brest")
    factories.person("Marie Durand", parent=company)
    for number in range(20):
        factories.company(f"Zinc {number}")

    found = json.loads(visitor.get("/lookup/contacts.contact/", q="durand").text)["results"]
    many = json.loads(visitor.get("/lookup/contacts.contact/", q="zinc").text)["results"]

    assert [(entry["text"], entry["note"]) for entry in found] == [("Marie Durand", "Étoile du Nord")]
    assert len(many) == 12
    assert visitor.get("/lookup/contacts.nothing/").status == 404


def save(visitor: Visitor, name: str, on: str, **more: str) -> Any:
    return visitor.post(asked("/searches/new/", on=on), {"name": name, **more})


def test_keeps_a_view_under_a_name(deals: list[Opportunity], visitor: Visitor) -> None:
    answer = save(
        visitor, "Big ones", "/opportunities/?view=list&w=expected_revenue~gte~5000&panel=3&after=x"
    )

    kept = SavedSearch.objects.get()
    assert (answer.status, answer.toast) == (200, "") or answer.status == 204
    assert (kept.owner, kept.screen, kept.shared) == (visitor.user, "opportunities", False)
    assert kept.query == "view=list&w=expected_revenue~gte~5000"
    assert "Big ones" in visitor.get("/opportunities/").text
    assert "Big ones" in visitor.get("/searches/").text


def test_opens_a_screen_with_the_default_view(deals: list[Opportunity], visitor: Visitor) -> None:
    save(visitor, "Mine", "/opportunities/?view=list&f=mine", is_default="on")
    save(visitor, "Lost", "/opportunities/?view=list&f=lost", is_default="on")

    answer = visitor.get("/opportunities/")

    assert (answer.status, answer.headers["Location"]) == (302, "/opportunities/?view=list&f=lost")
    assert SavedSearch.objects.filter(is_default=True).count() == 1


def test_shares_a_view_only_with_the_right_to(deals: list[Opportunity], anna: User, max_: User) -> None:
    save(Visitor(anna), "Secret", "/opportunities/?f=", shared="on")
    save(Visitor(max_), "For all", "/opportunities/?f=", shared="on")

    assert list(SavedSearch.objects.filter(shared=True).values_list("name", flat=True)) == ["For all"]
    page = Visitor(anna).get("/searches/").text
    assert "For all" in page and "Secret" in page
    assert "Secret" not in Visitor(max_).get("/searches/").text


def test_leaves_the_views_of_others_alone(deals: list[Opportunity], anna: User, max_: User) -> None:
    save(Visitor(max_), "For all", "/opportunities/?f=", shared="on")
    kept = SavedSearch.objects.get()

    for act in ("delete", "default", "share"):
        assert Visitor(anna).post(f"/searches/{kept.pk}/{act}/").status == 404
    assert SavedSearch.objects.get().shared


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("/opportunities/?g=nonsense", 400),
        ("/opportunities/?w=name~is~" + "x" * 2000, 400),
        ("/nowhere/", 404),
        ("", 404),
    ],
)
def test_keeps_no_view_that_cannot_be_opened(
    deals: list[Opportunity], visitor: Visitor, on: str, status: int
) -> None:
    assert save(visitor, "Broken", on).status == status
    assert not SavedSearch.objects.exists()


def test_tells_what_one_did_and_takes_it_back(deals: list[Opportunity], visitor: Visitor) -> None:
    visitor.post(f"/opportunities/{deals[0].pk}/do/archive/")
    operation = Operation.objects.get()

    shown = visitor.get("/operations/", part=True).text
    visitor.post(f"/operations/{operation.pk}/undo/")
    after = visitor.get("/operations/", part=True).text

    assert f"/operations/{operation.pk}/undo/" in shown
    assert f"/operations/{operation.pk}/undo/" not in after
    assert "undone" in after


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/nowhere/", 404, "Nothing here"),
        ("/opportunities/999999/", 404, "Nothing here"),
        ("/opportunities/?g=nonsense", 400, "This address is not valid"),
    ],
)
def test_says_what_went_wrong(
    stages: Stages, visitor: Visitor, address: str, status: int, heading: str
) -> None:
    page, part = visitor.get(address), visitor.get(address, part=True)

    assert (page.status, page.html.headings) == (status, [heading])
    assert (part.status, part.toast.split(".")[0], part.told["toast"]["kind"]) == (status, heading, "error")


def test_gives_a_code_when_it_fails_itself(
    stages: Stages, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("piste.ui.context.rows_context", fails)
    visitor.client.raise_request_exception = False

    answer = visitor.get("/opportunities/")

    assert (answer.status, answer.html.headings) == (500, ["That went wrong"])
    assert "Code for your administrator" in answer.text
    assert "secret detail" not in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize("tab", ["", "deals"])
def test_a_page_costs_the_same_however_much_hangs_on_it(stages: Stages, visitor: Visitor, tab: str) -> None:
    company = factories.company("Armor")
    address = asked(f"/customers/{company.pk}/", tab=tab)
    costs = []
    for many in (3, 12):
        for number in range(many):
            factories.deal(f"Deal {number}", contact=company, owner=visitor.user)
            visitor.post(f"/customers/{company.pk}/cell/city/", {"city": f"Town {many} {number}"})
        costs.append(queries(visitor, address))

    assert costs[1] <= costs[0]
