"""What has been changed since stands in the way of an undo: it is named, and the rest can go."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from piste.accounts.models import User
from piste.contacts.models import Contact, Tag
from piste.core.tables import table_of
from piste.core.transitions import Refused
from piste.core.undo import UndoConflict, undo
from piste.pipeline.models import Deal
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


def test_names_who_changed_what_since_and_when(anna: User, ben: User, deal: Deal) -> None:
    done = edited(anna, deal, expected_revenue=5000)
    did(ben, partial(edit, deal, expected_revenue=6000), at=NOON - timedelta(hours=1, minutes=18))

    with pytest.raises(UndoConflict) as refusal:
        undo(done, by=anna, at=NOON)

    [conflict] = refusal.value.conflicts
    assert (conflict.record, conflict.field, conflict.by) == ("Forty chairs", "expected_revenue", ben)
    assert str(refusal.value) == "“Forty chairs”: Ben Morvan changed expected revenue at 10:42."
    assert Deal.objects.get().expected_revenue == 6000


def test_undoes_the_rest_when_told_to(anna: User, ben: User, deal: Deal) -> None:
    done = edited(anna, deal, expected_revenue=5000, name="Fifty chairs")
    edited(ben, deal, expected_revenue=6000)

    undo(done, by=anna, at=NOON, rest=True)

    back = Deal.objects.get()
    assert (back.name, back.expected_revenue) == ("Forty chairs", 6000)


def test_minds_no_later_change_that_was_taken_back(anna: User, ben: User, deal: Deal) -> None:
    before = columns(Deal)
    done = edited(anna, deal, expected_revenue=5000)
    later = edited(ben, deal, expected_revenue=6000)
    undo(later, by=ben, at=NOON)

    undo(done, by=anna, at=NOON)

    assert columns(Deal) == before


def test_refuses_to_lose_what_others_added_to_a_new_record(anna: User, ben: User, stages: Stages) -> None:
    create = did(anna, lambda: Deal.objects.create(name="Ten desks", owner=anna))
    edited(ben, Deal.objects.get(), description="They want them in oak")

    with pytest.raises(UndoConflict, match="Ben Morvan changed internal notes"):
        undo(create, by=anna, at=NOON)


def test_keeps_a_new_record_that_has_been_worked_on_and_what_it_needs(
    anna: User, ben: User, stages: Stages
) -> None:
    def load() -> None:
        tag = Tag.objects.create(name="Fair")
        for name in ("Acme", "Nordwind"):
            deal = Deal.objects.create(name=f"{name}’s order", contact=Contact.objects.create(name=name))
            deal.tags.add(tag)

    imported = did(anna, load, "deal.import")
    edited(ben, Deal.objects.get(contact__name="Acme"), expected_revenue=100)

    undo(imported, by=anna, at=NOON, rest=True)

    assert [str(row) for row in Deal.objects.all()] == ["Acme’s order"]
    assert [str(row) for row in Contact.objects.all()] == ["Acme"]
    assert [str(tag) for tag in Deal.objects.get().tags.all()] == ["Fair"]


def test_keeps_new_records_that_others_use_by_now(anna: User, ben: User, deal: Deal) -> None:
    imported = did(anna, lambda: [factories.company(name) for name in ("Nordwind", "Südwind")])
    edited(ben, deal, contact=Contact.objects.get(name="Nordwind"))

    undo(imported, by=anna, at=NOON, rest=True)

    assert {str(row) for row in Contact.objects.all()} == {"Acme", "Nordwind"}


def test_tells_that_the_record_has_been_deleted_since(anna: User, ben: User, deal: Deal) -> None:
    done = edited(anna, deal, name="Fifty chairs")
    did(ben, lambda: Deal.objects.all().delete())

    with pytest.raises(UndoConflict, match="Ben Morvan deleted “Fifty chairs”"):
        undo(done, by=anna, at=NOON)


def test_counts_the_other_records_that_have_changed(anna: User, ben: User, deal: Deal) -> None:
    for number in range(3):
        Deal.objects.create(name=f"Deal {number}", owner=anna)
    give_away = did(anna, lambda: Deal.objects.update(priority=2))
    did(ben, lambda: Deal.objects.update(priority=1))

    with pytest.raises(UndoConflict, match="3 other records have changed too") as refusal:
        undo(give_away, by=anna, at=NOON)

    assert len(refusal.value.conflicts) == 4


def test_refuses_to_take_away_what_others_depend_on_and_names_it(anna: User, ben: User, deal: Deal) -> None:
    create = did(anna, lambda: Contact.objects.create(name="Nordwind"))
    edited(ben, deal, contact_id=Contact.objects.get(name="Nordwind").pk)

    with pytest.raises(Refused, match="“Forty chairs” depends on “Nordwind”"):
        undo(create, by=anna, at=NOON)


def test_refuses_when_the_old_value_is_no_more(anna: User, ben: User, deal: Deal, stages: Stages) -> None:
    move = did(anna, lambda: deal.move_to(stages.proposition, by=anna, at=NOON))
    did(ben, stages.new.delete)

    with pytest.raises(Refused, match="deleted since"):
        undo(move, by=anna, at=NOON)

    assert Deal.objects.get().stage == stages.proposition


def test_refuses_to_guess_what_was_before_the_history_began(anna: User) -> None:
    tag = factories.tag("Urgent")
    table_of(Tag).events.objects.all().delete()

    with pytest.raises(Refused, match="does not reach back"):
        undo(edited(anna, tag, name="Very urgent"), by=anna, at=NOON)

    assert Tag.objects.get().name == "Very urgent"


def test_refuses_when_another_record_has_taken_the_name(anna: User, ben: User) -> None:
    tag = Tag.objects.create(name="Urgent")
    delete = did(anna, tag.delete)
    did(ben, lambda: Tag.objects.create(name="urgent"))

    with pytest.raises(Refused, match="taken the place"):
        undo(delete, by=anna, at=NOON)

    assert Tag.objects.count() == 1
