"""A salesperson's morning on the board."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from piste.pipeline.models import Opportunity
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "en": {
        "undo": "Undo",
        "lose": "Lost",
        "reason": "Too expensive",
        "email": "E-mail",
        "sign_in": "Sign in",
    },
    "fr": {
        "undo": "Annuler",
        "lose": "Perdu",
        "reason": "Trop cher",
        "email": "Adresse e-mail",
        "sign_in": "Se connecter",
    },
}


@pytest.fixture
def reason(transactional_db):
    return factories.lost_reason("Trop cher", name_en="Too expensive")


@pytest.fixture
def booking(stages, anna):
    return factories.deal("Plateforme de réservation", owner=anna, expected_revenue=38000, stage=stages.new)


def lane(page: Page, stage):
    return page.locator(f'[data-lane="{stage.pk}"]')


def card(page: Page, deal):
    return page.locator(f"#card-{deal.pk}")


def drag(page: Page, deal, stage):
    start = card(page, deal).bounding_box()
    end = lane(page, stage).bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 60)
    page.mouse.down()
    page.mouse.move(start["x"] + 90, start["y"] + 80, steps=4)
    page.mouse.move(end["x"] + 100, end["y"] + 110, steps=12)
    page.mouse.up()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_creates_a_deal_from_one_line(opened, stages, anna, language, theme):
    page = opened(anna, "/opportunities/", language=language, theme=theme)

    lane(page, stages.new).locator("[data-quick]").click()
    page.keyboard.type("Audit énergétique 12k")
    page.keyboard.press("Enter")

    expect(lane(page, stages.new).locator(".card-name")).to_have_text("Audit énergétique")
    deal = Opportunity.objects.get()
    assert (deal.expected_revenue, deal.owner, deal.stage) == (12000, anna, stages.new)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drags_a_card_to_won_and_takes_it_back(opened, stages, anna, booking, language, theme):
    page = opened(anna, "/opportunities/", language=language, theme=theme)

    drag(page, booking, stages.won)

    expect(lane(page, stages.won).locator(".card-name")).to_have_text("Plateforme de réservation")
    expect(page.locator(".toast").first).to_be_visible()
    booking.refresh_from_db()
    assert (booking.status, booking.probability) == ("won", 100)

    page.locator(".toast").get_by_role("button", name=WORDS[language]["undo"]).first.click()

    expect(lane(page, stages.new).locator(".card-name")).to_have_text("Plateforme de réservation")
    booking.refresh_from_db()
    assert (booking.status, booking.stage, booking.closed_at) == ("open", stages.new, None)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_loses_a_deal_with_a_reason(opened, anna, booking, reason, language):
    page = opened(anna, f"/opportunities/{booking.pk}/", language=language)

    page.locator('[data-action="lose"]').first.click()
    page.get_by_label(WORDS[language]["reason"]).check()
    page.locator("#dialog textarea").first.fill("Ils ont choisi moins cher.")
    page.locator('#dialog button[type="submit"]').click()

    expect(page.locator(".ribbon")).to_be_visible()
    booking.refresh_from_db()
    assert (booking.status, booking.lost_reason, booking.probability) == ("lost", reason, 0)


def test_opens_a_record_beside_the_board_and_comes_back(opened, anna, booking):
    page = opened(anna, "/opportunities/")

    card(page, booking).locator(".card-name").click()
    expect(page.locator("#panel-body h1")).to_contain_text("Plateforme de réservation")
    assert f"panel={booking.pk}" in page.url

    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert "panel" not in page.url


def test_edits_a_value_where_it_stands(opened, anna, booking):
    page = opened(anna, "/opportunities/?view=list")

    page.locator(f'piste-cell[src$="/{booking.pk}/cell/expected_revenue/"]').click()
    page.locator("piste-cell input:not([type=hidden])").fill("41k")
    page.keyboard.press("Enter")

    expect(page.locator(f"#row-{booking.pk}")).to_contain_text("41,000")
    booking.refresh_from_db()
    assert booking.expected_revenue == 41000


def test_works_the_whole_board_by_keyboard(opened, stages, anna, booking, reason):
    second = factories.deal("Pilotage des stocks", owner=anna, stage=stages.new)
    page = opened(anna, "/opportunities/")

    page.locator(".card-name").first.focus()
    expect(card(page, second).locator(".card-name")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(card(page, booking).locator(".card-name")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(lane(page, stages.qualified).locator(".card-name")).to_have_text("Plateforme de réservation")
    expect(card(page, booking).locator(".card-name")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(card(page, second).locator(".card-name")).to_be_focused()
    page.keyboard.press("l")
    expect(page.get_by_label("Too expensive")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(card(page, second)).to_have_count(0)
    booking.refresh_from_db()
    second.refresh_from_db()
    assert (booking.stage, second.status) == (stages.qualified, "lost")

    page.keyboard.press("Control+z")
    expect(card(page, second)).to_have_count(1)


def test_finds_and_opens_a_record_from_the_palette(opened, anna, booking):
    page = opened(anna, "/opportunities/?f=&q=rien")

    page.keyboard.press("Control+k")
    page.keyboard.type("reserva")
    page.locator('[role="option"]', has_text="Plateforme").click()

    expect(page.locator("h1")).to_contain_text("Plateforme de réservation")


def test_shows_one_stage_at_a_time_on_a_phone(opened, stages, anna, booking):
    page = opened(anna, "/opportunities/", width=390, height=844)

    expect(card(page, booking)).to_be_visible()
    page.locator(f'[data-show="{stages.qualified.pk}"]').click()
    expect(card(page, booking)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
