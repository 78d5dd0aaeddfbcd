"""The network fails: nothing typed is lost, and the message offers to try again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_pipeline import card, drag, lane

pytestmark = pytest.mark.django_db(transaction=True)


def test_moves_the_card_at_the_second_try(opened, stages, anna):
    deal = factories.deal(owner=anna, stage=stages.new)
    page = opened(anna, "/opportunities/")

    page.context.set_offline(True)
    drag(page, deal, stages.qualified)
    expect(page.locator(".toast.error")).to_contain_text("cannot be reached")
    expect(lane(page, stages.new).locator(".card")).to_have_count(1)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(lane(page, stages.qualified).locator(f"#card-{deal.pk}")).to_be_visible()
    expect(card(page, deal)).to_have_count(1)
    deal.refresh_from_db()
    assert deal.stage == stages.qualified


def test_keeps_what_was_typed_in_a_cell(opened, stages, anna):
    deal = factories.deal(owner=anna, stage=stages.new)
    page = opened(anna, "/opportunities/?view=list")
    cell = page.locator(f'piste-cell[src$="/{deal.pk}/cell/expected_revenue/"]')

    cell.click()
    page.context.set_offline(True)
    cell.locator("input:not([type=hidden])").fill("3000")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.error").first).to_be_visible()
    expect(cell.locator("input:not([type=hidden])")).to_have_value("3000")
    page.context.set_offline(False)
    cell.locator("input:not([type=hidden])").press("Enter")

    expect(cell).to_contain_text("3,000")
