"""History from elsewhere through the API: administrators set when deals began and how they ended."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.pipeline.models import Deal, Opportunity, PipelineSettings, ScoreCount
from tests import factories
from tests.api.conftest import Programs, told
from tests.conftest import Stages

LIFE = {"created_at": "2024-05-01T09:00:00Z", "closed_at": "2024-06-01T09:00:00Z"}


@pytest.fixture
def ada(db: None) -> User:
    return factories.user("Ada Lessard", role=Role.ADMINISTRATOR)


@pytest.mark.parametrize(("status", "stage", "probability"), [("won", "won", 100), ("lost", "new", 0)])
def test_brings_what_has_ended(
    ada: User, program: Programs, stages: Stages, status: str, stage: str, probability: int
) -> None:
    told(program(ada).post("/opportunities", {"name": "Old", "status": status} | LIFE), 201)

    brought = Opportunity.objects.get()
    assert (brought.status, brought.stage, brought.probability) == (
        status,
        getattr(stages, stage),
        probability,
    )
    assert brought.created_at == datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert brought.closed_at == brought.stage_changed_at == datetime(2024, 6, 1, 9, tzinfo=UTC)
    assert brought.days_to_close == 31


def test_keeps_the_stage_it_was_lost_in(ada: User, program: Programs, stages: Stages) -> None:
    told(
        program(ada).post("/opportunities", {"name": "Old", "status": "lost", "stage": stages.new.pk} | LIFE),
        201,
    )

    assert Opportunity.objects.get().stage == stages.new


def test_learns_from_it_at_once(ada: User, program: Programs, stages: Stages) -> None:
    PipelineSettings(pk=PipelineSettings.ONLY, scoring_start=date(2024, 1, 1)).save()

    told(program(ada).post("/opportunities", {"name": "Old", "status": "won"} | LIFE), 201)

    assert [(line.won, line.lost) for line in ScoreCount.objects.lines(())] == [(1, 0)]
    # It was never open here: no score was given that its end could be held against.
    events = Deal.pgh_event_model.objects  # type: ignore[attr-defined]
    assert not events.filter(status="open").exists()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"status": "open", "closed_at": "2024-06-01T09:00:00Z"}, "closed_at"),
        (
            {"status": "won", "created_at": "2024-07-01T09:00:00Z", "closed_at": "2024-06-01T09:00:00Z"},
            "closed_at",
        ),
        ({"created_at": "2999-01-01T09:00:00Z"}, "created_at"),
        ({"status": "sold"}, "status"),
    ],
)
def test_refuses_a_life_that_cannot_be(
    ada: User, program: Programs, stages: Stages, given: dict[str, str], wrong: str
) -> None:
    found = told(program(ada).post("/opportunities", {"name": "Old"} | given), 422)

    assert list(found["errors"]) == [wrong]
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("name", ["status", "created_at", "closed_at"])
def test_is_for_administrators(program: Programs, stages: Stages, name: str) -> None:
    manager = factories.user("Max Le Goff", role=Role.MANAGER)

    found = told(
        program(manager).post("/opportunities", {"name": "Old", name: (LIFE | {"status": "won"})[name]}), 422
    )

    assert list(found["errors"]) == [name]
