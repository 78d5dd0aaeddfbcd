"""A running program, a browser, and a person who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from piste.accounts.models import Company, User
from tests.browser.chromium import launched

Opener = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def company(transactional_db: None) -> Company:
    made = Company(pk=Company.ONLY, name="Atelier Breizh", sample=True)
    made.save()
    return made


@pytest.fixture
def opened(chromium: Browser, live_server: Any, company: Company) -> Iterator[Opener]:
    """Open a page as somebody: language, theme and width are theirs. A script error fails the test."""
    contexts, errors = [], []

    def open_page(
        user: User | None, path: str, *, width: int = 1440, height: int = 900, **wishes: Any
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        if user is not None:
            for name, value in wishes.items():
                setattr(user, name, value)
            user.save()
            client = Client()
            client.force_login(user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
            )
        context.set_default_timeout(20000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if policy_broken(said.text) else None)
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def policy_broken(text: str) -> bool:
    """Whether the browser says that the page broke its own security policy."""
    return bool(re.search(r"Content Security Policy|Refused to", text))
