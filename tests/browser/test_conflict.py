"""Two people edit one cell: who comes second is asked whose value is to stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from piste.core.history import operation
from piste.pipeline.models import Opportunity
from tests import factories
from tests.browser.chromium import axe_findings

pytestmark = pytest.mark.django_db(transaction=True)

MINE = {"en": "Use mine", "fr": "Prendre la mienne"}
THEIRS = {"en": "Keep theirs", "fr": "Garder l’autre"}


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark")])
@pytest.mark.parametrize("whose", ["mine", "theirs"])
def test_asks_whose_value_is_to_stay(opened, stages, anna, ben, language, theme, whose):
    deal = factories.deal(owner=anna, stage=stages.new, expected_revenue=1000)
    page = opened(anna, "/opportunities/?view=list", language=language, theme=theme)
    cell = page.locator(f'piste-cell[src$="/{deal.pk}/cell/expected_revenue/"]')

    cell.click()
    expect(cell.locator("input:not([type=hidden])")).to_be_focused()
    with operation("opportunity.edit", by=ben):
        other = Opportunity.objects.get(pk=deal.pk)
        other.expected_revenue = 2000
        other.save()
    cell.locator("input:not([type=hidden])").fill("3000")
    page.keyboard.press("Enter")

    expect(page.locator("#dialog")).to_contain_text("Ben Morvan")
    assert axe_findings(page) == []
    if folder := os.environ.get("PISTE_PICTURES"):
        page.screenshot(path=Path(folder) / f"conflict-{language}-{theme}.png")
    page.get_by_role("button", name=(MINE if whose == "mine" else THEIRS)[language]).click()

    expect(page.locator("#dialog")).to_be_hidden()
    expect(cell).to_contain_text("3" if whose == "mine" else "2")
    expect(cell.locator(".cell-value")).to_be_focused()
    deal.refresh_from_db()
    assert deal.expected_revenue == (3000 if whose == "mine" else 2000)
