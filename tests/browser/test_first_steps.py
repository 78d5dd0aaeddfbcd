"""The first steps beside the work: they tick themselves off, hide, and come back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from piste.accounts.models import Company


@pytest.fixture
def setup(opened, stages, ada):
    Company.objects.update(sample=False)
    return opened(ada, "/opportunities/?f=", language="en")


def test_ticks_itself_off_while_one_works(setup):
    setup.locator("[data-quick]").first.click()
    setup.locator(".quick input[name=name]").first.fill("Toiture 12k")
    setup.keyboard.press("Enter")

    expect(setup.locator("#setup li.done")).to_contain_text(["Add a deal"])
    expect(setup.locator("#setup .num")).to_have_text("1/4")


def test_hides_and_comes_back_by_undo(setup):
    setup.get_by_role("button", name="Hide this list").click()
    expect(setup.locator("#setup-title")).to_have_count(0)

    setup.get_by_role("button", name="Undo").click()

    expect(setup.locator("#setup-title")).to_be_visible()
