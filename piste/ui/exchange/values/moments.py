"""Moments: a day and a time of day, with a zone or in that of the reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from piste.ui.exchange.cells import Cell
from piste.ui.exchange.values.days import day, split_clock
from piste.ui.exchange.values.wrong import BadValue

NOT_A_MOMENT = _("This must be a date, with a time if you like, for example 2026-03-12 14:30.")
_LONGEST = 60
_ZONES = ("utc", "gmt", "z")


def moment(text: Cell, *, today: date, zone: tzinfo, day_first: bool = True) -> datetime:
    """The moment in the text; without a zone of its own it is in `zone`, without a time at midnight."""
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=zone)
    if isinstance(text, str) and len(text) > _LONGEST:
        raise BadValue(NOT_A_MOMENT)
    written = isinstance(text, str)
    clock = split_clock(text)[1] if isinstance(text, str) else ""
    at = time(0)
    own: tzinfo | None = None
    if clock:
        at, own = _clock(clock)
    elif isinstance(text, Decimal) and text.is_finite():
        at = time(*_hours(text))
    try:
        on = day(text, today=today, day_first=day_first)
    except BadValue as error:
        raise (error if written and clock == "" else BadValue(NOT_A_MOMENT)) from error
    return datetime.combine(on, at, own or zone)


def _hours(serial: Decimal) -> tuple[int, int, int]:
    """The time of day in the fraction of a spreadsheet's serial number."""
    seconds = round(serial % 1 * 86_400) % 86_400
    return seconds // 3600, seconds // 60 % 60, seconds % 60


def _clock(text: str) -> tuple[time, tzinfo | None]:
    """`14:30`, `14:30:05.123`, `2:30 pm`, `14h30`, each with `Z`, `UTC` or `+02:00` behind or not."""
    text, zone = _zone(text)
    half = text[-2:].strip() if text[-2:] in ("am", "pm") else ""
    text = text.removesuffix(half).strip()
    parts = text.replace("h", ":").rstrip(":").split(":")
    seconds, _dot, fraction = (parts[2] if len(parts) > 2 else "0").partition(".")
    numbers = [*parts[:2], seconds]
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in numbers):
        raise BadValue(NOT_A_MOMENT)
    hour = int(numbers[0])
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    micro = int((fraction + "000000")[:6]) if fraction.isascii() and fraction.isdigit() else 0
    try:
        return time(hour, int(numbers[1]) if len(numbers) == 3 else 0, int(numbers[-1]), micro), zone
    except ValueError as error:
        raise BadValue(NOT_A_MOMENT) from error


def _zone(text: str) -> tuple[str, tzinfo | None]:
    for name in _ZONES:
        if text.endswith(name):
            return text.removesuffix(name).strip(), UTC
    place = max(text.rfind("+"), text.rfind("-"))
    if place < 0:
        return text.strip(), None
    digits = text[place + 1 :].replace(":", "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in (2, 4)):
        raise BadValue(NOT_A_MOMENT)
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    if away >= timedelta(hours=24):
        raise BadValue(NOT_A_MOMENT)
    return text[:place].strip(), timezone(away if text[place] == "+" else -away)
