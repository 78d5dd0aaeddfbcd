"""Losing a deal: why, to whom, and when to try again."""

from __future__ import annotations

from datetime import date

import pytest

from piste.accounts.models import User
from piste.core.transitions import Refused
from tests.conftest import NOON, Stages
from tests.factories import deal, lost_reason


def test_closes_where_the_deal_died(anna: User, stages: Stages) -> None:
    lost = deal(owner=anna, stage=stages.proposition)

    lost.lose(by=anna, at=NOON)

    lost.refresh_from_db()
    assert (lost.status, lost.stage, lost.closed_at) == ("lost", stages.proposition, NOON)
    assert lost.probability == lost.automated_probability == 0


def test_is_not_put_away(anna: User, stages: Stages) -> None:
    lost = deal(owner=anna)

    lost.lose(by=anna, at=NOON)

    assert not lost.archived


def test_keeps_what_was_said(anna: User, stages: Stages) -> None:
    dear = lost_reason("Trop cher")
    lost = deal(owner=anna)

    lost.lose(
        reason=dear, note=" 30 % de plus ", competitor=" Acme ", revive_on=date(2027, 1, 4), by=anna, at=NOON
    )

    lost.refresh_from_db()
    assert (lost.lost_reason, lost.lost_note, lost.competitor) == (dear, "30 % de plus", "Acme")
    assert lost.revive_on == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("months", "lost_on", "again_on"),
    [
        (6, date(2026, 3, 18), date(2026, 9, 18)),
        (1, date(2026, 1, 31), date(2026, 2, 28)),
        (12, date(2028, 2, 29), date(2029, 2, 28)),
        (10, date(2026, 3, 18), date(2027, 1, 18)),
        (None, date(2026, 3, 18), None),
    ],
)
def test_is_to_be_revived_after_the_months_of_the_reason(
    anna: User, stages: Stages, months: int | None, lost_on: date, again_on: date | None
) -> None:
    lost = deal(owner=anna)

    lost.lose(
        reason=lost_reason(revive_after=months),
        by=anna,
        at=NOON.replace(year=lost_on.year, month=lost_on.month, day=lost_on.day),
    )

    assert lost.revive_on == again_on


def test_is_revived_on_the_day_that_was_said(anna: User, stages: Stages) -> None:
    lost = deal(owner=anna)

    lost.lose(reason=lost_reason(revive_after=6), revive_on=date(2026, 4, 1), by=anna, at=NOON)

    assert lost.revive_on == date(2026, 4, 1)


def test_asks_for_the_note_that_a_reason_needs(anna: User, stages: Stages) -> None:
    other = lost_reason("Autre", name_en="Other", needs_note=True)
    lost = deal(owner=anna)

    with pytest.raises(Refused, match="“Other” needs a note"):
        lost.lose(reason=other, note="  ", by=anna, at=NOON)

    lost.refresh_from_db()
    assert lost.status == "open"


def test_gives_up_a_probability_that_was_typed(anna: User, stages: Stages) -> None:
    lost = deal(owner=anna, probability=80)

    lost.lose(by=anna, at=NOON)

    assert lost.probability == 0


def test_refuses_a_won_deal(anna: User, stages: Stages) -> None:
    won = deal(owner=anna)
    won.win(by=anna, at=NOON)

    with pytest.raises(Refused, match="already won"):
        won.lose(by=anna, at=NOON)
