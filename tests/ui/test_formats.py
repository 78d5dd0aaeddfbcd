"""Numbers, money and days as French and English readers write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone, translation

from piste.ui import formats

NNBSP, NBSP = "\u202f", "\u00a0"
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False), timezone.override("Europe/Paris"):
        yield


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("fr", "12400", f"12{NNBSP}400{NBSP}€"),
        ("fr", "12400.5", f"12{NNBSP}400,50{NBSP}€"),
        ("fr", "-1200", f"-1{NNBSP}200{NBSP}€"),
        ("fr", "0", f"0{NBSP}€"),
        ("fr", "1234567.89", f"1{NNBSP}234{NNBSP}567,89{NBSP}€"),
        ("en", "12400", "€12,400"),
        ("en", "12400.5", "€12,400.50"),
        ("en", "-1200", "-€1,200"),
    ],
)
def test_prints_amounts(language: str, amount: str, text: str) -> None:
    with translation.override(language):
        assert formats.money(Decimal(amount), "EUR") == text


def test_prints_no_amount_as_nothing() -> None:
    assert (
        formats.money(None, "EUR") == formats.number(None) == formats.percent(None) == formats.day(None) == ""
    )


@pytest.mark.parametrize(
    ("currency", "text"), [("USD", f"12{NNBSP}400{NBSP}$US"), ("CHF", f"12{NNBSP}400{NBSP}CHF")]
)
def test_prints_other_currencies(currency: str, text: str) -> None:
    with translation.override("fr"):
        assert formats.money(12400, currency) == text


@pytest.mark.parametrize(("language", "text"), [("fr", f"12,4{NBSP}k{NBSP}€"), ("en", "€12.4K")])
def test_prints_amounts_in_few_characters(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.money_compact(12400, "EUR") == text


@pytest.mark.parametrize(("language", "text"), [("fr", f"47{NBSP}%"), ("en", "47%")])
def test_prints_shares(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.percent(Decimal("46.60")) == text


@pytest.mark.parametrize(
    ("language", "when", "text"),
    [
        ("fr", date(2026, 3, 9), "9 mars"),
        ("fr", date(2025, 12, 1), "1 déc. 2025"),
        ("en", date(2026, 3, 9), "9 Mar"),
        ("en", date(2025, 12, 1), "1 Dec 2025"),
    ],
)
def test_prints_the_year_of_other_years_only(language: str, when: date, text: str) -> None:
    with translation.override(language):
        assert formats.day(when) == text


def test_prints_moments_on_the_readers_clock() -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    with translation.override("en"):
        assert formats.day(late) == "13 Mar"
        assert formats.moment(late) == "13 Mar 2026 00:30"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=8), "4 Mar"),
    ],
)
def test_says_how_long_ago(before: timedelta, text: str) -> None:
    with translation.override("en"):
        assert formats.ago(NOON - before, NOON) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anna Martin", "AM"),
        ("Jean-Luc de la Tour", "JL"),
        ("Cher", "CH"),
        ("", "?"),
        ("— ·", "?"),
        ("Émile", "ÉM"),
    ],
)
def test_takes_initials(name: str, letters: str) -> None:
    assert formats.initials(name) == letters
