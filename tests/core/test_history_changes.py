"""The history of a record tells who changed what, from what to what, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import Team, User
from piste.contacts.models import Contact, Tag
from piste.core.changes import Change, changes_of, operations_of
from piste.core.history import operation
from piste.core.undo import undo
from piste.pipeline.models import Deal, Opportunity
from tests import factories
from tests.conftest import NOON, Stages
from tests.core.working import edit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def deal(anna: User, stages: Stages) -> Deal:
    with operation("deal.create", by=anna, at=NOON - 100 * HOUR):
        return factories.deal("Forty chairs", stage=stages.new, owner=anna)


def told(change: Change) -> list[tuple[str, Any, Any]]:
    return [
        (part.name, part.before_text or part.before, part.after_text or part.after) for part in change.fields
    ]


def test_tells_who_changed_what_and_when(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna, via="api", at=NOON):
        edit(deal, name="Fifty chairs", expected_revenue=500)

    change, created = changes_of(deal)

    assert (change.by, change.at, change.via, change.command) == (anna, NOON, "api", "deal.edit")
    assert told(change) == [("name", "Forty chairs", "Fifty chairs"), ("expected_revenue", 0, 500)]
    assert [part.label for part in change.fields] == ["name", "expected revenue"]
    assert (created.kind, created.fields) == ("create", ())


def test_tells_the_sum_of_what_one_operation_did(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna):
        edit(deal, name="Fifty chairs", priority=1)
        edit(deal, name="Sixty chairs", priority=0)

    assert told(changes_of(deal)[0]) == [("name", "Forty chairs", "Sixty chairs")]


def test_prints_relations_by_name_and_choices_by_label(anna: User, deal: Deal, stages: Stages) -> None:
    with operation("deal.edit", by=anna):
        edit(deal, stage=stages.proposition, owner=None, priority=3)

    parts = {part.name: (part.kind, part.before_text, part.after_text) for part in changes_of(deal)[0].fields}

    assert parts["stage"] == ("relation", "New", "Proposition")
    assert parts["owner"] == ("relation", "Anna Kerbrat", "")
    assert parts["priority"] == ("choice", "Low", "Very high")


def test_still_knows_the_name_of_what_is_gone(anna: User, deal: Deal, stages: Stages) -> None:
    with operation("deal.edit", by=anna):
        edit(deal, stage=stages.proposition)
    stages.new.delete()

    assert told(changes_of(deal)[0])[0] == ("stage", "New", "Proposition")


def test_tells_tags_put_on_and_taken_off(anna: User, deal: Deal) -> None:
    urgent, cold, warm = (Tag.objects.create(name=name) for name in ("Urgent", "Cold", "Warm"))
    with operation("deal.edit", by=anna, at=NOON - HOUR):
        deal.tags.add(cold)
    with operation("deal.edit", by=anna, at=NOON):
        deal.tags.set([urgent, warm])

    change = changes_of(deal)[0]

    assert change.by == anna
    assert told(change) == [("tags", "Cold", "Urgent, Warm")]


def test_tells_tags_beside_the_fields_of_the_same_operation(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna):
        edit(deal, name="Fifty chairs")
        deal.tags.add(Tag.objects.create(name="Urgent"))

    assert [name for name, *_ in told(changes_of(deal)[0])] == ["name", "tags"]


def test_tells_nothing_of_a_tag_put_on_and_off_at_once(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna):
        deal.tags.add(Tag.objects.create(name="Urgent"))
        deal.tags.clear()

    assert [change.kind for change in changes_of(deal)] == ["create"]


def test_tells_members_of_a_team(anna: User) -> None:
    with operation("team.create", by=anna, at=NOON - HOUR):
        team = Team.objects.create(name="West")
    with operation("team.edit", by=anna, at=NOON):
        team.members.add(anna)

    assert told(changes_of(team)[0]) == [("members", set(), "Anna Kerbrat")]


def test_tells_deletion_and_return(anna: User, deal: Deal) -> None:
    kept = Deal.objects.get(pk=deal.pk)
    with operation("deal.delete", by=anna, at=NOON) as delete:
        deal.delete()
    undo(delete, by=anna, at=NOON + HOUR)

    changes = changes_of(kept)

    assert [change.kind for change in changes] == ["restore", "delete", "create"]
    assert [change.command for change in changes] == ["undo", "deal.delete", "deal.create"]
    assert [change.undoable for change in changes] == [True, False, True]


def test_tells_a_change_outside_of_any_operation_without_a_name(deal: Deal) -> None:
    edit(deal, name="Fifty chairs")

    change = changes_of(deal)[0]

    assert (change.by, change.operation, change.undoable, change.command) == (None, None, False, "change")
    assert told(change) == [("name", "Forty chairs", "Fifty chairs")]


def test_is_the_same_for_every_kind_of_a_record(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna):
        edit(deal, name="Fifty chairs")

    opportunity = Opportunity.objects.get(pk=deal.pk)

    assert changes_of(opportunity) == changes_of(deal)


def test_leaves_out_what_only_follows_from_other_fields(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna):
        Deal.objects.update(automated_probability=3)

    assert [change.kind for change in changes_of(deal)] == ["create"]


def test_reads_on_from_a_moment(anna: User, deal: Deal) -> None:
    for number in range(7):
        with operation("deal.edit", by=anna, at=NOON + number * HOUR):
            edit(deal, name=f"Deal {number}")

    first = changes_of(deal, limit=3)
    second = changes_of(deal, limit=3, before=first[-1].at)

    assert [told(change)[0][2] for change in first] == ["Deal 6", "Deal 5", "Deal 4"]
    assert [told(change)[0] for change in second] == [
        ("name", "Deal 2", "Deal 3"),
        ("name", "Deal 1", "Deal 2"),
        ("name", "Deal 0", "Deal 1"),
    ]


def test_asks_no_more_for_many_changes_than_for_few(anna: User, deal: Deal, stages: Stages) -> None:
    tag = Tag.objects.create(name="Urgent")

    def work(times: int) -> None:
        for number in range(times):
            with operation("deal.edit", by=anna):
                contact = Contact.objects.create(name=f"Customer {number}")
                stage = (stages.new, stages.proposition)[number % 2]
                edit(deal, stage=stage, contact=contact, owner=(anna, None)[number % 2])
                deal.tags.set([tag] if number % 2 else [])

    work(2)
    with CaptureQueriesContext(connection) as few:
        changes_of(deal)
    work(20)
    with CaptureQueriesContext(connection) as many:
        changes_of(deal)

    assert len(many) == len(few) <= 8


def test_lists_what_somebody_did_newest_first(anna: User, deal: Deal) -> None:
    with operation("deal.edit", by=anna, at=NOON) as done:
        edit(deal, name="Fifty chairs")
    with operation("deal.export", by=anna, at=NOON + HOUR):
        pass
    undo(done, by=anna, at=NOON + 2 * HOUR)

    listed = operations_of(anna)

    assert [(one.command, one.undoable) for one in listed] == [
        ("undo", True),
        ("deal.export", False),
        ("deal.edit", False),
        ("deal.create", True),
    ]


def test_lists_operations_with_two_queries(anna: User, django_assert_num_queries: Callable[..., Any]) -> None:
    for _number in range(10):
        with operation("deal.edit", by=anna):
            Tag.objects.create(name=f"Tag {_number}")

    with django_assert_num_queries(2):
        assert len(operations_of(anna, limit=5)) == 5
