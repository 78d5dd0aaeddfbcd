"""Scores through the API: explained to whoever may read the deal, rebuilt by administrators."""

from __future__ import annotations

from datetime import date

import pytest

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.core.models import Operation
from piste.pipeline.models import PipelineSettings, ScoreCount
from tests import factories
from tests.api.conftest import Programs, problem, told
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("stages")


@pytest.fixture
def ada(db: None) -> User:
    return factories.user("Ada Lessard", role=Role.ADMINISTRATOR)


def learn(by: User) -> None:
    PipelineSettings(
        pk=PipelineSettings.ONLY,
        scoring_start=date(2020, 1, 1),
        scoring_minimum=2,
        scoring_variables=["source"],
    ).save()
    fair = factories.source("Salon")
    factories.deal(owner=by, source=fair).win(by=by, at=NOON)
    factories.deal(owner=by).lose(by=by, at=NOON)
    factories.deal("Plateforme", owner=by, source=fair)


def test_explains_a_deal(anna: User, program: Programs) -> None:
    learn(anna)
    asked = factories.deal(owner=anna, source=factories.source("Salon 2"))

    found = told(program(anna).get(f"/opportunities/{asked.pk}/score"))

    assert found["score"] == found["probability"] == str(asked.probability)
    assert (found["ended"], found["needed"], found["base_rate"]) == (2, 2, 50.0)
    assert [(one["variable"], one["won"], one["lost"]) for one in found["factors"]] == [("stage", 1, 1)]


def test_explains_a_lead(anna: User, program: Programs) -> None:
    asked = factories.lead(owner=anna)

    found = told(program(anna).get(f"/leads/{asked.pk}/score"))

    assert (found["score"], found["probability"], found["factors"]) == (None, "25.00", [])


def test_says_nothing_of_deals_out_of_reach(anna: User, cora: User, program: Programs) -> None:
    asked = factories.deal(owner=anna)

    problem(program(cora).get(f"/opportunities/{asked.pk}/score"), 404, "not-found")


@pytest.mark.parametrize("role", [Role.SALESPERSON_OWN, Role.SALESPERSON_ALL, Role.MANAGER])
def test_keeps_the_whole_for_administrators(role: str, program: Programs) -> None:
    somebody = program(factories.user("Somebody", role=role))

    problem(somebody.get("/scoring"), 403, "forbidden")
    problem(somebody.post("/scoring/rebuild"), 403, "forbidden")


def test_shows_what_is_learnt_from(anna: User, ada: User, program: Programs) -> None:
    learn(anna)

    found = told(program(ada).get("/scoring"))

    assert (found["won"], found["lost"], found["needed"], found["is_learnt"]) == (1, 1, 2, True)
    assert found["variables"] == ["source"]


def test_counts_and_scores_anew(anna: User, ada: User, program: Programs) -> None:
    learn(anna)
    ScoreCount.objects.all().delete()

    answer = told(program(ada).post("/scoring/rebuild"))

    assert ScoreCount.objects.exists()
    assert Operation.objects.get(pk=answer["operation"]).command == "score.rescore"


def test_rebuilds_with_a_writing_key_only(ada: User, program: Programs) -> None:
    problem(program(ada, scope="read").post("/scoring/rebuild"), 403, "forbidden")
