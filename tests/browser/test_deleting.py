"""A record is deleted from its menu, after one question, and comes back with Undo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from piste.pipeline.models import Opportunity
from tests import factories
from tests.browser.chromium import axe_findings

pytestmark = pytest.mark.django_db(transaction=True)

MORE = {"en": "More actions", "fr": "Autres actions"}
DELETE = {"en": "Delete", "fr": "Supprimer"}
UNDO = {"en": "Undo", "fr": "Annuler"}


@pytest.fixture
def booking(stages, max_):
    return factories.deal("Plateforme de réservation", owner=max_, stage=stages.new)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark")])
@pytest.mark.parametrize("place", ["page", "panel"])
def test_deletes_a_record_and_brings_it_back(opened, max_, booking, language, theme, place):
    path = f"/opportunities/{booking.pk}/" if place == "page" else f"/opportunities/?panel={booking.pk}"
    page = opened(max_, path, language=language, theme=theme)

    page.locator(".record").get_by_role("button", name=MORE[language]).click()
    page.locator(".record [data-action=delete]").click()
    expect(page.locator("#dialog")).to_contain_text("Plateforme de réservation")
    assert axe_findings(page) == []
    if folder := os.environ.get("PISTE_PICTURES"):
        page.screenshot(path=Path(folder) / f"delete-{place}-{language}-{theme}.png")
    page.locator("#dialog").get_by_role("button", name=DELETE[language]).click()

    expect(page.locator(".toast")).to_contain_text("Plateforme de réservation")
    expect(page.locator("piste-board")).to_be_visible()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(f"#card-{booking.pk}")).to_have_count(0)
    assert not Opportunity.objects.exists()
    assert page.locator(".toast.error").count() == 0

    page.locator(".toast").get_by_role("button", name=UNDO[language]).click()
    expect(page.locator(f"#card-{booking.pk}")).to_be_visible()
    assert Opportunity.objects.get() == booking


def test_offers_it_to_nobody_else(opened, anna, stages):
    deal = factories.deal(owner=anna, stage=stages.new)
    page = opened(anna, f"/opportunities/{deal.pk}/")

    page.locator(".record").get_by_role("button", name="More actions").click()

    expect(page.locator(".record .menu")).to_contain_text("Edit")
    expect(page.locator("[data-action=delete]")).to_have_count(0)
