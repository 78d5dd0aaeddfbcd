"""A person at the door, and links of a known address."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from piste.accounts.models import Company, User
from tests.security.sign_in.entering import PASSWORD


@pytest.fixture(autouse=True)
def _fresh(db: None, settings: Any) -> None:
    settings.BASE_URL = "https://crm.example.com"
    cache.clear()


@pytest.fixture
def quick(settings: Any) -> None:
    """Hashes that cost nothing, where their cost is not the point."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def anna(quick: None) -> User:
    Company.objects.create(pk=Company.ONLY, name="Atelier Breizh")
    return User.objects.create_person(
        email="anna@atelier.example", name="Anna", password=PASSWORD, language="en"
    )
