"""Whatever was done in whatever order, undoing it step by step gives back every row, and redoing it too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import Team, User
from piste.contacts.models import Contact, Tag
from piste.core.models import Operation
from piste.core.tables import tables
from piste.core.timetravel import as_of
from piste.core.transitions import Refused
from piste.core.undo import undo
from piste.pipeline.models import Deal, Stage
from tests import factories
from tests.conftest import NOON
from tests.core.working import columns, did, edit

Rows = dict[str, list[dict[str, Any]]]
Act = Callable[[int, int], object]


def pick(model: Any, number: int) -> Any:
    """One of the rows there are, or nothing to act upon."""
    rows = list(model.objects.order_by("pk"))
    if not rows:
        raise Refused
    return rows[number % len(rows)]


def create_deal(a: int, b: int) -> None:
    deal = factories.deal(f"Deal {a}", expected_revenue=b, owner=pick(User, a), stage=pick(Stage, b))
    if Contact.objects.exists() and a % 2:
        edit(deal, contact=pick(Contact, b))


def edit_deal(a: int, b: int) -> None:
    edit(
        pick(Deal, a), name=f"Deal {b}", priority=b % 4, email=f"somebody{b}@example.com", team=pick(Team, b)
    )


def move_deal(a: int, b: int) -> None:
    pick(Deal, a).move_to(pick(Stage, b), by=pick(User, 0), at=NOON + timedelta(days=b))


def lose_deal(a: int, b: int) -> None:
    pick(Deal, a).lose(note=f"Note {b}", by=pick(User, 0), at=NOON)


def tag_deal(a: int, b: int) -> None:
    pick(Deal, a).tags.set([pick(Tag, b), pick(Tag, b + 1)])


def join(a: int, b: int) -> None:
    edit(pick(Contact, a), parent=pick(Contact, b))


def merge(a: int, b: int) -> None:
    kept, double = pick(Contact, a), pick(Contact, b)
    Deal.objects.filter(contact=double).update(contact=kept)
    Contact.objects.filter(parent=double).update(parent=kept)
    double.delete()


def swap_tags(a: int, b: int) -> None:
    one, other = pick(Tag, a), pick(Tag, b)
    if one == other:
        raise Refused
    name = one.name
    one.delete()
    edit(other, name=name)


ACTS: list[Act] = [
    create_deal,
    edit_deal,
    move_deal,
    lose_deal,
    tag_deal,
    join,
    merge,
    swap_tags,
    lambda a, _b: pick(Deal, a).delete(),
    lambda a, b: Deal.objects.filter(priority__lt=a % 4).update(expected_revenue=F("expected_revenue") + b),
    lambda _a, b: Deal.objects.update(lost_note=f"All of them {b}"),
    lambda a, b: Contact.objects.create(name=f"Customer {a}", city=f"City {b}"),
    lambda a, b: edit(pick(Contact, a), name=f"Customer {b}", phone="02 61 91 40 12"),
    lambda a, _b: pick(Contact, a).delete(),
    lambda a, _b: Tag.objects.create(name=f"Tag {a}"),
    lambda a, _b: pick(Tag, a).delete(),
    lambda a, b: pick(Team, a).members.set([pick(User, b)]),
    lambda a, _b: pick(Team, a).delete(),
]

numbers = st.integers(0, 30)
acts = st.tuples(st.sampled_from(ACTS), numbers, numbers)
work = st.lists(st.lists(acts, min_size=1, max_size=3), min_size=1, max_size=6)


def snapshot() -> Rows:
    return {table.name: columns(table.model) for table in tables()}


def try_all(steps: Sequence[tuple[Act, int, int]]) -> None:
    """Do what can be done; what a rule or the database refuses is left out."""
    for act, a, b in steps:
        try:
            with transaction.atomic():
                act(a, b)
        except (Refused, IntegrityError, models.ProtectedError):
            continue


def undo_all(operations: Sequence[Operation], by: User) -> list[tuple[Operation, Rows]]:
    """Undo from last to first; with each undoing the rows as they are after it."""
    done = []
    for entry in reversed(operations):
        done.append((undo(entry, by=by, at=NOON), snapshot()))
    return done


def company() -> User:
    """A small company, a week old, with something of everything."""
    user = factories.user("Anna", team=factories.team())
    factories.user("Ben", team=factories.team("Nord", leader=user))
    stages = [factories.stage(name, is_won=name == "Won") for name in ("New", "Proposal", "Won")]
    firm = factories.company("Acme")
    people = [firm, factories.person("Zoé", parent=firm), factories.company("Nordwind")]
    tags = [factories.tag("Urgent"), factories.tag("Cold")]
    for number, contact in enumerate(people):
        deal = factories.deal(f"Order {number}", contact=contact, owner=user, stage=stages[number % 2])
        deal.tags.set(tags[number % 2 :])
    return user


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(work=work)
def test_gives_back_every_row(work: list[list[tuple[Act, int, int]]]) -> None:
    with transaction.atomic():
        made: list[User] = []
        did(None, lambda: made.append(company()), at=NOON - timedelta(days=7))
        [user] = made
        operations, befores, moments = [], [], []
        for number, steps in enumerate(work):
            before, moment = snapshot(), NOON + timedelta(days=number)
            entry = did(user, partial(try_all, steps), at=moment)
            if before != snapshot():
                operations.append(entry)
                befores.append(before)
            moments.append((moment, columns(Deal, "search")))
        final = snapshot()

        for moment, rows in moments:
            assert list(as_of(Deal, moment).order_by("pk").values(*(rows or [{}])[0])) == rows
        undone = undo_all(operations, user)
        assert [rows for _entry, rows in undone] == befores[::-1]
        redone = undo_all([entry for entry, _rows in undone], user)
        assert [rows for _entry, rows in redone] == [*befores[1:], final][: len(befores)]
        transaction.set_rollback(True)
