"""Two people at one record: nobody's change is lost, and who would undo another's is asked first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.models import Operation
from piste.pipeline.models import Opportunity
from piste.ui.testing import Answer, Visitor, sample
from tests import factories
from tests.conftest import NOON, Stages


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def deal(stages: Stages, lena: User) -> Opportunity:
    made: Opportunity = sample(Opportunity, owner=lena)
    made.tags.set([factories.tag("Roof"), factories.tag("Urgent")])
    return made


@pytest.fixture
def mine(lena: User) -> Visitor:
    return Visitor(lena)


@pytest.fixture
def theirs(max_: User) -> Visitor:
    return Visitor(max_)


class Fields(HTMLParser):
    """What a browser would send back of the form on a page, untouched."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._textarea = ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = {name: value if value is not None else "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            self.sent[name] = [""]
        elif tag == "option" and "selected" in found:
            self._add(self._select, found.get("value", ""))
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            ticked = found.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in found:
                self._add(name, found.get("value", "on" if ticked else ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.sent[self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def _add(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


def fields(answer: Answer) -> dict[str, list[str]]:
    return Fields(answer).sent


def edit(deal: Opportunity) -> str:
    return f"/opportunities/{deal.pk}/edit/"


def cell(deal: Opportunity, name: str) -> str:
    return f"/opportunities/{deal.pk}/cell/{name}/"


def test_keeps_the_changes_of_both(deal: Opportunity, mine: Visitor, theirs: Visitor) -> None:
    my_form, their_form = fields(mine.get(edit(deal))), fields(theirs.get(edit(deal)))

    assert theirs.post(edit(deal), their_form | {"name": "Theirs", "city": "Quimper"}).status == 204
    assert mine.post(edit(deal), my_form | {"expected_revenue": "777"}).status == 204

    deal.refresh_from_db()
    assert (deal.name, deal.city, deal.expected_revenue) == ("Theirs", "Quimper", Decimal(777))


def test_sending_a_form_untouched_changes_nothing(deal: Opportunity, mine: Visitor, theirs: Visitor) -> None:
    my_form = fields(mine.get(edit(deal)))
    theirs.post(cell(deal, "name"), {"name": "Theirs"})
    before = Opportunity.objects.filter(pk=deal.pk).values().get()

    assert mine.post(edit(deal), my_form).status == 204

    after = Opportunity.objects.filter(pk=deal.pk).values().get()
    assert after | {"updated_at": None} == before | {"updated_at": None}


def test_asks_who_would_undo_the_change_of_another(
    deal: Opportunity, mine: Visitor, theirs: Visitor, clock: time_machine.Traveller
) -> None:
    my_form = fields(mine.get(edit(deal)))
    theirs.post(cell(deal, "expected_revenue"), {"expected_revenue": "2000"})
    clock.shift(timedelta(minutes=3))
    operations = Operation.objects.count()

    answer = mine.post(edit(deal), my_form | {"expected_revenue": "3000", "city": "Brest"})

    assert answer.status == 409
    assert (
        "Max Quéré changed this 3 min ago from “1,000.5” to “2,000”. Save again to keep your value."
        in answer.text
    )
    assert fields(answer)["expected_revenue"] == ["3000"]
    deal.refresh_from_db()
    assert (deal.expected_revenue, deal.city) == (Decimal(2000), "Row 1 city")
    assert Operation.objects.count() == operations


def test_keeps_ones_own_value_when_saved_again(deal: Opportunity, mine: Visitor, theirs: Visitor) -> None:
    my_form = fields(mine.get(edit(deal)))
    theirs.post(cell(deal, "expected_revenue"), {"expected_revenue": "2000"})
    asked = mine.post(edit(deal), my_form | {"expected_revenue": "3000"})

    assert mine.post(edit(deal), fields(asked)).status == 204

    deal.refresh_from_db()
    assert deal.expected_revenue == Decimal(3000)


def test_asks_again_when_another_was_quicker_again(deal: Opportunity, mine: Visitor, theirs: Visitor) -> None:
    my_form = fields(mine.get(edit(deal)))
    theirs.post(cell(deal, "city"), {"city": "Quimper"})
    asked = mine.post(edit(deal), my_form | {"city": "Brest"})
    theirs.post(cell(deal, "city"), {"city": "Lorient"})

    again = mine.post(edit(deal), fields(asked))

    assert again.status == 409
    assert "from “Quimper” to “Lorient”" in again.text


def test_asks_nothing_when_both_mean_the_same(deal: Opportunity, mine: Visitor, theirs: Visitor) -> None:
    my_form = fields(mine.get(edit(deal)))
    theirs.post(cell(deal, "expected_revenue"), {"expected_revenue": "2000"})

    assert mine.post(edit(deal), my_form | {"expected_revenue": "2k"}).status == 204


@pytest.mark.parametrize(
    ("name", "theirs_is", "mine_is", "told"),
    [
        ("priority", "2", "3", "from “Medium” to “High”"),
        ("expected_close", "2026-05-01", "2026-06-01", "to “01/05/2026”"),
        ("description", "one\r\ntwo", "three", "to “one"),
        ("probability", "10", "90", "to “10”"),
        ("city", "", "Brest", "to “—”"),
        ("country", "FR", "BE", "to “France”"),
    ],
)
def test_asks_in_the_list_too(
    deal: Opportunity, mine: Visitor, theirs: Visitor, name: str, theirs_is: str, mine_is: str, told: str
) -> None:
    my_cell = fields(mine.get(cell(deal, name), part=True))
    assert theirs.post(cell(deal, name), {name: theirs_is}).status == 200

    answer = mine.post(cell(deal, name), my_cell | {name: mine_is})

    assert answer.status == 422
    assert told in answer.text
    assert mine.post(cell(deal, name), fields(answer)).status == 204


def test_asks_about_related_records_and_tags(
    deal: Opportunity, mine: Visitor, theirs: Visitor, anna: User
) -> None:
    first, second = deal.tags.all()
    owner, tags = (fields(mine.get(cell(deal, name), part=True)) for name in ("owner", "tags"))
    theirs.post(cell(deal, "owner"), {"owner": anna.pk})
    theirs.post(cell(deal, "tags"), {"tags": [first.pk]})

    about_owner = mine.post(cell(deal, "owner"), owner | {"owner": str(theirs.user.pk)})
    about_tags = mine.post(cell(deal, "tags"), tags | {"tags": [str(second.pk)]})

    assert "from “Lena Guillou” to “Anna Kerbrat”" in about_owner.text
    assert "from “Roof, Urgent” to “Roof”" in about_tags.text


def test_a_long_text_from_elsewhere_does_not_look_changed(mine: Visitor) -> None:
    company: Contact = factories.company(notes="one\ntwo", other_emails=["a@example.com", "b@example.com"])
    address = f"/customers/{company.pk}/edit/"

    answer = mine.post(
        address, {k: [v[0].replace("\n", "\r\n")] for k, v in fields(mine.get(address)).items() if v}
    )

    assert answer.status == 204
    company.refresh_from_db()
    assert (company.notes, company.other_emails) == ("one\ntwo", ["a@example.com", "b@example.com"])


def test_keeps_an_owner_who_has_left(deal: Opportunity, mine: Visitor, ben: User) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(owner=ben)
    User.objects.filter(pk=ben.pk).update(is_active=False)

    answer = mine.post(edit(deal), fields(mine.get(edit(deal))) | {"city": "Brest"})

    assert answer.status == 204
    deal.refresh_from_db()
    assert (deal.owner, deal.city) == (ben, "Brest")


def test_writes_nothing_once_the_record_is_out_of_reach(deal: Opportunity, anna: User, ben: User) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(owner=anna)
    visitor = Visitor(anna)
    form = fields(visitor.get(edit(deal)))
    deal.refresh_from_db()
    deal.assign(owner=ben, by=ben, at=NOON)

    assert visitor.post(edit(deal), form | {"city": "Brest"}).status == 404
