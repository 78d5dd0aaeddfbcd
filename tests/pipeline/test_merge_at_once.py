"""Two people may merge the same records at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.history import operation
from piste.core.models import Operation
from piste.core.transitions import Refused
from piste.pipeline.models import Deal
from tests import factories
from tests.conftest import NOON

start = Barrier(2, timeout=20)


def press(rows: Any, target: Any, by: User) -> str:
    """What the person is told: nothing, when it is done."""
    # Both have chosen their records before either has begun.
    chosen = list(rows.values_list("pk", flat=True))
    start.wait()
    try:
        with transaction.atomic(), operation("deal.merge", by=by):
            type(target).objects.filter(pk__in=chosen).merge_into(target, by=by, at=NOON)
    except Refused as refusal:
        return str(refusal)
    finally:
        connection.close()
    return ""


def at_once(*presses: tuple[Any, Any, User]) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(lambda args: press(*args), presses))


@pytest.mark.django_db(transaction=True)
def test_one_wins_and_the_other_gets_a_sentence() -> None:
    anna, ben = factories.user("Anna"), factories.user("Ben")
    first, second = factories.deal("A"), factories.deal("B")
    one, other = Deal.objects.get(pk=first.pk), Deal.objects.get(pk=second.pk)

    told = at_once((Deal.objects.all(), one, anna), (Deal.objects.all(), other, ben))

    assert told[0] == ""
    assert told[1] in (
        "One of these records has just been merged or deleted. Choose again.",
        "Choose at least two records to merge.",
    )
    assert Deal.objects.count() == 1
    assert Operation.objects.filter(command="deal.merge").count() == 1


@pytest.mark.django_db(transaction=True)
def test_deals_and_their_customers_do_not_wait_for_each_other() -> None:
    anna, ben = factories.user("Anna"), factories.user("Ben")
    companies = [factories.company(name) for name in ("Armor", "Armor SA")]
    for company in companies:
        factories.deal(f"Order of {company}", contact=company)
    deal = Deal.objects.order_by("pk")[1]
    company = Contact.objects.get(pk=companies[0].pk)

    told = at_once((Deal.objects.all(), deal, anna), (Contact.objects.all(), company, ben))

    assert told == ["", ""]
    assert Deal.objects.get().contact == Contact.objects.get() == company
