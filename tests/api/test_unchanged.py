"""A write with `If-Match` is done only while the record is as its program has read it."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told


@pytest.fixture
def deal(stages: Stages) -> Opportunity:
    return factories.deal("Site", stage=stages.new)


@pytest.fixture
def asking(program: Programs, max_: User, deal: Opportunity) -> Program:
    return program(max_)


def at(deal: Opportunity) -> str:
    return f"/opportunities/{deal.pk}"


def test_writes_what_is_as_it_was_read(asking: Program, deal: Opportunity) -> None:
    read = asking.get(at(deal)).headers["ETag"]

    answer = asking.patch(at(deal), {"name": "Shop"}, If_Match=read)

    assert told(answer)["name"] == "Shop"
    assert answer.headers["ETag"] not in ("", read)
    assert asking.get(at(deal)).headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize("act", ["patch", "win", "delete"])
def test_does_nothing_to_what_somebody_changed_meanwhile(
    asking: Program, deal: Opportunity, act: str
) -> None:
    read = asking.get(at(deal)).headers["ETag"]
    told(asking.patch(at(deal), {"priority": 2}))

    if act == "patch":
        answer = asking.patch(at(deal), {"name": "Shop"}, If_Match=read)
    elif act == "win":
        answer = asking.post(f"{at(deal)}/win", {}, If_Match=read)
    else:
        answer = asking.delete(at(deal), If_Match=read)

    problem(answer, 412, "changed")
    assert answer.headers["ETag"] == asking.get(at(deal)).headers["ETag"]
    deal.refresh_from_db()
    assert (deal.name, deal.status) == ("Site", "open")


def test_acts_on_what_is_as_it_was_read(asking: Program, deal: Opportunity) -> None:
    read = asking.get(at(deal)).headers["ETag"]

    assert told(asking.post(f"{at(deal)}/win", {}, If_Match=f'"old", {read}'))["status"] == "won"


@pytest.mark.parametrize("wanted", ['"nonsense"', "", "nonsense", 'W/"x"'])
def test_holds_for_no_other_tag(asking: Program, deal: Opportunity, wanted: str) -> None:
    problem(asking.patch(at(deal), {"name": "Shop"}, If_Match=wanted), 412, "changed")


def test_a_star_holds_for_whatever_is_there(asking: Program, deal: Opportunity) -> None:
    assert told(asking.patch(at(deal), {"name": "Shop"}, If_Match="*"))["name"] == "Shop"
    problem(asking.patch("/opportunities/999999", {"name": "Shop"}, If_Match="*"), 404, "not-found")


def test_tells_a_stranger_nothing(program: Programs, anna: User, cora: User, stages: Stages) -> None:
    hidden = factories.deal("Secret", owner=cora)

    problem(program(anna).patch(at(hidden), {"name": "x"}, If_Match='"x"'), 404, "not-found")


def test_sends_nothing_again_that_its_reader_has(asking: Program, deal: Opportunity) -> None:
    read = asking.get(at(deal))

    again = asking.get(at(deal), If_None_Match=read.headers["ETag"], Accept_Language="fr")

    assert (again.status_code, again.content) == (304, b"")


def test_is_the_same_in_every_language(asking: Program, deal: Opportunity) -> None:
    tags = {asking.get(at(deal), Accept_Language=language).headers["ETag"] for language in ("fr", "en")}

    assert len(tags) == 1
