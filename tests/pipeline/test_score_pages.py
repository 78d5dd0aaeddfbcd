"""The score on the pages: why, how good, by what; and who may see and change that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.core.history import operation
from piste.core.models import Operation
from piste.core.undo import undo
from piste.pipeline import scoreviews, tasks
from piste.pipeline.calibration import calibrate, report
from piste.pipeline.models import Opportunity, PipelineSettings, ScoreCount
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import NOON, Stages

pytestmark = pytest.mark.usefixtures("stages")


@pytest.fixture
def max_(db: None) -> User:
    return factories.user("Max Le Goff", role=Role.MANAGER)


def learn(**chosen: object) -> PipelineSettings:
    values = {
        "scoring_start": date(2020, 1, 1),
        "scoring_minimum": 4,
        "scoring_variables": ["source"],
    } | chosen
    made = PipelineSettings(pk=PipelineSettings.ONLY, **values)
    made.save()
    return made


def taught(by: User) -> Opportunity:
    """Three of a fair won, one of a call lost, and one of the fair open."""
    fair, call = factories.source("Salon"), factories.source("Appel")
    for _ in range(3):
        factories.deal(owner=by, source=fair).win(by=by, at=NOON)
    factories.deal(owner=by, source=call).lose(by=by, at=NOON)
    return factories.deal("Plateforme", owner=by, source=fair)


def test_tells_base_factors_and_the_deals_behind_them(anna: User) -> None:
    learn()
    asked = taught(anna)

    page = Visitor(anna).get(f"/opportunities/{asked.pk}/score/").text

    assert "Base: 3 won out of 4" in page
    assert "Source: Salon" in page and "3 won, 0 lost" in page
    assert "What would change it" not in page or "Stage: Qualified" in page


def test_is_led_to_from_the_record(anna: User) -> None:
    asked = factories.deal(owner=anna)

    assert f'href="/opportunities/{asked.pk}/score/"' in Visitor(anna).get(f"/opportunities/{asked.pk}/").text


def test_says_how_much_is_missing(anna: User) -> None:
    learn(scoring_minimum=30)
    asked = taught(anna)

    page = Visitor(anna).get(f"/opportunities/{asked.pk}/score/").text

    assert "Not enough data: 4 deals have ended, 30 are needed." in page
    assert asked.probability == 25


def test_tries_values_and_saves_none(anna: User, stages: Stages) -> None:
    learn()
    asked = taught(anna)
    before = Opportunity.objects.filter(pk=asked.pk).values().get()

    page = Visitor(anna).get(f"/opportunities/{asked.pk}/score/?stage={stages.proposition.pk}&source=").text

    assert "trial, nothing is saved" in page
    assert "Stage: Proposition" in page and "Source: Salon" not in page
    assert Opportunity.objects.filter(pk=asked.pk).values().get() == before


def test_is_hidden_with_its_deal(anna: User, cora: User) -> None:
    asked = factories.deal(owner=anna)

    assert Visitor(cora).get(f"/opportunities/{asked.pk}/score/").status == 404
    assert Visitor(anna).get(f"/leads/{asked.pk}/score/").status == 404


def test_goes_back_to_automatic(anna: User) -> None:
    learn()
    asked = taught(anna)
    automatic = asked.automated_probability
    asked.probability = 5  # type: ignore[assignment]
    asked.save()

    Visitor(anna).post(f"/opportunities/{asked.pk}/do/automatic/")

    asked.refresh_from_db()
    assert asked.is_automatic
    assert asked.probability == automatic


def test_does_not_see_its_own_end_when_reopened(anna: User) -> None:
    learn()
    asked = taught(anna)
    before = asked.probability
    asked.win(by=anna, at=NOON)

    asked.reopen(by=anna, at=NOON)

    assert asked.probability == before


@pytest.mark.parametrize("path", ["/scoring/"])
def test_reports_to_managers_only(anna: User, max_: User, path: str) -> None:
    assert Visitor(anna).get(path).status == 403
    assert Visitor(anna).post(path).status == 403
    assert Visitor(max_).get(path).status == 200
    assert path in Visitor(max_).get("/opportunities/").text
    assert path not in Visitor(anna).get("/opportunities/").text


def test_scores_all_anew_and_takes_it_back(anna: User, max_: User) -> None:
    learn()
    early = factories.deal("Early", owner=anna, source=factories.source("Web"))
    taught(anna)

    Visitor(max_).post("/scoring/")

    early.refresh_from_db()
    assert str(early.probability) == "73.81"
    undo(Operation.objects.get(command="score.rescore"), by=max_, at=NOON)
    early.refresh_from_db()
    assert early.probability == 25


def test_leaves_very_many_to_the_worker(anna: User, max_: User, monkeypatch: pytest.MonkeyPatch) -> None:
    learn()
    taught(anna)
    monkeypatch.setattr(scoreviews, "MANY", 0)

    Visitor(max_).post("/scoring/")

    assert ProcrastinateJob.objects.filter(task_name="pipeline.rescore").count() == 1
    assert not Operation.objects.filter(command="score.rescore").exists()


def test_settings_change_what_counts(anna: User, max_: User) -> None:
    learn()

    assert (
        Visitor(anna).post("/settings/score-scoring-variables/", {"scoring_variables": "country"}).status
        == 403
    )
    Visitor(max_).post("/settings/score-scoring-variables/", {"scoring_variables": ["country", "tags"]})

    assert PipelineSettings.get().scoring_variables == ["country", "tags"]


def test_the_worker_scores_anew_in_the_name_of_who_changed_it(anna: User, max_: User) -> None:
    learn()
    early = factories.deal("Early", owner=anna)
    taught(anna)

    tasks.rescore(by=max_.pk)

    early.refresh_from_db()
    assert early.probability > 25
    assert Operation.objects.get(command="score.rescore").by == max_


def test_takes_what_was_said_before_the_end(anna: User) -> None:
    learn()
    asked = taught(anna)
    said = float(asked.automated_probability)
    with transaction.atomic(), operation("opportunity.win", by=anna):
        asked.win(by=anna, at=NOON + timedelta(days=1))

    found = report(since=NOON + timedelta(hours=1))

    assert (found.count, found.won) == (1, 1)
    assert found.steps[0].said == said
    assert found.brier == pytest.approx((1 - said / 100) ** 2)


def test_leaves_out_what_was_brought_in_as_ended(stages: Stages) -> None:
    ended = {
        "stage": stages.won,
        "status": "won",
        "closed_at": NOON,
        "stage_changed_at": NOON,
        "probability": 100,
    }
    Opportunity.objects.bulk_create([Opportunity(name="Old", **ended)])

    assert report(since=NOON - timedelta(days=1)).count == 0


def test_weighs_the_score_against_the_base_rate() -> None:
    # Ten at 90 %, nine won; ten at 10 %, one won.
    sharp = calibrate([(1, 10, 1, 10.0, 10 * 0.09), (9, 10, 9, 90.0, 10 * 0.09)])
    blunt = calibrate([(5, 20, 10, 50.0, 20 * 0.25)])

    assert (sharp.base_brier, sharp.skill) == (0.25, 64)
    assert (blunt.brier, blunt.skill) == (0.25, 0)


def test_folds_lines_that_have_become_many(anna: User) -> None:
    learn()
    ScoreCount.objects.bulk_create([ScoreCount(variable="stage", value="1", won=n % 2) for n in range(150)])

    tasks.fold_score_counts(timestamp=0)

    assert ScoreCount.objects.get().won == 75
