"""Loading the sample company at any moment, and taking it away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from pghistory.core import event_models

from piste.accounts.models import Company, User
from piste.accounts.roles import Role
from piste.contacts.models import Contact
from piste.core.history import operation
from piste.core.models import Operation
from piste.pipeline.models import Deal, Opportunity, Stage
from piste.site import demo
from tests.conftest import NOON
from tests.factories import user

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 24, 10, 42, tzinfo=PARIS),
        datetime(2026, 6, 1, 0, 3, tzinfo=PARIS),
        datetime(2027, 1, 3, 23, 59, tzinfo=PARIS),
        datetime(2028, 2, 29, 6, 0, tzinfo=PARIS),
    ],
    ids=["a Tuesday morning", "the first minutes of a month", "a Sunday night", "a leap day before work"],
)
def test_has_wins_of_this_month_and_nothing_in_the_future(db: None, at: datetime) -> None:
    demo.load(at=at)

    first = at.replace(day=1, hour=0, minute=0)
    sunday = at.date() + timedelta(days=6 - at.weekday())
    assert Deal.objects.won().filter(closed_at__gte=first, closed_at__lte=at).count() == 5
    assert not Operation.objects.filter(at__gt=at).exists()
    assert Deal.objects.open().filter(expected_close__range=(at.date(), sunday)).count() >= 3


def test_leaves_nothing_when_taken_away(db: None) -> None:
    demo.load(at=NOON)

    demo.remove()

    ours = [model for model in apps.get_models() if model.__module__.startswith("piste.")]
    assert {model.__name__ for model in ours if model._base_manager.exists()} == set()
    assert not any(events._base_manager.exists() for events in event_models())
    assert demo.people() == []


def test_is_the_same_every_time(db: None) -> None:
    demo.load(at=NOON)
    first = list(told())
    demo.remove()

    demo.load(at=NOON)

    assert list(told()) == first


def told() -> Iterable[tuple[object, ...]]:
    return Deal.objects.order_by("pk").values_list(
        "name", "owner__name", "stage__name", "expected_close", "created_at", "stage_changed_at", "closed_at"
    )


def test_takes_away_what_its_people_did_to_it(db: None) -> None:
    demo.load(at=NOON)
    _label, anne = demo.people()[0]
    moved = Opportunity.objects.open().filter(owner=anne).first()
    assert moved is not None
    with operation("opportunity.win", by=anne):
        moved.win(by=anne, at=datetime.now(UTC))

    demo.remove()

    assert not Operation.objects.exists()


def test_leaves_what_others_entered_with_what_it_needs(db: None) -> None:
    demo.load(at=NOON)
    founder = user("Rozenn Founder", role=Role.ADMINISTRATOR)
    _label, anne = demo.people()[0]
    gaelle = Contact.objects.get(name="Gaëlle Riou")
    with operation("opportunity.create", by=founder):
        own = Opportunity.objects.create(name="Ours", owner=anne, contact=gaelle)

    demo.remove()

    own.refresh_from_db()
    assert (own.name, own.owner, own.contact) == ("Ours", None, gaelle)
    assert [one.name for one in Contact.objects.order_by("name")] == ["Gaëlle Riou", "Îles & Voiles"]
    assert [one.name for one in Stage.objects.all()] == ["Nouveau"]
    assert [one.name for one in User.objects.all()] == ["Rozenn Founder"]
    assert Company.get().sample is False
    assert Operation.objects.filter(by=founder).count() == 1
