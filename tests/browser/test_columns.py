"""The heads of a table under the hand: sorted by several, dragged to another place, to another width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/opportunities/?view=list&f=&cols=name,city,stage,expected_revenue"


@pytest.fixture
def deals(stages, anna):
    return [
        factories.deal(f"Deal {n}", owner=anna, city=("Brest", "Lorient")[n % 2], expected_revenue=1000 * n)
        for n in range(4)
    ]


def titles(page: Page) -> list[str]:
    return page.locator("th[data-column]").evaluate_all("all => all.map(th => th.dataset.column)")


def width(page: Page, name: str) -> int:
    return round(page.locator(f"#column-{name}").bounding_box()["width"])


def sort(page: Page, name: str):
    return page.locator(f"#column-{name} a.sort")


def test_sorts_by_one_more_with_shift(opened, deals, anna):
    page = opened(anna, LIST)

    sort(page, "city").click()
    expect(sort(page, "city")).to_have_class(re.compile("sorted"))
    sort(page, "expected_revenue").click(modifiers=["Shift"])

    expect(page.locator("#column-expected_revenue .sort-place")).to_have_text("2")
    expect(page.locator(".row-link")).to_have_text(["Deal 2", "Deal 0", "Deal 3", "Deal 1"])
    assert len(page.context.pages) == 1


def test_sorts_by_one_more_by_keyboard(opened, deals, anna):
    page = opened(anna, f"{LIST}&o=city")

    sort(page, "expected_revenue").focus()
    page.keyboard.press("Shift+Enter")

    expect(page.locator("#column-expected_revenue .sort-place")).to_have_text("2")
    expect(sort(page, "expected_revenue")).to_be_focused()
    assert len(page.context.pages) == 1


def test_drags_a_column_to_another_place(opened, deals, anna):
    page = opened(anna, LIST)

    page.locator("#column-expected_revenue a").drag_to(page.locator("#column-city"))

    expect(page).to_have_url(re.compile("cols=name%2Cexpected_revenue%2Ccity%2Cstage"))
    expect(page.locator("th[data-column]").nth(1)).to_have_attribute("data-column", "expected_revenue")


def test_moves_a_column_by_keyboard(opened, deals, anna):
    page = opened(anna, LIST)

    sort(page, "stage").focus()
    page.keyboard.press("Alt+ArrowLeft")

    expect(page.locator("th[data-column]").nth(1)).to_have_attribute("data-column", "stage")
    expect(sort(page, "stage")).to_be_focused()
    assert titles(page) == ["name", "stage", "city", "expected_revenue"]


def test_drags_a_column_to_another_width_and_only_that(opened, deals, anna):
    page = opened(anna, LIST)
    before = {name: width(page, name) for name in titles(page)}
    grip = page.locator("#column-city .column-grip").bounding_box()

    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + grip["width"] / 2 - 60, grip["y"] + 10, steps=5)
    page.mouse.up()

    expect(page).to_have_url(re.compile("city%3A"))
    page.wait_for_load_state("networkidle")
    assert abs(width(page, "city") - before["city"] + 60) <= 2
    page.reload()
    assert abs(width(page, "city") - before["city"] + 60) <= 2
    assert abs(width(page, "name") - before["name"]) <= 2


def test_sizes_a_column_by_keyboard(opened, deals, anna):
    page = opened(anna, f"{LIST.replace('city', 'city:200')}")
    assert width(page, "city") == 200

    sort(page, "city").focus()
    page.keyboard.press("Shift+ArrowRight")

    expect(page).to_have_url(re.compile("city%3A232"))
    expect(sort(page, "city")).to_be_focused()
    assert width(page, "city") == 232


def test_moves_a_column_twice_by_its_menu_which_stays_open(opened, deals, anna):
    page = opened(anna, LIST)
    page.locator("#menu-columns > button").click()
    left = page.locator("#choice-expected_revenue a.menu-step").first

    left.click()
    expect(page.locator("th[data-column]").nth(2)).to_have_attribute("data-column", "expected_revenue")
    left.click()

    expect(page.locator("th[data-column]").nth(1)).to_have_attribute("data-column", "expected_revenue")
    expect(left).to_be_visible()
    expect(page.locator("#menu-columns > button")).to_have_attribute("aria-expanded", "true")
