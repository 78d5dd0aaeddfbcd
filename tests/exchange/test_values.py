"""What people and files write becomes the value they mean, or a sentence that says what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piste.ui.exchange.values import (
    BadValue,
    Choices,
    amount,
    day,
    day_order,
    decimal_mark,
    moment,
    percent,
    truth,
    whole,
)

TUESDAY = date(2026, 11, 24)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 400,50 €", "12400.50"),
        ("12\u202f400,50\u00a0€", "12400.50"),
        ("12,400.50", "12400.50"),
        ("12.400,50", "12400.50"),
        ("12'400.50", "12400.50"),
        ("1.234.567", "1234567"),
        ("12,400", "12400"),
        ("12k", "12000"),
        ("12,4k€", "12400"),
        ("€12.4k", "12400"),
        ("1,2 M€", "1200000"),
        ("12 400 EUR HT", "12400"),
        ("$1,200", "1200"),
        ("(1 200)", "-1200"),
        ("-1 200", "-1200"),
        ("−5", "-5"),
        ("5-", "-5"),
        ("0,125", "0.125"),
        (",5", "0.5"),
        ("1,2E+05", "120000"),
    ],
)
def test_reads_amounts_as_people_write_them(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "12 40", "1,2,3", "k", "€", "12..5", "(-5)", "--5", "1e999", "NaN", "9" * 80]
)
def test_says_what_an_amount_looks_like(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        amount(text)

    assert "12,4k" in caught.value.sentence


def test_refuses_an_amount_beyond_all_business() -> None:
    with pytest.raises(BadValue):
        amount("1e17")


def test_tells_the_decimal_mark_of_a_column() -> None:
    assert decimal_mark(["1,234", "12,50"]) == ","
    assert decimal_mark(["1,234", "12.50"]) == "."
    assert decimal_mark(["1.234.567"]) == ","
    assert decimal_mark(["12", "1 234", ""]) == ""


def test_reads_a_lone_mark_as_the_column_does() -> None:
    assert amount("1,234", mark=",") == Decimal("1.234")
    assert amount("1,234", mark=".") == 1234
    assert amount("12400.50", mark=",") == Decimal("12400.50")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_reads_back_amounts_in_french_and_english(value: Decimal) -> None:
    english = f"{value:,.2f}"
    french = english.replace(",", "\u202f").replace(".", ",")

    assert amount(english) == value
    assert amount(french + " €") == value
    assert amount(value) == value


@given(st.text())
def test_never_crashes_on_a_number(text: str) -> None:
    for parse in (amount, whole, percent, truth):
        try:
            parse(text)
        except BadValue as error:
            assert error.sentence


def test_reads_whole_numbers_and_percentages() -> None:
    assert whole("1 200") == 1200
    assert percent("12,5 %") == Decimal("12.5")
    assert percent(Decimal("0.4"), share=True) == 40
    assert percent("40 %", share=True) == 40
    for wrong in ("12,5", "x"):
        with pytest.raises(BadValue):
            whole(wrong)
    for wrong in ("101", "-1", "x"):
        with pytest.raises(BadValue):
            percent(wrong)


def test_reads_yes_and_no() -> None:
    assert all(truth(word) for word in ("oui", "Yes", "VRAI", "x", "1", "true", True))
    assert not any(truth(word) for word in ("non", "No", "FAUX", "", "0", "false", False))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-12", date(2026, 3, 12)),
        ("12/03/2026", date(2026, 3, 12)),
        ("12.03.26", date(2026, 3, 12)),
        ("20260312", date(2026, 3, 12)),
        ("12 mars 2026", date(2026, 3, 12)),
        ("jeudi 12 mars 2026", date(2026, 3, 12)),
        ("mar. 17 mars 2026", date(2026, 3, 17)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("Mar 12, 2026", date(2026, 3, 12)),
        ("12-Mar-26", date(2026, 3, 12)),
        ("12 déc. 2026", date(2026, 12, 12)),
        ("46000", date(2025, 12, 9)),
        ("2026-03-12T14:30:00Z", date(2026, 3, 12)),
        ("12/03/2026 à 14h30", date(2026, 3, 12)),
        ("aujourd'hui", TUESDAY),
        ("demain", date(2026, 11, 25)),
        ("tomorrow", date(2026, 11, 25)),
        ("lun", date(2026, 11, 30)),
        ("mon", date(2026, 11, 30)),
        ("mardi", date(2026, 12, 1)),
        ("+3j", date(2026, 11, 27)),
        ("+3d", date(2026, 11, 27)),
        ("dans 2 semaines", date(2026, 12, 8)),
        ("in 1 month", date(2026, 12, 24)),
        ("15/12", date(2026, 12, 15)),
        ("15/3", date(2027, 3, 15)),
        ("29/02", date(2028, 2, 29)),
        ("fin mois", date(2026, 11, 30)),
        ("fin du mois", date(2026, 11, 30)),
        ("end of month", date(2026, 11, 30)),
        ("fin de l'année", date(2026, 12, 31)),
        ("fin semaine", date(2026, 11, 27)),
        ("fin du mois prochain", date(2026, 12, 31)),
        ("next week", date(2026, 11, 30)),
    ],
)
def test_reads_days_as_people_say_them(text: str, value: date) -> None:
    assert day(text, today=TUESDAY) == value


@pytest.mark.parametrize(
    "text", ["", "x", "31/02/2026", "2026-13-01", "12", "mars 2026", "1/1/1", "+99999j", "0000-00-00"]
)
def test_says_what_a_day_looks_like(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        day(text, today=TUESDAY)

    assert caught.value.sentence


def test_tells_from_all_days_of_a_column_which_comes_first() -> None:
    assert day_order(["01/02/2026", "25/02/2026"]) is True
    assert day_order(["01/02/2026", "02/25/2026"]) is False
    assert day_order(["01/02/2026", "2026-02-25"]) is None
    assert day_order(["25/02/2026", "02/25/2026"]) is None
    assert day("03/04/2026", today=TUESDAY, day_first=False) == date(2026, 3, 4)


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2070, 12, 31)))
def test_reads_back_every_day(value: date) -> None:
    forms = (value.isoformat(), f"{value:%d/%m/%Y}", f"{value:%d %b %Y}", f"{value:%B %d, %Y}")

    assert {day(form, today=TUESDAY) for form in forms} == {value}
    assert day(f"{value:%m/%d/%Y}", today=TUESDAY, day_first=False) == value


@given(st.text() | st.from_regex(r"[0-9a-z+/:. -]{0,12}", fullmatch=True), st.booleans())
def test_never_crashes_on_a_day(text: str, day_first: Any) -> None:
    for parse in (day, lambda text, **how: moment(text, zone=PARIS, **how)):
        try:
            parse(text, today=TUESDAY, day_first=day_first)
        except BadValue as error:
            assert error.sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-12 14:30:00", datetime(2026, 3, 12, 14, 30, tzinfo=PARIS)),
        ("2026-03-12T14:30:00Z", datetime(2026, 3, 12, 14, 30, tzinfo=UTC)),
        ("2026-03-12T14:30:00+02:00", datetime(2026, 3, 12, 12, 30, tzinfo=UTC)),
        ("2026-03-12 14:30:00.123456 UTC", datetime(2026, 3, 12, 14, 30, 0, 123456, tzinfo=UTC)),
        ("12/03/2026 2:30 PM", datetime(2026, 3, 12, 14, 30, tzinfo=PARIS)),
        ("12/03/2026 à 14h30", datetime(2026, 3, 12, 14, 30, tzinfo=PARIS)),
        ("12/03/2026 14h", datetime(2026, 3, 12, 14, tzinfo=PARIS)),
        ("2026-03-12", datetime(2026, 3, 12, tzinfo=PARIS)),
    ],
)
def test_reads_moments(text: str, value: datetime) -> None:
    assert moment(text, today=TUESDAY, zone=PARIS) == value


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2070, 1, 1)), st.integers(-12, 14))
def test_reads_back_every_moment(value: datetime, hours: int) -> None:
    from datetime import timezone

    aware = value.replace(tzinfo=timezone(timedelta(hours=hours)))

    assert moment(aware.isoformat(), today=TUESDAY, zone=PARIS) == aware


def test_finds_choices_by_label_or_code_in_both_languages() -> None:
    choices = Choices(lambda: [("low", "Low"), ("high", "High")], also={"Haute": "high", "★★": "high"})

    assert [choices.value(text) for text in ("HIGH", "haute", "Low", "low", "★★")] == [
        "high",
        "high",
        "low",
        "low",
        "high",
    ]
    with pytest.raises(BadValue) as caught:
        choices.value("maybe")
    assert "maybe" in caught.value.sentence
    assert "Low, High" in caught.value.sentence
