"""Archiving says nothing about how a deal ended."""

from __future__ import annotations

from piste.accounts.models import User
from piste.pipeline.models import Deal
from tests.conftest import NOON, Stages
from tests.factories import deal


def test_changes_nothing_else(anna: User, stages: Stages) -> None:
    put_away = deal(owner=anna)

    put_away.archive(by=anna, at=NOON)

    put_away.refresh_from_db()
    assert (put_away.archived, put_away.status, put_away.probability) == (True, "open", 25)
    assert not Deal.objects.shown().exists()


def test_is_taken_back(anna: User, stages: Stages) -> None:
    back = deal(owner=anna)
    back.archive(by=anna, at=NOON)

    back.unarchive(by=anna, at=NOON)

    assert list(Deal.objects.shown()) == [Deal.objects.get(pk=back.pk)]


def test_leaves_a_won_deal_won(anna: User, stages: Stages) -> None:
    won = deal(owner=anna)
    won.win(by=anna, at=NOON)

    won.archive(by=anna, at=NOON)

    assert (won.status, won.closed_at) == ("won", NOON)
