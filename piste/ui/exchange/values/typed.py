"""Days as people say them: `demain`, `lun`, `+3j`, `fin mois`, `next week`."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "january": 1, "fevrier": 2, "fevr": 2, "fev": 2, "february": 2,
    "feb": 2,
    "mars": 3, "march": 3, "mar": 3, "avril": 4, "avr": 4, "april": 4, "apr": 4, "mai": 5, "may": 5,
    "juin": 6, "june": 6, "jun": 6, "juillet": 7, "juil": 7, "jul": 7, "july": 7, "aout": 8, "aou": 8,
    "august": 8, "aug": 8, "septembre": 9, "september": 9, "sept": 9, "sep": 9, "octobre": 10, "october": 10,
    "oct": 10, "novembre": 11, "november": 11, "nov": 11, "decembre": 12, "december": 12, "dec": 12,
}  # fmt: skip
WEEKDAYS = {
    "lundi": 0, "lun": 0, "monday": 0, "mon": 0, "mardi": 1, "mar": 1, "tuesday": 1, "tues": 1, "tue": 1,
    "mercredi": 2, "mer": 2, "wednesday": 2, "wed": 2, "jeudi": 3, "jeu": 3, "thursday": 3, "thurs": 3,
    "thur": 3, "thu": 3, "vendredi": 4, "ven": 4, "friday": 4, "fri": 4, "samedi": 5, "sam": 5, "saturday": 5,
    "sat": 5, "dimanche": 6, "dim": 6, "sunday": 6, "sun": 6,
}  # fmt: skip
_NEAR = {
    "aujourd hui": 0, "aujourdhui": 0, "auj": 0, "today": 0, "demain": 1, "tomorrow": 1, "apres demain": 2,
    "apres-demain": 2, "day after tomorrow": 2, "hier": -1, "yesterday": -1,
}  # fmt: skip
_UNITS = {
    "j": "day", "jour": "day", "jours": "day", "d": "day", "day": "day", "days": "day",
    "s": "week", "sem": "week", "semaine": "week", "semaines": "week", "w": "week", "week": "week",
    "weeks": "week",
    "m": "month", "mois": "month", "month": "month", "months": "month",
    "trimestre": "quarter", "trimestres": "quarter", "quarter": "quarter", "quarters": "quarter",
    "q": "quarter",
    "a": "year", "an": "year", "ans": "year", "annee": "year", "annees": "year", "y": "year", "year": "year",
    "years": "year",
}  # fmt: skip
_SHORT = {
    "fdm": "fin mois", "eom": "fin mois", "eow": "fin semaine", "eoq": "fin trimestre", "eoy": "fin an",
}  # fmt: skip
_FILLERS = frozenset(("de", "du", "la", "le", "l", "d", "of", "the", "ce", "cette", "this", "in", "on"))
_NEXT = frozenset(("prochain", "prochaine", "next"))
_END = frozenset(("fin", "end"))
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def typed(text: str, today: date) -> date | None:
    """The day meant by a folded phrase; None if it is no phrase. May raise OverflowError."""
    text = _SHORT.get(text, text).replace("'", " ")
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    offset = _offset(text, today)
    if offset is not None:
        return offset
    words = [word.rstrip(".") for word in text.split() if word not in _FILLERS]
    following = any(word in _NEXT for word in words)
    words = [word for word in words if word not in _NEXT]
    if len(words) == 1 and words[0] in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS[words[0]] - today.weekday() - 1) % 7 + 1)
    if len(words) == 1 and following and words[0] in _UNITS:
        return start_of(_UNITS[words[0]], today, after=1)
    if len(words) == 2 and words[0] in _END:
        return _end(words[1], today, after=1 if following else 0)
    return None


def _offset(text: str, today: date) -> date | None:
    """`+3j`, `-2 weeks`, `dans 3 jours`, `in 3 days`, `10j`."""
    rest = text.removeprefix("dans ").removeprefix("in ").strip()
    sign = -1 if rest.startswith("-") else 1
    rest = rest.lstrip("+-").strip()
    digits = len(rest) - len(rest.lstrip("0123456789"))
    unit = _UNITS.get(rest[digits:].strip())
    if not 0 < digits <= 4 or unit is None:
        return None
    count = sign * int(rest[:digits])
    if unit in _LENGTHS:
        return months_later(today, count * _LENGTHS[unit])
    return today + timedelta(days=count * (7 if unit == "week" else 1))


def start_of(unit: str, today: date, *, after: int) -> date:
    """The first day of the present week, month, quarter or year, or of one so many after it."""
    if unit == "day":
        return today + timedelta(days=after)
    if unit == "week":
        return today + timedelta(days=7 * after - today.weekday())
    length = _LENGTHS[unit]
    month = (today.month - 1) // length * length + 1
    return months_later(today.replace(month=month, day=1), length * after)


def _end(word: str, today: date, *, after: int) -> date | None:
    """The last day of a period; of a week the Friday, the last day anybody closes a deal."""
    if word in MONTHS:
        year = today.year + (MONTHS[word] < today.month)
        return date(year, MONTHS[word], calendar.monthrange(year, MONTHS[word])[1])
    unit = _UNITS.get(word)
    if unit is None:
        return None
    if unit == "week":
        friday = start_of("week", today, after=after) + timedelta(days=4)
        return friday if friday >= today else friday + timedelta(days=7)
    return start_of(unit, today, after=after + 1) - timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
