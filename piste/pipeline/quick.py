"""A deal from one line: « Acme 12k vendredi » is a name, an amount and a closing date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from piste.accounts.models import User
from piste.ui.exchange.values import amount, day

SCALES = ("k", "k€", "m", "m€", "€")
SMALLEST_PLAIN = Decimal(1000)
YEARS = range(1990, 2100)
PHRASE = 2


def read(line: str, user: User) -> dict[str, Any]:
    """The form's fields that the line holds; what is neither amount nor day is the name."""
    words = line.split()
    revenue, words = _take_amount(words)
    closing, words = _take_day(words)
    values: dict[str, Any] = {"name": " ".join(words), "owner": user.pk}
    if revenue is not None:
        values["expected_revenue"] = revenue
    if closing is not None:
        values["expected_close"] = closing
    return values


def _take_amount(words: list[str]) -> tuple[Decimal | None, list[str]]:
    for index, word in enumerate(words):
        if index and word[:1].isdigit() and (found := _amount(word)) is not None:
            return found, words[:index] + words[index + 1 :]
    return None, words


def _amount(word: str) -> Decimal | None:
    """12k and 4500 are amounts; 12 (people) and 2026 (a year) are not."""
    try:
        found = amount(word)
    except ValidationError:
        return None
    marked = word.lower().endswith(SCALES)
    plain = found >= SMALLEST_PLAIN and not (found in YEARS and word.isdigit())
    return found if marked or plain else None


def _take_day(words: list[str]) -> tuple[date | None, list[str]]:
    for length in range(min(PHRASE, len(words) - 1), 0, -1):
        phrase = " ".join(words[-length:])
        if phrase.isdigit():
            continue
        try:
            return day(phrase, today=timezone.localdate()), words[:-length]
        except ValidationError:
            continue
    return None, words
