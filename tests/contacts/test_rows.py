"""Which customers and lists whom the roles let see and change."""

from __future__ import annotations

from typing import Any

import pytest

from piste.contacts.models import Campaign, Contact, Medium, Source, Tag
from tests.factories import company, user

VERBS = ("view", "add", "change", "delete")
READ, WRITE, ALL = VERBS[:1], VERBS[:3], VERBS


def may(who: Any, model: Any) -> tuple[str, ...]:
    return tuple(verb for verb in VERBS if model.objects.for_user(who, verb).exists())


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("", ()),
        ("salesperson-own", WRITE),
        ("salesperson-all", WRITE),
        ("manager", ALL),
        ("administrator", ALL),
    ],
)
def test_customers_and_tags_are_written_by_salespeople(db: None, role: str, verbs: tuple[str, ...]) -> None:
    company(owner=user("Somebody Else"))
    Tag.objects.create(name="Web")
    who = user(role=role)

    assert may(who, Contact) == may(who, Tag) == verbs


@pytest.mark.parametrize("model", [Source, Medium, Campaign])
@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("", ()),
        ("salesperson-own", READ),
        ("salesperson-all", READ),
        ("manager", ALL),
        ("administrator", ALL),
    ],
)
def test_marketing_lists_are_kept_by_managers(
    db: None, model: Any, role: str, verbs: tuple[str, ...]
) -> None:
    model.objects.create(name="Salon")

    assert may(user(role=role), model) == verbs
