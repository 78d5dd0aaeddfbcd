"""One typed line makes a deal: what is neither amount nor day is its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.pipeline.quick import read

ANNA = User(pk=7, name="Anna Martin")
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=PARIS), tick=False), timezone.override(PARIS):
        yield


@pytest.mark.parametrize(
    ("line", "name", "revenue", "closing"),
    [
        ("Acme", "Acme", None, None),
        ("Acme 12k", "Acme", Decimal(12000), None),
        ("Acme 12,4k€", "Acme", Decimal(12400), None),
        ("Acme 4500", "Acme", Decimal(4500), None),
        ("Toiture 12 personnes", "Toiture 12 personnes", None, None),
        ("Salon 2026", "Salon 2026", None, None),
        ("Salon 2026 8000", "Salon 2026", Decimal(8000), None),
        ("3M façade 2k", "3M façade", Decimal(2000), None),
        ("Acme vendredi", "Acme", None, date(2026, 11, 27)),
        ("Acme 12k vendredi", "Acme", Decimal(12000), date(2026, 11, 27)),
        ("Acme 12k tomorrow", "Acme", Decimal(12000), date(2026, 11, 25)),
        ("Acme 15/12 12k", "Acme", Decimal(12000), date(2026, 12, 15)),
        ("Acme 12k +3d", "Acme", Decimal(12000), date(2026, 11, 27)),
        ("  Acme   roof  1,2 M€ ", "Acme roof 1,2 M€", None, None),
        ("12k", "12k", None, None),
        ("demain", "demain", None, None),
        ("", "", None, None),
    ],
)
def test_finds_amount_and_day(line: str, name: str, revenue: Decimal | None, closing: date | None) -> None:
    values = read(line, ANNA)

    assert (values["name"], values.get("expected_revenue"), values.get("expected_close")) == (
        name,
        revenue,
        closing,
    )
    assert values["owner"] == ANNA.pk


@given(line=st.text(max_size=80))
def test_loses_no_word_of_a_line_without_digits(line: str) -> None:
    words = [word for word in line.split() if word.isalpha() and len(word) > 12]

    found: dict[str, Any] = read(" ".join(words), ANNA)

    assert found["name"] == " ".join(words)


@given(line=st.text(max_size=200))
def test_reads_anything(line: str) -> None:
    values = read(line, ANNA)

    assert bool(values["name"]) == bool(line.split())
