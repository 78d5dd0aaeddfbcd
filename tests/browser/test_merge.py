"""Merging as a person does it: tick, compare, choose with the keys, look at the result, undo."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from tests import factories
from tests.browser.conftest import Opener
from tests.conftest import Stages


@pytest.fixture
def two(anna: User, stages: Stages) -> tuple[Opportunity, Opportunity]:
    first = factories.deal("Site vitrine", owner=anna, city="Brest", stage=stages.qualified)
    second = factories.deal(
        "Site web", owner=anna, email="jean@example.com", expected_revenue=Decimal(4000), stage=stages.new
    )
    second.tags.set([factories.tag("Web")])
    return first, second


def result(page: Page, line: str) -> Locator:
    return page.locator(f"[data-line='{line}'] output")


def test_merges_ticked_rows_and_undoes(
    opened: Opener, anna: User, two: tuple[Opportunity, Opportunity]
) -> None:
    first, second = two
    page = opened(anna, "/opportunities/?view=list&f=open")
    for row in page.locator("[data-tick]").all():
        row.check()
    page.click("[data-bulk-url='/opportunities/merge/']")

    expect(page.locator("th.merge-record input:checked")).to_have_value(str(first.pk))
    expect(result(page, "name")).to_have_text("Site vitrine")
    expect(result(page, "email")).to_have_text("jean@example.com")
    page.locator(f"[name='pick-name'][value='{first.pk}']").focus()
    page.keyboard.press("ArrowRight")
    expect(result(page, "name")).to_have_text("Site web")
    page.keyboard.press("Enter")

    expect(page.locator(".toast")).to_contain_text("1 record is now part of “Site web”.")
    expect(page.locator("tbody tr[data-id]")).to_have_count(1)
    assert Opportunity.objects.get().name == "Site web"
    page.locator(".toast button", has_text="Undo").click()
    expect(page.locator("tbody tr[data-id]")).to_have_count(2)
    assert second in Opportunity.objects.all()


def test_another_survivor_changes_what_nobody_has_touched(
    opened: Opener, anna: User, two: tuple[Opportunity, Opportunity]
) -> None:
    first, second = two
    page = opened(anna, f"/opportunities/merge/?ids={first.pk},{second.pk}")
    for pk in (second.pk, first.pk):
        page.locator(f"[name='pick-stage'][value='{pk}']").check()

    page.locator(f"[name='survivor'][value='{second.pk}']").check()

    expect(result(page, "name")).to_have_text("Site web")
    expect(result(page, "stage")).to_have_text("Qualified")


def test_from_the_page_of_one_with_a_similar_one(
    opened: Opener, anna: User, two: tuple[Opportunity, Opportunity]
) -> None:
    first, second = two
    page = opened(anna, f"/opportunities/{second.pk}/")
    page.get_by_role("button", name="More actions").click()
    page.get_by_text("Merge with…").click()
    page.locator("#dialog input[role='combobox']").fill("vitrine")
    page.locator("[role='option']", has_text="Site vitrine").click()
    page.get_by_role("button", name="Compare").click()
    page.locator("#dialog").get_by_role("button", name="Merge", exact=True).click()

    page.wait_for_url(re.compile(f"/opportunities/{first.pk}/"))
    expect(page.locator(".toast")).to_contain_text("is now part of")
    page.get_by_role("button", name="What they were").click()
    expect(page.locator("#dialog")).to_contain_text("jean@example.com")


def test_a_won_one_cannot_go(opened: Opener, anna: User, two: tuple[Opportunity, Opportunity]) -> None:
    first, second = two
    Opportunity.objects.get(pk=first.pk).win(by=anna, at=first.created_at)
    page = opened(anna, f"/opportunities/merge/?ids={first.pk},{second.pk}")

    page.locator(f"[name='survivor'][value='{second.pk}']").check()

    expect(page.locator("[data-refusal]")).to_contain_text("is won, so it has to be the one that stays")
    expect(page.get_by_role("button", name="Merge", exact=True)).to_be_disabled()
