"""Two who convert one lead at the same moment: one does, the other gets a sentence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.core.history import operation
from piste.core.transitions import Refused
from piste.pipeline.models import Lead, Opportunity
from tests.conftest import NOON, Stages
from tests.factories import lead

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_converts_and_one_is_told(anna: User, ben: User, stages: Stages) -> None:
    raw = lead(owner=None, company_name="Armor")
    start = Barrier(2)

    def convert(by: User) -> str:
        try:
            mine = Lead.objects.get(pk=raw.pk)
            start.wait(timeout=10)
            with operation("lead.convert", by=by):
                mine.qualify(customer_action="create", owner=by, by=by, at=NOON)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(convert, (anna, ben)))

    assert said == ["done", f"“{raw}” has just been converted."]
    assert Opportunity.objects.get().owner in (anna, ben)
    assert Contact.objects.count() == 1
