"""What was told apart stays apart through a merge, and comes back with undo."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.contacts.duplicates import CUSTOMERS
from piste.contacts.models import Contact, DifferentPair
from piste.core.undo import undo
from piste.pipeline.duplicates import DEALS
from piste.pipeline.models import Deal
from tests import factories
from tests.conftest import NOON
from tests.core.working import did

PAIRS = ("kind", "first", "second")


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "kind"), [(Contact, CUSTOMERS.key), (Deal, DEALS.key)])
def test_the_survivor_is_told_apart_from_what_the_other_was(anna: User, model: type, kind: str) -> None:
    make = factories.company if model is Contact else factories.deal
    stays, goes, stranger = (make(name) for name in ("Armor", "Armor SA", "Amor"))
    DifferentPair.objects.create(kind=kind, first=goes.pk, second=stranger.pk)
    DifferentPair.objects.create(kind=kind, first=stays.pk, second=goes.pk)
    before = list(DifferentPair.objects.order_by("pk").values(*PAIRS))
    rows, target = model.objects.filter(pk=goes.pk), model.objects.get(pk=stays.pk)  # type: ignore[attr-defined]

    done = did(anna, lambda: rows.merge_into(target, by=anna, at=NOON))

    assert DifferentPair.objects.filter(kind=kind, first=stays.pk, second=stranger.pk).exists()
    assert not DifferentPair.objects.filter(first=stays.pk, second=stays.pk).exists()
    undo(done, by=anna, at=NOON)
    assert list(DifferentPair.objects.order_by("pk").values(*PAIRS)) == before
