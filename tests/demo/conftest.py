"""The sample company, loaded once for all looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from piste.site import demo
from tests.conftest import NOON


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(at=NOON)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sample(_loaded: None, db: None) -> None:
    """The sample company as it was at noon."""
