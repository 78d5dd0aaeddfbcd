"""From the rows on the page to all that were found, and one act on all of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from piste.pipeline.models import Opportunity
from piste.ui.acting import BULK_LIMIT
from tests import factories
from tests.browser.chromium import axe_findings
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)

FOUND = 123
ALL = {"en": "Select all 123 found", "fr": "Sélectionner les 123 trouvés"}


@pytest.fixture
def many(stages, anna):
    Opportunity.objects.bulk_create(
        Opportunity(
            name=f"Affaire {n}",
            owner=anna,
            stage=stages.new,
            search=f"affaire {n}",
            stage_changed_at=NOON,
        )
        for n in range(FOUND)
    )
    return factories.deal("Autre chose", owner=anna, stage=stages.new)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark")])
def test_wins_all_that_were_found(opened, many, anna, language, theme):
    page = opened(anna, "/opportunities/?view=list&q=affaire", language=language, theme=theme)
    bar = page.locator("[data-bulk]")

    page.locator("[data-all]").check()
    expect(bar.locator("[data-count]")).to_contain_text("80")
    bar.get_by_role("button", name=ALL[language]).click()
    expect(bar.locator("[data-count]")).to_contain_text("123")
    expect(bar.locator("[data-found-all]")).to_be_hidden()
    assert axe_findings(page) == []
    if folder := os.environ.get("PISTE_PICTURES"):
        page.screenshot(path=Path(folder) / f"all-{language}-{theme}.png")
    bar.locator('[data-bulk-url$="/do/win/"]').click()
    expect(page.locator("#dialog")).to_contain_text("123")
    page.locator('#dialog button[type="submit"]').click()

    expect(page.locator(".toast")).to_contain_text("123")
    assert Opportunity.objects.filter(status="won").count() == FOUND
    many.refresh_from_db()
    assert many.status == "open"


def test_a_tick_leads_back_to_single_rows(opened, many, anna):
    page = opened(anna, "/opportunities/?view=list&q=affaire")
    page.locator("[data-all]").check()
    page.get_by_role("button", name="Select all 123 found").click()

    page.locator("[data-tick]").first.uncheck()

    expect(page.locator("[data-count]")).to_have_text("79 selected")
    expect(page.locator("[data-found-all]")).to_be_hidden()


def test_says_how_many_are_too_many(opened, stages, anna):
    Opportunity.objects.bulk_create(
        Opportunity(name=f"Affaire {n}", owner=anna, stage=stages.new, stage_changed_at=NOON)
        for n in range(BULK_LIMIT + 1)
    )
    page = opened(anna, "/opportunities/?view=list")

    page.locator("[data-all]").check()

    expect(page.locator("[data-found-note]")).to_have_text("501 found, at most 500 at once")
    expect(page.locator("[data-found-all]")).to_be_hidden()
