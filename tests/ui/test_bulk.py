"""Acting on many records: the ticked ones, or all that the address finds."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.core.models import Operation
from piste.pipeline.models import Opportunity
from piste.ui.acting import BULK_LIMIT
from piste.ui.testing import Visitor
from piste.ui.testing.visiting import asked
from tests import factories
from tests.conftest import Stages


@pytest.fixture
def visitor(lena: User) -> Visitor:
    return Visitor(lena)


def won() -> int:
    return Opportunity.objects.filter(status="won").count()


def test_acts_on_all_that_the_address_finds(deals: list[Opportunity], visitor: Visitor, anna: User) -> None:
    every = asked("/opportunities/do/win/", all=1, f="", w=f"owner~is~{anna.pk}")

    answer = visitor.post(every)

    assert answer.status == 204
    assert set(Opportunity.objects.filter(status="won").values_list("owner", flat=True)) == {anna.pk}
    assert won() == 4
    assert answer.toast == "Won: 4 records"


def test_asks_with_the_number_of_records(deals: list[Opportunity], visitor: Visitor) -> None:
    dialog = visitor.get(asked("/opportunities/do/lose/", all=1, f=""), part=True)

    assert "12 records" in dialog.text
    assert 'action="/opportunities/do/lose/?all=1&amp;f="' in dialog.text


def test_all_are_those_in_reach(deals: list[Opportunity], anna: User, ben: User) -> None:
    answer = Visitor(anna).post(asked("/opportunities/do/win/", all=1, f=""))

    assert answer.status == 204
    assert not Opportunity.objects.filter(status="won", owner=ben).exists()
    assert won() == 8


def test_all_are_no_more_than_the_limit(
    stages: Stages, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BULK_LIMIT == 500
    monkeypatch.setattr("piste.ui.acting.BULK_LIMIT", 2)
    for number in range(3):
        factories.deal(f"Deal {number}")

    answer = visitor.post(asked("/opportunities/do/win/", all=1, f=""))

    assert (answer.status, won()) == (409, 0)
    assert answer.toast == "At most 2 records at once."


def test_nothing_is_done_to_nothing(stages: Stages, visitor: Visitor) -> None:
    answer = visitor.post("/opportunities/do/win/")

    assert (answer.status, answer.toast) == (409, "Nothing is selected.")
    assert not Operation.objects.exists()


def test_what_is_done_together_is_one_operation(deals: list[Opportunity], visitor: Visitor) -> None:
    answer = visitor.post(asked("/opportunities/do/win/", all=1, f=""))
    [operation] = Operation.objects.all()
    assert operation.about["count"] == 12

    assert visitor.post(answer.undo).status == 204
    assert won() == 0
