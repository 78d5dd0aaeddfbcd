"""axe-core finds nothing on any screen, in both languages and both themes, wide and on a phone."""

from __future__ import annotations

import datetime

import pytest

from piste.api.keys import create_key
from tests import factories
from tests.browser.chromium import axe_findings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(stages, max_):
    """A company with something of everything."""
    company = factories.company("Îles & Voiles", city="Lorient", phone="02 61 91 40 12", owner=max_)
    person = factories.person("Gaëlle Riou", parent=company, email="g.riou@iles-voiles.example")
    tag = factories.tag("Web", colour="sky")
    factories.lost_reason("Trop cher")
    factories.recurring_plan("Mensuel", months=1)
    factories.source("Salon")
    create_key(user=max_, scope="write", name="Zapier")
    for index, stage in enumerate((stages.new, stages.qualified, stages.proposition)):
        deal = factories.deal(
            f"Plateforme {index}", owner=max_, contact=person, stage=stage, expected_revenue=38000, priority=index,
            expected_close=datetime.date(2026, 1, 15) if index else None,
        )  # fmt: skip
        deal.tags.add(tag)
    return deal


def addresses(deal) -> list[str]:
    contact = deal.contact_id
    return [
        "/opportunities/", "/opportunities/?view=list", "/opportunities/?view=list&g=stage", f"/opportunities/{deal.pk}/",
        "/opportunities/new/", f"/opportunities/{deal.pk}/edit/", f"/opportunities/?panel={deal.pk}", "/customers/",
        "/customers/?view=list", f"/customers/{contact}/", "/customers/new/", "/teams/", "/users/", "/stages/", "/tags/",
        "/lost-reasons/", "/recurring-plans/", "/sources/", "/settings/", "/profile/", "/import/", "/operations/",
        "/searches/", "/profile/keys/", "/profile/keys/new/", "/api/v1/docs", "/nowhere/", "/opportunities/?q=nothing-at-all",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [("en", "light", 1440), ("fr", "dark", 1440), ("fr", "light", 390), ("en", "dark", 390)],
)
def test_every_screen_is_accessible(opened, filled, max_, language, theme, width):
    page = opened(max_, "/opportunities/", language=language, theme=theme, width=width)
    origin = page.url.split("/opportunities")[0]
    findings = {}

    for address in addresses(filled):
        page.goto(origin + address)
        page.wait_for_load_state("networkidle")
        if found := axe_findings(page):
            findings[address] = found

    assert findings == {}


@pytest.mark.parametrize("address", ["/opportunities/{pk}/do/lose/", "/opportunities/{pk}/do/move/"])
def test_dialogs_are_accessible(opened, filled, max_, address):
    page = opened(max_, f"/opportunities/{filled.pk}/")

    page.locator(f'[data-action="{address.split("/")[-2]}"]').first.click()
    page.wait_for_selector("#dialog[open]")

    assert axe_findings(page) == []


def test_the_api_explained_is_accessible_when_unfolded(opened, filled, max_):
    page = opened(max_, "/api/v1/docs", theme="dark")

    page.evaluate("for (const chapter of document.querySelectorAll('details')) chapter.open = true")

    assert axe_findings(page) == []


def test_reads_at_320_pixels_without_scrolling_sideways(opened, filled, max_):
    page = opened(max_, "/opportunities/", width=320, height=640)
    origin = page.url.split("/opportunities")[0]
    wide = {}

    for address in addresses(filled):
        page.goto(origin + address)
        page.wait_for_load_state("networkidle")
        if (found := page.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[address] = found

    assert wide == {}
