"""Methods that move a record from one state to another."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import User
from piste.core.transitions import Refused, applies
from tests.conftest import NOON, Stages
from tests.factories import deal


def test_lock_the_row_first(anna: User, stages: Stages) -> None:
    locked = deal(owner=anna)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        locked.win(by=anna, at=NOON)

    first = next(query["sql"] for query in asked.captured_queries if "SELECT" in query["sql"])
    assert first.endswith("FOR UPDATE")


def test_check_the_state_in_the_database_not_the_one_read(anna: User, stages: Stages) -> None:
    stale = deal(owner=anna)
    type(stale).objects.get(pk=stale.pk).win(by=anna, at=NOON)

    with pytest.raises(Refused, match="already won"):
        stale.lose(by=anna, at=NOON)


def test_change_nothing_when_refused(anna: User, stages: Stages) -> None:
    won = deal(owner=anna)
    won.win(by=anna, at=NOON)

    with pytest.raises(Refused):
        won.lose(note="Non", by=anna, at=NOON)

    won.refresh_from_db()
    assert (won.status, won.lost_note) == ("won", "")


def test_refuse_in_the_words_of_the_record(anna: User, stages: Stages) -> None:
    lost = deal("Refonte du site", owner=anna)
    lost.lose(by=anna, at=NOON)

    with pytest.raises(Refused) as refusal:
        lost.win(by=anna, at=NOON)

    assert str(refusal.value) == "“Refonte du site” is already lost."


@pytest.mark.parametrize(
    ("method", "while_open", "once_won"),
    [("win", True, False), ("lose", True, False), ("reopen", False, True), ("move_to", True, True)],
)
def test_are_offered_where_they_apply(
    anna: User, stages: Stages, method: str, *, while_open: bool, once_won: bool
) -> None:
    offered = deal(owner=anna)
    assert applies(offered, method) is while_open

    offered.win(by=anna, at=NOON)

    assert applies(offered, method) is once_won


def test_other_methods_always_apply(anna: User, stages: Stages) -> None:
    assert applies(deal(owner=anna), "archive")
