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


def test_keeps_a_dialog_for_a_second_try(opened, stages, anna):
    deal = factories.deal("Serre", owner=anna, stage=stages.new)
    page = opened(anna, f"/opportunities/{deal.pk}/")

    page.get_by_role("button", name="Lost").or_(page.get_by_role("link", name="Lost")).first.click()
    note = page.locator("#dialog textarea")
    note.fill("Too late")
    page.context.set_offline(True)
    page.locator("#dialog button[type=submit]").click()
    expect(page.locator(".toast.error")).to_contain_text("cannot be reached")
    expect(note).to_have_value("Too late")
    page.context.set_offline(False)
    page.locator("#dialog button[type=submit]").click()

    expect(page.locator(".toast.success, .toast:not(.error)").first).to_be_visible()
    deal.refresh_from_db()
    assert (deal.status, deal.lost_note) == ("lost", "Too late")


def test_follows_a_link_at_the_second_try(opened, stages, anna):
    page = opened(anna, "/opportunities/")

    page.context.set_offline(True)
    page.locator(".nav-items a[href='/customers/']").click()
    expect(page.locator(".toast.error")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page).to_have_url(page.url.split("/opportunities")[0] + "/customers/")
