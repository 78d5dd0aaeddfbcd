"""Coming in, as a person does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import axe_findings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_signs_in_by_e_mail(opened, stages, anna, language):
    anna.set_password("tide-table-42")
    anna.language = language
    anna.save()
    page = opened(None, "/opportunities/")
    page.locator(f'button[name="language"][value="{language}"]').click()

    page.locator('input[type="email"]').fill(anna.email)
    page.locator('input[type="password"]').fill("tide-table-42")
    page.locator('form:has(input[type="password"]) button[type="submit"]').first.click()

    expect(page.locator("piste-board")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in_page_is_accessible(opened, scheme):
    page = opened(None, "/accounts/login/")
    page.emulate_media(color_scheme=scheme)

    assert axe_findings(page) == []
