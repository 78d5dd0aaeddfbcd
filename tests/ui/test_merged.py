"""The history of a record tells what became part of it."""

from __future__ import annotations

import re

from django.test import Client

from piste.accounts.models import User
from piste.core.changes import changes_of
from piste.core.models import Operation
from piste.core.undo import undo
from piste.pipeline.models import Opportunity
from tests import factories
from tests.conftest import NOON, Stages


def merged(by: User, *deals: Opportunity) -> Client:
    client = Client()
    client.force_login(by)
    client.post(f"/opportunities/merge/?ids={','.join(str(deal.pk) for deal in deals)}", {})
    return client


def test_tells_what_is_part_of_it_though_nothing_else_changed(anna: User, stages: Stages) -> None:
    first, second = factories.deal("Site", owner=anna), factories.deal("Site", owner=anna)

    client = merged(anna, first, second)

    [change] = [one for one in changes_of(first) if one.merged]
    assert (change.command, change.merged, change.undoable) == ("opportunity.merge", ("Site",), True)
    assert "Now part of this: Site" in client.get(f"/opportunities/{first.pk}/").content.decode()


def test_shows_the_values_they_had(anna: User, stages: Stages) -> None:
    first = factories.deal("Site", owner=anna)
    second = factories.deal("Vitrine", owner=anna, email="jean@example.com", city="Brest", stage=stages.new)
    client = merged(anna, first, second)
    page = client.get(f"/opportunities/{first.pk}/").content.decode()
    [url] = re.findall(r"/operations/[^/]+/merged/", page)

    shown = client.get(url).content.decode()

    for text in ("Vitrine", "jean@example.com", "Brest", "New", "Anna Kerbrat"):
        assert text in shown


def test_is_for_those_who_see_what_they_became(anna: User, cora: User, lena: User, stages: Stages) -> None:
    first, second = factories.deal("Site", owner=anna), factories.deal("Vitrine", owner=anna)
    merged(anna, first, second)
    url = f"/operations/{Operation.objects.get().pk}/merged/"
    others, own = Client(), Client()
    others.force_login(cora)
    own.force_login(lena)

    assert others.get(url).status_code == 404
    assert own.get(url).status_code == 200
    assert own.get("/operations/00000000-0000-4000-8000-000000000000/merged/").status_code == 404


def test_stays_to_be_read_when_it_was_undone_or_merged_again(anna: User, stages: Stages) -> None:
    first, second, third = (factories.deal(name, owner=anna) for name in ("A", "B", "C"))
    client = merged(anna, second, third)
    once = Operation.objects.get()
    merged(anna, first, second)

    assert client.get(f"/operations/{once.pk}/merged/").status_code == 200

    undo(Operation.objects.exclude(pk=once.pk).get(), by=anna, at=NOON)
    undo(once, by=anna, at=NOON)
    [change] = [one for one in changes_of(second) if one.merged]
    assert (change.merged, change.undoable) == (("C",), False)
