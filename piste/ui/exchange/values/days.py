"""Days as files and people write them: `2026-03-12`, `12/03/2026`, `12 mars`, `Mar 12, 2026`, `demain`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from piste.core.text import fold
from piste.ui.exchange.cells import Cell
from piste.ui.exchange.values.typed import MONTHS, WEEKDAYS, typed
from piste.ui.exchange.values.wrong import BadValue

NOT_A_DAY = _("The date must be a day, for example 2026-03-12, 12/03/2026, “tomorrow” or “+3d”.")
NO_SUCH_DAY = _("This day does not exist. Check day, month and year.")

_LONGEST = 60
_MARKS = {ord(char): " " for char in "/-.,_"}
_FILLERS = frozenset(("le", "the", "of", "de", "du"))
#: Day 0 of spreadsheets, and the serial numbers taken for days: 1954 to 2119.
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 80_001)


def day(text: Cell, *, today: date, day_first: bool = True) -> date:
    """The day in the text; `day_first` says whether 03/04 is in April."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    if isinstance(text, bool):
        raise BadValue(NOT_A_DAY)
    if isinstance(text, Decimal):
        return _serial(text)
    if len(text) > _LONGEST:
        raise BadValue(NOT_A_DAY)
    try:
        found = typed(fold(text), today) or _written(split_clock(text)[0], today, day_first=day_first)
    except (ValueError, OverflowError) as error:
        raise BadValue(NO_SUCH_DAY) from error
    if not 1900 <= found.year <= 2200:
        raise BadValue(NO_SUCH_DAY)
    return found


def day_order(texts: Iterable[Cell]) -> bool | None:
    """Whether the days of a column are written day first; None when nothing in it tells."""
    first = second = False
    for text in texts:
        if not isinstance(text, str) or len(text) > _LONGEST:
            continue
        parts = split_clock(text)[0].translate(_MARKS).split()
        if len(parts) != 3 or not all(map(_digits, parts)) or len(parts[0]) > 2 or len(parts[1]) > 2:
            continue
        first |= int(parts[0]) > 12
        second |= int(parts[1]) > 12
    return None if first == second else first


def split_clock(text: str) -> tuple[str, str]:
    """The folded text of the day and of the time of day, if there is one."""
    text = fold(text)
    colon = text.find(":")
    if colon < 0:
        colon = _hour_sign(text)
    if colon < 0:
        return text, ""
    start = colon
    while start and _digits(text[start - 1]):
        start -= 1
    words = text[:start].rstrip(" t,").removesuffix(" a").removesuffix(" at")
    return words.rstrip(" ,"), text[start:]


def _hour_sign(text: str) -> int:
    """Where the h of `14h30` stands."""
    for place in range(1, len(text)):
        minutes = text[place + 1 : place + 2]
        if text[place] == "h" and _digits(text[place - 1]) and (not minutes or _digits(minutes)):
            return place
    return -1


def _serial(number: Decimal) -> date:
    if not number.is_finite() or int(number) not in _SERIALS:
        raise BadValue(NOT_A_DAY)
    return _EPOCH + timedelta(days=int(number))


def _written(text: str, today: date, *, day_first: bool) -> date:
    words = [word for word in text.translate(_MARKS).split() if word not in _FILLERS]
    if words[:1] and words[0] in WEEKDAYS and (words[0] not in MONTHS or any(w in MONTHS for w in words[1:])):
        words = words[1:]
    words = [_ordinal(word) for word in words]
    if any(word in MONTHS for word in words):
        return _with_month_name(words, today)
    if not words or not all(map(_digits, words)):
        raise BadValue(NOT_A_DAY)
    if len(words) == 3:
        return _of_numbers(words, today, day_first=day_first)
    if len(words) == 2 and max(map(len, words)) <= 2:
        number, month = words if day_first else words[::-1]
        return _coming(int(month), int(number), today)
    if len(words) == 1 and len(words[0]) == 8:
        return date(int(words[0][:4]), int(words[0][4:6]), int(words[0][6:]))
    if len(words) == 1 and len(words[0]) == 5:
        return _serial(Decimal(words[0]))
    raise BadValue(NOT_A_DAY)


def _of_numbers(words: list[str], today: date, *, day_first: bool) -> date:
    if len(words[0]) == 4:
        return date(int(words[0]), int(words[1]), int(words[2]))
    number, month = words[:2] if day_first else words[1::-1]
    return date(_year(words[2], today), int(month), int(number))


def _with_month_name(words: list[str], today: date) -> date:
    """`12 mars 2026`, `mars 12 2026`, `12 mar 26`, `12 mars`."""
    month = MONTHS[next(word for word in words if word in MONTHS)]
    numbers = [word for word in words if word not in MONTHS]
    if not 1 <= len(numbers) <= 2 or len(numbers) + 1 != len(words) or not all(map(_digits, numbers)):
        raise BadValue(NOT_A_DAY)
    if len(numbers[0]) == 4:
        numbers.reverse()
    if len(numbers[0]) > 2:
        raise BadValue(NOT_A_DAY)
    if len(numbers) == 1:
        return _coming(month, int(numbers[0]), today)
    return date(_year(numbers[1], today), month, int(numbers[0]))


def _coming(month: int, number: int, today: date) -> date:
    """The next such day, today included; 29 February waits for its year."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        if found >= today:
            return found
    raise BadValue(NO_SUCH_DAY)


def _year(text: str, today: date) -> int:
    """Of two digits: the year nearest to now, up to fifty ahead."""
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise BadValue(NOT_A_DAY)
    century = today.year // 100 * 100
    year = century + int(text)
    return year - 100 if year > today.year + 50 else year


def _ordinal(word: str) -> str:
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return digits if _digits(digits) and word[len(digits) :] in ("er", "st", "nd", "rd", "th") else word


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
