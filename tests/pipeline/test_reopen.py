"""Taking up again a deal that was won or lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from piste.accounts.models import User
from piste.core.transitions import Refused
from tests.conftest import NOON, Stages
from tests.factories import deal, lost_reason

LATER = NOON + timedelta(days=9)


def test_goes_on_where_the_deal_was_lost(anna: User, stages: Stages) -> None:
    again = deal(owner=anna, stage=stages.qualified)
    again.lose(by=anna, at=NOON)

    again.reopen(by=anna, at=LATER)

    again.refresh_from_db()
    assert (again.status, again.stage, again.closed_at) == ("open", stages.qualified, None)


def test_goes_back_to_the_stage_it_was_won_from(anna: User, stages: Stages) -> None:
    again = deal(owner=anna)
    again.move_to(stages.qualified, by=anna, at=NOON)
    again.win(by=anna, at=NOON)

    again.reopen(by=anna, at=LATER)

    again.refresh_from_db()
    assert (again.status, again.stage) == ("open", stages.qualified)
    assert again.stage_changed_at == LATER


def test_goes_back_past_two_won_stages(anna: User, stages: Stages) -> None:
    again = deal(owner=anna, stage=stages.qualified)
    again.win(by=anna, at=NOON)
    again.move_to(stages.won, by=anna, at=NOON)

    again.reopen(by=anna, at=LATER)

    assert again.stage == stages.qualified


def test_falls_back_to_the_last_open_stage_without_a_history(anna: User, stages: Stages) -> None:
    again = deal(owner=anna, stage=stages.won, status="won", probability=100, closed_at=NOON)

    again.reopen(by=anna, at=LATER)

    assert again.stage == stages.proposition


def test_returns_to_the_automatic_probability(anna: User, stages: Stages) -> None:
    again = deal(owner=anna, stage=stages.qualified, probability=80)
    again.lose(by=anna, at=NOON)

    again.reopen(by=anna, at=LATER)

    assert again.probability == again.automated_probability == 50


def test_forgets_why_it_was_lost(anna: User, stages: Stages) -> None:
    again = deal(owner=anna)
    again.lose(
        reason=lost_reason(),
        note="Trop tard",
        competitor="Acme",
        revive_on=date(2027, 1, 4),
        by=anna,
        at=NOON,
    )

    again.reopen(by=anna, at=LATER)

    again.refresh_from_db()
    assert (again.lost_reason, again.lost_note, again.competitor, again.revive_on) == (None, "", "", None)


def test_remembers_in_its_history_why_it_was_lost(anna: User, stages: Stages) -> None:
    dear = lost_reason("Trop cher")
    again = deal(owner=anna)
    again.lose(reason=dear, by=anna, at=NOON)

    again.reopen(by=anna, at=LATER)

    reasons = type(again).pgh_event_model.objects.filter(pgh_obj_id=again.pk)  # type: ignore[attr-defined]
    assert dear.pk in set(reasons.values_list("lost_reason_id", flat=True))


def test_refuses_an_open_deal(anna: User, stages: Stages) -> None:
    with pytest.raises(Refused, match="already open"):
        deal(owner=anna).reopen(by=anna, at=NOON)
