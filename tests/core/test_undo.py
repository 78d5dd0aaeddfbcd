"""Undo takes back whatever an operation did, to one row or to thousands."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import User
from piste.contacts.models import Contact, ContactTag, Source, Tag
from piste.core.models import Operation
from piste.core.undo import undo
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


def test_removes_a_new_person_with_the_address_to_sign_in(anna: User) -> None:
    create = did(anna, lambda: User.objects.create_person(email="new@example.com", name="Noé"))

    undo(create, by=anna, at=NOON)

    assert not User.objects.filter(name="Noé").exists()


def test_keeps_generated_columns_right(anna: User, deal: Deal) -> None:
    Deal.objects.update(probability=50, automated_probability=50)
    done = did(anna, lambda: Deal.objects.update(expected_revenue=100))

    undo(done, by=anna, at=NOON)

    assert Deal.objects.get().prorated_revenue == Decimal(2000)
