"""The palette narrowed by its first character, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories


@pytest.fixture
def palette(opened, stages, anna, ben):
    deal = factories.deal("Anna rappelle", owner=anna)
    deal.tags.add(factories.tag("Toiture"))
    factories.person("Anna Le Goff")
    page = opened(anna, "/opportunities/", language="en")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    return page


def found(page: Page):
    return page.locator("dialog.palette [role='option']")


def test_finds_people_only_and_comes_back_by_backspace(palette):
    palette.keyboard.type("@anna")

    expect(found(palette)).to_have_count(2)
    expect(found(palette).first).to_contain_text("Anna Kerbrat")
    for _letter in "@anna":
        palette.keyboard.press("Backspace")
    expect(found(palette).filter(has_text="New: opportunity")).to_have_count(1)


def test_leads_from_a_tag_to_what_bears_it(palette):
    palette.keyboard.type("#toit")

    expect(found(palette).first).to_contain_text("Toiture")
    palette.keyboard.press("Enter")

    palette.wait_for_url(re.compile(r"/opportunities/\?.*tags"))
    expect(palette.locator(".card")).to_have_count(1)


def test_finds_commands_only(palette):
    palette.keyboard.type(">anna")
    expect(found(palette)).to_have_text("Nothing found")

    for _letter in "anna":
        palette.keyboard.press("Backspace")
    palette.keyboard.type("new opp")

    expect(found(palette)).to_have_text(re.compile("New: opportunity"))


def test_helps_with_the_keys_of_the_page_and_presses_them(palette):
    palette.keyboard.type("?filter")

    expect(found(palette).filter(has_text="Filter this page")).to_have_count(1)
    expect(found(palette).filter(has_text="Filter this page").locator("kbd")).to_have_text("/")
    palette.keyboard.press("Enter")

    expect(palette.locator("#q")).to_be_focused()


def test_helps_with_what_can_be_read(palette):
    palette.keyboard.type("?api")

    expect(found(palette)).to_have_text("How the API works")


def test_takes_what_is_typed_before_it_has_come(opened, stages, anna):
    deal = factories.deal("Warehouse", owner=anna)
    page = opened(anna, f"/opportunities/{deal.pk}/", language="en")

    page.evaluate("""() => {
      const press = (key, more = {}) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}));
      press("k", {ctrlKey: true, code: "KeyK"});
      press("w");
      press("a");
    }""")

    expect(page.get_by_role("combobox")).to_have_value("wa")
    expect(page.locator("#dialog[open]")).to_have_count(0)
    deal.refresh_from_db()
    assert deal.status == "open"
