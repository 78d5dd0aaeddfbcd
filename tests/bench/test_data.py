"""The company that the benchmark measures with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pghistory.core import event_models

from piste.accounts.models import Membership, Team, User
from piste.contacts.models import Contact, Tag
from piste.pipeline.models import Deal, Opportunity
from tests.bench import data

ROWS, CUSTOMERS = 1_500, 300


@pytest.fixture(scope="module", autouse=True)
def _filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as fewer, django_db_blocker.unblock(), transaction.atomic():
        fewer.setattr(data, "CUSTOMERS", CUSTOMERS)
        data.fill(ROWS)
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def test_has_the_size_that_was_asked_for() -> None:
    sizes = [model.objects.count() for model in (User, Team, Contact, Tag, Opportunity)]

    assert sizes == [50, 5, CUSTOMERS, 20, ROWS]
    assert Membership.objects.count() == 48


def test_has_open_won_and_lost_deals_as_life_has() -> None:
    shares = [Deal.objects.filter(status=status).count() / ROWS for status in ("open", "won", "lost")]

    assert shares == pytest.approx([0.70, 0.16, 0.14], abs=0.04)


def test_gives_one_person_a_fair_share() -> None:
    first = User.objects.filter(role="salesperson-own").order_by("pk")[0]

    assert Opportunity.objects.for_user(first).filter(owner=first).count() == pytest.approx(
        ROWS / 48, rel=0.7
    )


def test_lies_in_the_past() -> None:
    now = timezone.now()

    assert not Deal.objects.filter(created_at__gt=now).exists()
    assert not Deal.objects.filter(stage_changed_at__gt=now).exists()
    assert not Deal.objects.filter(closed_at__gt=now).exists()


def test_has_a_history_of_every_row() -> None:
    for events in event_models():
        tracked = events.pgh_tracked_model
        assert events._base_manager.values("pgh_obj_id").distinct().count() == tracked._base_manager.count()


def test_is_found_by_its_words() -> None:
    assert Deal.objects.filter(search__contains="formation securite").exists()


def test_keeps_every_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
