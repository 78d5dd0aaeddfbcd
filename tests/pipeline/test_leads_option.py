"""Leads on and off, and what becomes of those that are there."""

from __future__ import annotations

import pytest

from piste.accounts.models import User
from piste.core.history import operation
from piste.core.models import Operation
from piste.pipeline.models import Deal, Lead, LeadUse, Opportunity, PipelineSettings
from piste.ui.testing import Visitor
from tests.conftest import NOON, Stages
from tests.factories import lead, team

ADDRESS = "/settings/leads-leads/"


def turn(user: User, value: str, **answer: str):
    return Visitor(user).post(ADDRESS, {"leads": value, **answer})


@pytest.mark.parametrize("who", ["max_", "ada"])
def test_are_turned_on_by_managers(who: str, request: pytest.FixtureRequest) -> None:
    answer = turn(request.getfixturevalue(who), "on")

    assert answer.status == 200
    assert PipelineSettings.get().leads == LeadUse.ON


@pytest.mark.parametrize("who", ["anna", "lena"])
def test_are_turned_on_by_nobody_else(who: str, max_: User, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)

    assert turn(user, "on").status == 403
    assert PipelineSettings.get().leads == LeadUse.OFF
    assert "Ask Max Quéré" in Visitor(user).get("/settings/").text


def test_say_what_they_affect(max_: User, stages: Stages, leads_on: PipelineSettings) -> None:
    team("Nord")
    team("Sud")
    team("Ventes directes", uses_leads=False)
    lead()

    assert "Affects 2 teams · 1 lead" in Visitor(max_).get("/settings/").text


def test_turn_off_without_a_question_where_there_are_none(max_: User, leads_on: PipelineSettings) -> None:
    assert turn(max_, "off").status == 200

    assert PipelineSettings.get().leads == LeadUse.OFF


def test_ask_what_becomes_of_those_there(max_: User, stages: Stages, leads_on: PipelineSettings) -> None:
    lead(), lead()

    answer = turn(max_, "off")

    assert answer.headers["HX-Retarget"] == "#dialog"
    assert "2 leads exist." in answer.text
    assert PipelineSettings.get().leads == LeadUse.ON


@pytest.mark.parametrize(("chosen", "use"), [("keep", LeadUse.READ_ONLY), ("leave", LeadUse.OFF)])
def test_are_kept_or_left(
    max_: User, stages: Stages, leads_on: PipelineSettings, chosen: str, use: str
) -> None:
    kept = lead()

    turn(max_, "off", answer=chosen)

    assert PipelineSettings.get().leads == use
    assert Lead.objects.get() == kept


def test_are_all_converted(max_: User, anna: User, stages: Stages, leads_on: PipelineSettings) -> None:
    raw = lead(owner=anna)
    gone = lead()
    with operation("lose", by=anna):
        gone.lose(by=anna, at=NOON)

    answer = turn(max_, "off", answer="convert")

    assert Opportunity.objects.get().pk == raw.pk
    assert Opportunity.objects.get().converted_at is not None
    # A lost one stays a lead, and can be read.
    assert Lead.objects.get().pk == gone.pk
    assert PipelineSettings.get().leads == LeadUse.READ_ONLY

    Visitor(max_).post(answer.undo)

    assert set(Lead.objects.all()) == {Lead.objects.get(pk=raw.pk), gone}
    assert Deal.objects.get(pk=raw.pk).converted_at is None
    assert PipelineSettings.get().leads == LeadUse.ON


def test_turning_off_twice_changes_nothing_more(
    max_: User, stages: Stages, leads_on: PipelineSettings
) -> None:
    lead()
    turn(max_, "off", answer="keep")

    turn(max_, "off")

    assert PipelineSettings.get().leads == LeadUse.READ_ONLY
    assert Operation.objects.filter(command="settings.change").count() == 2
