"""Two people may press undo at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from piste.accounts.models import User
from piste.contacts.models import Tag
from piste.core.history import operation
from piste.core.models import Operation
from piste.core.transitions import Refused
from piste.core.undo import undo
from tests import factories
from tests.conftest import NOON


@pytest.mark.django_db(transaction=True)
def test_only_one_of_them_undoes() -> None:
    anna, tag = factories.user("Anna"), factories.tag("Urgent")
    with transaction.atomic(), operation("tag.edit", by=anna) as done:
        Tag.objects.update(name="Very urgent")
    start = Barrier(2)

    def press(user: User) -> bool:
        start.wait(timeout=10)
        try:
            undo(done, by=user, at=NOON)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        won = sorted(pool.map(press, [anna, anna]))

    tag.refresh_from_db()
    assert won == [False, True]
    assert tag.name == "Urgent"
    assert Operation.objects.filter(command="undo").count() == 1
