"""Two people who do something to the same deal at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from piste.accounts.models import User
from piste.core.history import operation
from piste.core.transitions import Refused
from piste.pipeline.models import Deal, Opportunity
from tests.conftest import NOON, Stages
from tests.factories import deal

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(pk: int, *acts: Callable[[Opportunity], None]) -> list[str]:
    """What each act ended with, when all began from the same reading of the deal."""
    together = Barrier(len(acts))

    def run(act: Callable[[Opportunity], None]) -> str:
        try:
            read = Opportunity.objects.get(pk=pk)
            together.wait(timeout=10)
            with transaction.atomic(), operation("opportunity.test", by=None):
                act(read)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_both_moves_happen_one_after_the_other(anna: User, ben: User, stages: Stages) -> None:
    card = deal("Site vitrine", owner=anna)

    ended = at_once(
        card.pk,
        lambda seen: seen.move_to(stages.qualified, by=anna, at=NOON),
        lambda seen: seen.move_to(stages.proposition, by=ben, at=NOON),
    )

    assert ended == ["done", "done"]
    card.refresh_from_db()
    events = Deal.pgh_event_model.objects.filter(pgh_obj_id=card.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    passed = list(events.values_list("stage_id", flat=True))
    assert sorted(passed) == sorted([stages.new.pk, stages.qualified.pk, stages.proposition.pk])
    assert passed[-1] == card.stage_id
    assert card.probability == card.automated_probability


def test_of_a_win_and_a_loss_one_is_refused(anna: User, ben: User, stages: Stages) -> None:
    card = deal("Site vitrine", owner=anna)

    ended = at_once(
        card.pk,
        lambda seen: seen.win(by=anna, at=NOON),
        lambda seen: seen.lose(by=ben, at=NOON),
    )

    card.refresh_from_db()
    assert sorted(ended) == sorted(["done", f"“Site vitrine” is already {card.status}."])


def test_nothing_of_the_other_change_is_lost(anna: User, ben: User, stages: Stages) -> None:
    card = deal("Site vitrine", owner=anna)

    at_once(
        card.pk,
        lambda seen: seen.move_to(stages.qualified, by=anna, at=NOON),
        lambda seen: seen.assign(owner=ben, by=anna, at=NOON),
    )

    card.refresh_from_db()
    assert (card.stage, card.owner) == (stages.qualified, ben)
