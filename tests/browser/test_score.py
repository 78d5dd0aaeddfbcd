"""Somebody asks why a deal has its score, tries other values, and goes back to automatic; by keyboard too."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from piste.accounts.models import User
from piste.accounts.roles import Role
from piste.pipeline.models import Opportunity, PipelineSettings
from tests import factories
from tests.browser.chromium import axe_findings
from tests.browser.conftest import Opener
from tests.conftest import Stages

pytestmark = pytest.mark.django_db(transaction=True)


def taught(by: User, stages: Stages) -> Opportunity:
    PipelineSettings(
        pk=PipelineSettings.ONLY,
        scoring_start=date(2020, 1, 1),
        scoring_minimum=4,
        scoring_variables=["source"],
    ).save()
    fair, call = factories.source("Salon"), factories.source("Appel")
    for number in range(6):
        ended = factories.deal(owner=by, source=fair if number % 3 else call, stage=stages.qualified)
        if number % 3:
            ended.win(by=by, at=timezone.now())
        else:
            ended.lose(by=by, at=timezone.now())
    return factories.deal("Plateforme", owner=by, source=fair, stage=stages.qualified)


def test_explains_tries_and_goes_back(opened: Opener, anna: User, stages: Stages) -> None:
    asked = taught(anna, stages)
    automatic = asked.probability
    Opportunity.objects.filter(pk=asked.pk).update(probability=5)
    page = opened(anna, f"/opportunities/{asked.pk}/", language="en")

    page.keyboard.press("i")
    dialog = page.locator("#dialog")
    dialog.get_by_text("Source: Salon").wait_for()
    assert axe_findings(page) == []
    dialog.get_by_text("Try other values").click()
    dialog.get_by_label("Source").select_option(label="Appel")
    dialog.get_by_text("trial, nothing is saved").wait_for()
    dialog.get_by_text("Source: Appel").wait_for()
    dialog.get_by_role("button", name="Back to automatic").click()
    dialog.wait_for(state="hidden")

    asked.refresh_from_db()
    assert asked.probability == automatic
    assert str(asked.source) == "Salon"


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_reports_readably(opened: Opener, anna: User, stages: Stages, theme: str, width: int) -> None:
    taught(anna, stages)
    boss = factories.user("Max Le Goff", role=Role.MANAGER)

    page = opened(boss, "/scoring/", language="fr", theme=theme, width=width)

    assert page.get_by_role("img", name="Courbe de fiabilité").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_findings(page) == []
