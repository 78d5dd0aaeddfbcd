"""A stage asks for a revenue and a day: the dialog takes them, and then the card moves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from piste.pipeline.models.lists import Gate
from tests import factories
from tests.browser.chromium import axe_findings
from tests.browser.test_pipeline import WORDS, card, drag, lane

pytestmark = pytest.mark.django_db(transaction=True)

SAVE = {"en": "Save and continue", "fr": "Enregistrer et continuer"}


@pytest.fixture
def gate(stages):
    stages.qualified.required_fields = [Gate.REVENUE, Gate.CLOSING, Gate.CUSTOMER]
    stages.qualified.save()
    return stages.qualified


@pytest.fixture
def booking(stages, anna):
    return factories.deal(
        "Plateforme de réservation", owner=anna, stage=stages.new, contact=factories.company(owner=anna)
    )


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PISTE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 1440), ("fr", "dark", 1440), ("fr", "light", 390)]
)
def test_asks_for_what_is_missing_and_moves(opened, stages, anna, booking, gate, language, theme, width):
    booking.contact = None
    booking.save()
    page = opened(anna, "/opportunities/", language=language, theme=theme, width=width)
    dialog = page.locator("#dialog")

    page.locator(".card-name").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(dialog.get_by_role("heading")).to_have_text("Plateforme de réservation")
    expect(dialog.locator("#id_expected_revenue, #id_contact, [role=combobox]").first).to_be_visible()
    picture(page, f"gate-{language}-{theme}-{width}")

    assert axe_findings(page) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_takes_the_answers_of_a_drag_and_takes_all_back(opened, stages, anna, booking, gate, language):
    page = opened(anna, "/opportunities/", language=language)

    drag(page, booking, gate)
    expect(page.locator("#dialog")).to_be_visible()
    expect(lane(page, gate).locator(".card[data-asking]")).to_have_count(1)
    page.locator("#id_expected_revenue").fill("12,4k" if language == "fr" else "12.4k")
    page.locator("#id_expected_close").fill("30/04")
    page.get_by_role("button", name=SAVE[language]).click()

    expect(page.locator("#dialog")).to_be_hidden()
    expect(lane(page, gate).locator(".card-name")).to_have_text("Plateforme de réservation")
    booking.refresh_from_db()
    assert (booking.stage, booking.expected_revenue, booking.expected_close.month) == (gate, 12400, 4)

    page.locator(".toast").get_by_role("button", name=WORDS[language]["undo"]).first.click()
    expect(lane(page, stages.new).locator(".card-name")).to_have_text("Plateforme de réservation")
    booking.refresh_from_db()
    assert (booking.stage, booking.expected_revenue, booking.expected_close) == (stages.new, 0, None)


def test_puts_the_card_back_when_nothing_is_answered(opened, stages, anna, booking, gate):
    page = opened(anna, "/opportunities/")

    card(page, booking).locator(".card-name").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#id_expected_revenue")).to_be_focused()
    page.keyboard.press("Escape")

    expect(lane(page, stages.new).locator(".card-name")).to_be_focused()
    expect(page.locator("#status")).to_contain_text("is back in New")
    booking.refresh_from_db()
    assert booking.stage == stages.new


def test_says_at_the_field_what_does_not_hold(opened, anna, booking, gate):
    page = opened(anna, "/opportunities/")
    card(page, booking).locator(".card-name").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.locator("#id_expected_close").fill("tomorrow")
    page.locator("#id_expected_revenue").fill("plenty")
    page.keyboard.press("Enter")

    expect(page.locator("#id_expected_revenue")).to_be_focused()
    expect(page.locator("#id_expected_revenue")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_expected_close")).to_have_value("tomorrow")
    assert axe_findings(page) == []
    page.locator("#id_expected_revenue").fill("500")
    page.keyboard.press("Enter")

    expect(lane(page, gate).locator(".card-name")).to_be_focused()
    booking.refresh_from_db()
    assert (booking.stage, booking.expected_revenue) == (gate, 500)


def test_asks_on_the_way_along_the_path(opened, anna, booking, gate):
    page = opened(anna, f"/opportunities/{booking.pk}/")

    page.locator(".path").get_by_role("button", name="Qualified").click()
    page.locator("#id_expected_revenue").fill("500")
    page.locator("#id_expected_close").fill("tomorrow")
    page.keyboard.press("Enter")

    expect(page.locator(".path [aria-current=step]")).to_contain_text("Qualified")
    booking.refresh_from_db()
    assert (booking.stage, booking.expected_revenue) == (gate, 500)


def test_asks_when_the_stage_is_edited_in_a_list(opened, anna, booking, gate):
    page = opened(anna, "/opportunities/?view=list")

    page.locator(f'piste-cell[src$="/{booking.pk}/cell/stage/"]').click()
    page.locator("piste-cell select").select_option("Qualified")
    page.locator("#id_expected_revenue").fill("500")
    page.locator("#id_expected_close").fill("tomorrow")
    page.keyboard.press("Enter")

    expect(page.locator(f"#row-{booking.pk}")).to_contain_text("Qualified")
    booking.refresh_from_db()
    assert booking.stage == gate
