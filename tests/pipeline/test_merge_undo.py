"""Whatever is merged: nothing linked is lost, and undo gives back every row, months later too."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.contacts.merging import CONTACTS
from piste.contacts.models import Contact, ContactTag
from piste.core.merge import survivor_of
from piste.core.models import Merged
from piste.core.tables import tables
from piste.core.transitions import Refused
from piste.core.undo import UndoConflict, undo
from piste.pipeline.merging import DEALS
from piste.pipeline.models import Deal, DealTag, Stage
from tests import factories
from tests.conftest import NOON, Stages
from tests.core.working import columns, did, edit

LATER = NOON + timedelta(days=200)
quiet = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def snapshot() -> dict[str, Any]:
    return {table.name: columns(table.model) for table in tables()}


def merge(by: User, rows: Any, target: Any) -> Any:
    return did(by, lambda: rows.merge_into(target, by=by, at=NOON), command="deal.merge")


deals = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["lead", "opportunity"]),
            "stage": st.integers(0, 1),
            "tags": st.sets(st.integers(0, 3)),
            "contact": st.none() | st.integers(0, 2),
            "email": st.sampled_from(["", "a@example.com", "b@example.com"]),
            "description": st.sampled_from(["", "Called.", "Wants an offer."]),
            "revenue": st.integers(0, 3),
            "lost": st.booleans(),
            "priority": st.integers(0, 3),
        }
    ),
    min_size=2,
    max_size=6,
)


def make_deals(drawn: list[dict[str, Any]], by: User) -> list[Deal]:
    stages = [factories.stage("New"), factories.stage("Proposal"), factories.stage("Won", is_won=True)]
    tags = [factories.tag(f"Tag {number}") for number in range(4)]
    contacts = [factories.company(f"Company {number}") for number in range(3)]
    made = []
    for number, one in enumerate(drawn):
        contact = None if one["contact"] is None else contacts[one["contact"]]
        deal = Deal.objects.create(
            name=f"Deal {number}", kind=one["kind"], stage=stages[one["stage"]], contact=contact, email=one["email"],
            description=one["description"], expected_revenue=Decimal(one["revenue"]), priority=one["priority"],
        )  # fmt: skip
        deal.tags.set([tags[tag] for tag in one["tags"]])
        if one["lost"]:
            deal.lose(by=by, at=NOON)
        made.append(deal)
    return made


@pytest.mark.django_db
@quiet
@given(drawn=deals, chosen=st.integers(0, 5))
def test_deals_keep_all_that_was_linked_and_come_back(drawn: list[dict[str, Any]], chosen: int) -> None:
    with transaction.atomic():
        anna = factories.user("Anna")
        made: list[Deal] = []
        did(None, lambda: made.extend(make_deals(drawn, anna)))
        before = snapshot()
        tagged = set(DealTag.objects.values_list("tag", flat=True))
        target = Deal.objects.get(pk=made[chosen % len(made)].pk)

        done = merge(anna, Deal.objects.all(), target)

        assert list(Deal.objects.values_list("pk", flat=True)) == [target.pk]
        assert set(DealTag.objects.filter(deal=target).values_list("tag", flat=True)) == tagged
        assert DealTag.objects.count() == len(tagged)
        assert {survivor_of(Deal, deal.pk) for deal in made if deal.pk != target.pk} == {target.pk}

        undo(done, by=anna, at=LATER)
        assert snapshot() == before
        transaction.set_rollback(True)


people = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["company", "person"]),
            "parent": st.none() | st.integers(0, 7),
            "tags": st.sets(st.integers(0, 2)),
            "deals": st.integers(0, 2),
            "email": st.sampled_from(["", "a@example.com", "b@example.com"]),
        }
    ),
    min_size=3,
    max_size=8,
)


def make_contacts(drawn: list[dict[str, Any]]) -> list[Contact]:
    tags = [factories.tag(f"Tag {number}") for number in range(3)]
    made = [
        Contact.objects.create(name=f"C{n}", kind=one["kind"], email=one["email"])
        for n, one in enumerate(drawn)
    ]
    for number, (contact, one) in enumerate(zip(made, drawn, strict=True)):
        # Employers come before those who work for them, so that nobody works for themselves by a detour.
        if one["parent"] is not None and number:
            edit(contact, parent=made[one["parent"] % number])
        contact.tags.set([tags[tag] for tag in one["tags"]])
        for _each in range(one["deals"]):
            factories.deal("Order", contact=contact)
    return made


def leads_to_itself(contact: Contact) -> bool:
    seen, above = {contact.pk}, contact.parent
    while above is not None:
        if above.pk in seen:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


@pytest.mark.django_db
@quiet
@given(drawn=people, picks=st.sets(st.integers(0, 7), min_size=2, max_size=4), chosen=st.integers(0, 3))
def test_customers_keep_all_that_was_linked_and_come_back(
    drawn: list[dict[str, Any]], picks: set[int], chosen: int
) -> None:
    with transaction.atomic():
        anna = factories.user("Anna")
        made: list[Contact] = []
        did(None, lambda: made.extend(make_contacts(drawn)))
        keys = sorted({made[pick % len(made)].pk for pick in picks})
        if len(keys) < 2:
            transaction.set_rollback(True)
            return
        before = snapshot()
        rows, target = Contact.objects.filter(pk__in=keys), Contact.objects.get(pk=keys[chosen % len(keys)])
        tagged = set(ContactTag.objects.filter(contact__in=keys).values_list("tag", flat=True))
        deals = set(Deal.objects.filter(contact__in=keys).values_list("pk", flat=True))
        staff = set(Contact.objects.filter(parent__in=keys).values_list("pk", flat=True)) - set(keys)
        mails = set(rows.exclude(email="").values_list("email", flat=True))

        done = merge(anna, rows, target)

        target.refresh_from_db()
        assert set(target.tags.values_list("pk", flat=True)) == tagged
        assert set(Deal.objects.filter(contact=target).values_list("pk", flat=True)) == deals
        assert staff <= set(Contact.objects.filter(parent=target).values_list("pk", flat=True))
        assert mails == {target.email, *target.other_emails} - {""}
        assert not any(leads_to_itself(contact) for contact in Contact.objects.all())

        undo(done, by=anna, at=LATER)
        assert snapshot() == before
        transaction.set_rollback(True)


def test_what_came_later_stays_with_the_survivor(anna: User, stages: Stages) -> None:
    web, urgent = factories.tag("Web"), factories.tag("Urgent")
    first, second = factories.deal("A"), factories.deal("B", email="b@example.com")
    did(None, lambda: second.tags.set([web]))
    kept = columns(Deal)
    done = merge(anna, Deal.objects.all(), DEALS.ordered(Deal.objects.all())[0])
    did(anna, partial(edit, first, expected_revenue=Decimal(900), name="A, signed soon"))
    did(anna, lambda: Deal.objects.get().tags.add(urgent))

    undo(done, by=anna, at=LATER)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, first.expected_revenue, first.email) == ("A, signed soon", 900, "")
    assert set(first.tags.all()) == {urgent}
    assert set(second.tags.all()) == {web}
    assert columns(Deal)[1] == kept[1]


def test_a_value_changed_since_is_named_and_the_rest_comes_back(
    anna: User, ben: User, stages: Stages
) -> None:
    first, second = factories.deal("A"), factories.deal("B", email="b@example.com")
    kept = columns(Deal)
    done = merge(anna, Deal.objects.all(), DEALS.ordered(Deal.objects.all())[0])
    did(ben, partial(edit, first, email="ben@example.com"))

    with pytest.raises(UndoConflict, match="Ben Morvan changed e-mail"):
        undo(done, by=anna, at=LATER)
    undo(done, by=anna, at=LATER, rest=True)

    first.refresh_from_db()
    assert first.email == "ben@example.com"
    assert columns(Deal)[1] == kept[1]
    assert survivor_of(Deal, second.pk) is None


def test_the_first_of_two_merges_can_be_undone_alone(anna: User, stages: Stages) -> None:
    top, middle, low = (factories.deal(name) for name in ("Top", "Middle", "Low"))
    kept = columns(Deal)
    done = merge(anna, Deal.objects.filter(pk=low.pk), Deal.objects.get(pk=middle.pk))
    again = merge(anna, Deal.objects.filter(pk=middle.pk), Deal.objects.get(pk=top.pk))
    assert survivor_of(Deal, low.pk) == top.pk

    undo(done, by=anna, at=LATER, rest=True)

    assert columns(Deal)[-1] == kept[-1]
    assert (survivor_of(Deal, low.pk), survivor_of(Deal, middle.pk)) == (None, top.pk)

    undo(again, by=anna, at=LATER)
    assert columns(Deal) == kept
    assert not Merged.objects.exists()


def test_undone_and_done_again(anna: User, stages: Stages) -> None:
    first, second = factories.deal("A"), factories.deal("B", city="Brest")
    done = merge(anna, Deal.objects.all(), Deal.objects.get(pk=first.pk))
    after = snapshot()

    undone = undo(done, by=anna, at=LATER)
    undo(undone, by=anna, at=LATER)

    assert snapshot() == after
    assert survivor_of(Deal, second.pk) == first.pk


def test_a_company_never_works_for_itself(anna: User) -> None:
    holding = factories.company("Holding")
    branch = factories.company("Branch", parent=holding)
    office = factories.company("Office", parent=branch)
    rows = Contact.objects.filter(pk__in=[holding.pk, office.pk])

    rows.merge_into(Contact.objects.get(pk=office.pk), by=anna, at=NOON)

    assert dict(Contact.objects.values_list("name", "parent")) == {"Office": None, "Branch": office.pk}


def test_nobody_is_chosen_to_work_for_themselves(anna: User) -> None:
    company = factories.company("Armor")
    person = factories.person("Hervé", parent=company)
    rows, target = Contact.objects.filter(pk=person.pk), Contact.objects.get(pk=company.pk)

    rows.merge_into(target, values={"parent_id": company.pk}, by=anna, at=NOON)

    assert Contact.objects.get().parent is None


def test_who_refused_once_is_not_written_to(anna: User) -> None:
    first = factories.company("A", email_consent="given", phone="02 61 91 40 12")
    factories.company("B", email_consent="refused", phone="02 61 91 40 13", mobile="06 39 98 30 47")

    rows = Contact.objects.all()
    rows.merge_into(CONTACTS.ordered(rows)[0], by=anna, at=NOON)

    first.refresh_from_db()
    assert first.email_consent == "refused"
    assert (first.phone, first.mobile, first.other_phones) == (
        "02 61 91 40 12",
        "06 39 98 30 47",
        ["02 61 91 40 13"],
    )


DERIVED = {"id", "updated_at", "search", "name_key", "email_normalised", "phone_e164", "other_phone_e164",
           "email_quality", "phone_quality"}  # fmt: skip


def test_every_column_of_a_customer_has_its_rule() -> None:
    ruled = [name for part in CONTACTS.parts for name in part.fields]
    names = {field.name for field in (*Contact._meta.concrete_fields, *Contact._meta.many_to_many)}

    assert len(ruled) == len(set(ruled))
    assert names - set(ruled) == DERIVED


def test_nothing_is_done_when_it_is_refused(anna: User, stages: Stages) -> None:
    won = factories.deal("Signed", stage=Stage.objects.get(is_won=False, position=10))
    won.win(by=anna, at=NOON)
    still = factories.deal("Open")
    before = snapshot()

    with pytest.raises(Refused):
        Deal.objects.all().merge_into(Deal.objects.get(pk=still.pk), by=anna, at=NOON)

    assert snapshot() == before
