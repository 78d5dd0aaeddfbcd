"""The pictures of the documentation: the sample company as it starts. PISTE_PICTURES names the folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from piste.accounts.models import User
from piste.site import demo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("name", "theme", "width"),
    [("board", "light", 1440), ("board-dark", "dark", 1440), ("board-phone", "light", 390)],
)
def test_draws_the_sample_company(opened, company, tmp_path, name, theme, width):
    company.delete()
    demo.load(at=timezone.now())
    salesperson = User.objects.get(email=demo.people()[0][1].email)

    page = opened(salesperson, "/opportunities/", language="fr", theme=theme, width=width)
    expect(page.locator(".card").first).to_be_visible()
    folder = Path(os.environ.get("PISTE_PICTURES") or tmp_path)
    page.screenshot(path=folder / f"{name}.png")

    assert (folder / f"{name}.png").stat().st_size > 20_000
