"""An undo is an operation: it is told in the history, happens once, and can be undone."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.contacts.models import Contact, Tag
from piste.core.history import operation
from piste.core.models import Operation
from piste.core.transitions import Refused
from piste.core.undo import UndoConflict, may_undo, touched, undo
from piste.pipeline.models import Deal, DealTag
from tests import factories
from tests.conftest import NOON, Stages
from tests.core.working import columns, did, edit, edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Contact:
    return factories.company("Acme", email="hello@acme.example")


@pytest.fixture
def deal(anna: User, stages: Stages, acme: Contact) -> Deal:
    return factories.deal("Forty chairs", owner=anna, stage=stages.new, contact=acme, expected_revenue=4000)


def test_can_itself_be_undone(anna: User, deal: Deal) -> None:
    done = edited(anna, deal, name="Fifty chairs")
    after = columns(Deal)

    undone = undo(done, by=anna, at=NOON)
    undo(undone, by=anna, at=NOON)

    assert columns(Deal) == after


def test_notes_what_is_undone_now(anna: User, deal: Deal) -> None:
    def state(*entries: Operation) -> list[bool]:
        return [Operation.objects.get(pk=entry.pk).undone_by is not None for entry in entries]

    done = edited(anna, deal, name="Fifty chairs")

    back = undo(done, by=anna, at=NOON)
    assert state(done, back) == [True, False]
    again = undo(back, by=anna, at=NOON)
    assert state(done, back, again) == [False, True, False]
    undo(again, by=anna, at=NOON)
    assert state(done, back, again) == [True, False, True]


def test_refuses_to_undo_twice(anna: User, deal: Deal) -> None:
    done = edited(anna, deal, name="Fifty chairs")
    undo(done, by=anna, at=NOON)

    with pytest.raises(Refused, match="undone already"):
        undo(done, by=anna, at=NOON)


def test_refuses_when_nothing_is_left(anna: User) -> None:
    idle = did(anna, lambda: None)

    with pytest.raises(Refused, match="Nothing is left"):
        undo(idle, by=anna, at=NOON)


def test_leaves_no_trace_when_refused(anna: User, ben: User, deal: Deal) -> None:
    done = edited(anna, deal, name="Fifty chairs")
    edited(ben, deal, name="Sixty chairs")
    count = Operation.objects.count()

    with pytest.raises(UndoConflict):
        undo(done, by=anna, at=NOON)

    assert Operation.objects.count() == count
    assert Operation.objects.get(pk=done.pk).undone_by is None


def test_says_in_the_history_what_was_undone(anna: User, deal: Deal) -> None:
    with operation(
        "deal.edit", by=anna, about={"model": "pipeline.deal", "pk": deal.pk, "label": "Forty chairs"}
    ) as done:
        edit(deal, name="Fifty chairs")

    entry = undo(done, by=anna, at=NOON, via="api")

    assert (entry.command, entry.by, entry.via, entry.at) == ("undo", anna, "api", NOON)
    assert entry.about["undoes"] == str(done.pk)
    assert (entry.about["command"], entry.about["label"]) == ("deal.edit", "Forty chairs")


def test_names_the_records_touched(anna: User, deal: Deal) -> None:
    tag = Tag.objects.create(name="Urgent")
    done = did(anna, lambda: (edit(deal, name="Fifty chairs"), deal.tags.add(tag)))

    assert touched(done) == {Deal: {deal.pk}, DealTag: {DealTag.objects.get().pk}}


@pytest.mark.parametrize(
    ("role", "own", "of_others"),
    [(Role.SALESPERSON_OWN, True, False), (Role.MANAGER, True, True)],
)
def test_is_for_ones_own_work_unless_one_leads(anna: User, role: str, *, own: bool, of_others: bool) -> None:
    me = User.objects.create(email="me@example.com", name="Max", role=role)

    assert may_undo(did(me, lambda: None), me) is own
    assert may_undo(did(anna, lambda: None), me) is of_others
