"""Undo takes any operation back, names what stands in the way, and can itself be undone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.contacts.models import Contact, ContactTag, Source, Tag
from piste.core.history import operation
from piste.core.models import Operation
from piste.core.tables import table_of
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


# One row


def test_gives_an_edited_record_its_old_values(anna: User, deal: Deal) -> None:
    before = columns(Deal)
    done = edited(anna, deal, name="Fifty chairs", expected_revenue=5000, priority=2)

    undo(done, by=anna, at=NOON)

    assert columns(Deal) == before


def test_dates_the_last_change_of_the_record(anna: User, deal: Deal) -> None:
    done = edited(anna, deal, name="Fifty chairs")

    undo(done, by=anna, at=NOON)

    assert Deal.objects.get().updated_at == NOON


def test_removes_what_was_created(anna: User, deal: Deal) -> None:
    before = columns(Deal)
    create = did(anna, lambda: Deal.objects.create(name="Ten desks", owner=anna), "deal.create")

    undo(create, by=anna, at=NOON)

    assert columns(Deal) == before


def test_brings_a_deleted_record_back_with_its_number_and_its_tags(anna: User, deal: Deal) -> None:
    DealTag.objects.create(deal=deal, tag=Tag.objects.create(name="Urgent"))
    before = columns(Deal), columns(DealTag)
    delete = did(anna, deal.delete, "deal.delete")
    assert not Deal.objects.exists()
    assert not DealTag.objects.exists()

    undo(delete, by=anna, at=NOON)

    assert (columns(Deal), columns(DealTag)) == before


def test_goes_back_to_before_the_first_of_several_changes(anna: User, deal: Deal) -> None:
    before = columns(Deal)

    def twice() -> None:
        edit(deal, name="Fifty chairs")
        edit(deal, name="Sixty chairs", priority=1)
        Deal.objects.filter(pk=deal.pk).update(priority=3)

    undo(did(anna, twice), by=anna, at=NOON)

    assert columns(Deal) == before


def test_removes_what_was_created_and_changed_at_once(anna: User, stages: Stages) -> None:
    def create() -> None:
        edit(Deal.objects.create(name="Ten desks", owner=anna), name="Eleven desks")

    undo(did(anna, create), by=anna, at=NOON)

    assert not Deal.objects.exists()


def test_brings_back_what_was_changed_and_then_deleted(anna: User, deal: Deal) -> None:
    before = columns(Deal)

    def rename_and_delete() -> None:
        edit(deal, name="Never mind")
        Deal.objects.get().delete()

    undo(did(anna, rename_and_delete), by=anna, at=NOON)

    assert columns(Deal) == before


def test_leaves_fields_alone_that_the_operation_did_not_change(anna: User, ben: User, deal: Deal) -> None:
    done = edited(anna, deal, name="Fifty chairs")
    edited(ben, deal, expected_revenue=9000)

    undo(done, by=anna, at=NOON)

    back = Deal.objects.get()
    assert (back.name, back.expected_revenue) == ("Forty chairs", 9000)


def test_takes_back_winning_with_all_that_goes_with_it(anna: User, deal: Deal, stages: Stages) -> None:
    before = columns(Deal)
    win = did(anna, lambda: deal.win(by=anna, at=NOON), "deal.win")

    undo(win, by=anna, at=NOON)

    assert columns(Deal) == before


def test_finds_a_restored_deal_by_its_customer_again(anna: User, deal: Deal) -> None:
    def delete_both() -> None:
        deal.delete()
        Contact.objects.all().delete()

    undo(did(anna, delete_both), by=anna, at=NOON)

    assert "acme" in Deal.objects.get().search


# Many rows


def test_takes_a_bulk_update_back(anna: User, deal: Deal) -> None:
    for number in range(20):
        Deal.objects.create(name=f"Deal {number}", owner=anna, expected_revenue=number)
    before = columns(Deal)
    raise_all = did(anna, lambda: Deal.objects.update(expected_revenue=F("expected_revenue") * 2, owner=None))

    undo(raise_all, by=anna, at=NOON)

    assert columns(Deal) == before


def test_takes_tags_off_and_puts_them_back(anna: User, deal: Deal) -> None:
    urgent, cold = Tag.objects.create(name="Urgent"), Tag.objects.create(name="Cold")
    deal.tags.add(cold)
    before = columns(DealTag)
    retag = did(anna, lambda: deal.tags.set([urgent]))

    undo(retag, by=anna, at=NOON)

    assert columns(DealTag) == before


def test_swaps_a_removed_tag_for_the_same_one_put_on_again(anna: User, deal: Deal) -> None:
    urgent = Tag.objects.create(name="Urgent")
    deal.tags.add(urgent)
    before = columns(DealTag)

    def off_and_on() -> None:
        deal.tags.remove(urgent)
        deal.tags.add(urgent)

    undo(did(anna, off_and_on), by=anna, at=NOON)

    assert columns(DealTag) == before


def test_restores_a_whole_family_parents_first(anna: User) -> None:
    person = Contact.objects.create(name="Zoé", kind="person")
    branch = Contact.objects.create(name="Branch")
    group = Contact.objects.create(name="Group")
    Contact.objects.filter(pk=person.pk).update(parent=branch)
    Contact.objects.filter(pk=branch.pk).update(parent=group)
    before = columns(Contact)

    def delete_all() -> None:
        for row in (person, branch, group):
            Contact.objects.get(pk=row.pk).delete()

    undo(did(anna, delete_all), by=anna, at=NOON)

    assert columns(Contact) == before
    assert "branch" in Contact.objects.get(pk=person.pk).search


def test_restores_even_a_family_that_goes_in_circles(anna: User) -> None:
    one = factories.company("One")
    other = factories.company("Other", parent=one)
    Contact.objects.filter(pk=one.pk).update(parent=other)
    before = columns(Contact)

    def delete_both() -> None:
        Contact.objects.update(parent=None)
        Contact.objects.all().delete()

    undo(did(anna, delete_both), by=anna, at=NOON)

    assert columns(Contact, "search") == [{k: v for k, v in row.items() if k != "search"} for row in before]


def test_repoints_what_a_merge_had_moved(anna: User, deal: Deal, acme: Contact) -> None:
    double = Contact.objects.create(name="ACME Ltd")
    Deal.objects.create(name="Ten desks", contact=double)
    ContactTag.objects.create(contact=double, tag=Tag.objects.create(name="Urgent"))
    before = columns(Contact), columns(Deal), columns(ContactTag)

    def merge() -> None:
        Deal.objects.filter(contact=double).update(contact=acme)
        ContactTag.objects.filter(contact=double).update(contact=acme)
        edit(acme, phone="02 61 91 40 12")
        double.delete()

    undo(did(anna, merge, "contact.merge"), by=anna, at=NOON)

    assert (columns(Contact), columns(Deal), columns(ContactTag)) == before


def test_frees_a_name_before_the_record_that_had_it_comes_back(anna: User) -> None:
    hot, warm = Source.objects.create(name="Hot"), Source.objects.create(name="Warm")
    before = columns(Source)

    def take_its_name() -> None:
        Source.objects.get(pk=hot.pk).delete()
        edit(warm, name="Hot")

    undo(did(anna, take_its_name), by=anna, at=NOON)

    assert columns(Source) == before


def test_takes_an_import_back_in_as_few_queries_for_many_rows_as_for_few(anna: User, stages: Stages) -> None:
    def load(count: int) -> Operation:
        def work() -> None:
            people = Contact.objects.bulk_create(Contact(name=f"Customer {n}") for n in range(count))
            deals = Deal.objects.bulk_create(
                Deal(name=f"Deal {n}", contact=people[n], stage=stages.new, stage_changed_at=NOON)
                for n in range(count)
            )
            tag = Tag.objects.create(name=f"Import of {count}")
            DealTag.objects.bulk_create(DealTag(deal=deal, tag=tag) for deal in deals)

        return did(anna, work, "deal.import")

    few, many = load(3), load(300)

    with CaptureQueriesContext(
        connection,
    ) as three:
        undo(few, by=anna, at=NOON)
    with CaptureQueriesContext(connection) as hundreds:
        undo(many, by=anna, at=NOON)

    assert not Deal.objects.exists()
    assert not Contact.objects.exists()
    assert not Tag.objects.exists()
    assert len(hundreds) == len(three) <= 45


# Conflicts


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


# Undo as an operation


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


def test_removes_a_new_person_with_the_address_to_sign_in(anna: User) -> None:
    create = did(anna, lambda: User.objects.create_person(email="new@example.com", name="Noé"))

    undo(create, by=anna, at=NOON)

    assert not User.objects.filter(name="Noé").exists()


def test_keeps_generated_columns_right(anna: User, deal: Deal) -> None:
    Deal.objects.update(probability=50, automated_probability=50)
    done = did(anna, lambda: Deal.objects.update(expected_revenue=100))

    undo(done, by=anna, at=NOON)

    assert Deal.objects.get().prorated_revenue == Decimal(2000)
