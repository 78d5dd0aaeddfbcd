"""Numbers as people write them in French and English: `12 400,50 €`, `$12,400.50`, `12,4k`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from piste.core.text import fold
from piste.ui.exchange.cells import Cell
from piste.ui.exchange.values.wrong import BadValue

NOT_AN_AMOUNT = _("The amount must be a number, for example 12 400 or 12,4k.")
NOT_WHOLE = _("This must be a whole number, for example 12.")
NOT_A_PERCENT = _("The percentage must be a number from 0 to 100, for example 40.")
NOT_A_TICK = _("This must be yes or no.")
OUT_OF_RANGE = _("This number is too large.")

_LONGEST = 60
_LARGEST = Decimal(10) ** 15
_SPACES = " \u00a0\u202f\u2009\u2007\u2002\u2003\t'’"
_MINUS = "-−–"
_CURRENCIES = (
    "€", "$", "£", "¥", "₣", "euros", "euro", "eur", "usd", "gbp", "chf", "cad", "fr.", "us$", "ca$",
    "dollars", "ht", "ttc",
)  # fmt: skip
_SCALES = {
    "k": 3, "m": 6, "mio": 6, "million": 6, "millions": 6, "md": 9, "mds": 9, "bn": 9, "b": 9,
    "milliard": 9, "milliards": 9, "billion": 9, "billions": 9,
}  # fmt: skip
_YES = frozenset(("oui", "o", "yes", "y", "vrai", "true", "t", "v", "x", "1", "on", "✓", "✔", "☑"))
_NO = frozenset(("non", "n", "no", "faux", "false", "f", "0", "off", "", "-", "☐", "✗"))


def amount(text: Cell, *, mark: str = "") -> Decimal:
    """The amount in the text. `mark` is the decimal mark of the column it stands in, where known."""
    if isinstance(text, bool | date):
        raise BadValue(NOT_AN_AMOUNT)
    number = text if isinstance(text, Decimal) else _number(text, mark)
    if number is None or not number.is_finite():
        raise BadValue(NOT_AN_AMOUNT)
    if abs(number) >= _LARGEST:
        raise BadValue(OUT_OF_RANGE)
    return number


def whole(text: Cell, *, mark: str = "") -> int:
    """The whole number in the text."""
    try:
        number = amount(text, mark=mark)
    except BadValue as error:
        raise BadValue(NOT_WHOLE) from error
    if number != number.to_integral_value():
        raise BadValue(NOT_WHOLE)
    return int(number)


def percent(text: Cell, *, mark: str = "", share: bool = False) -> Decimal:
    """The percentage from 0 to 100. With `share` the column holds shares of one: 0.4 is 40."""
    signed = isinstance(text, str) and text.rstrip(_SPACES).endswith("%")
    bare = text.rstrip(_SPACES + "%") if isinstance(text, str) else text
    try:
        number = amount(bare, mark=mark)
    except BadValue as error:
        raise BadValue(NOT_A_PERCENT) from error
    if share and not signed:
        number *= 100
    if not 0 <= number <= 100:
        raise BadValue(NOT_A_PERCENT)
    return number


def truth(text: Cell) -> bool:
    """Whether the text says yes; an empty one says no."""
    if isinstance(text, bool):
        return text
    word = fold(str(text).strip())
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValue(NOT_A_TICK)


def decimal_mark(texts: Iterable[Cell]) -> str:
    """The decimal mark that a column uses: `,` or `.`, or empty when nothing in it tells."""
    for text in texts:
        if not isinstance(text, str):
            continue
        last = max(text.rfind(","), text.rfind("."))
        if last < 0 or len(text) > _LONGEST:
            continue
        other = "." if text[last] == "," else ","
        digits = len(text) - last - 1 - sum(not char.isdigit() for char in text[last + 1 :])
        if text.count(text[last]) == 1 and (digits != 3 or other in text):
            return text[last]
        if text.count(text[last]) > 1:
            return other
    return ""


def _number(text: str, mark: str) -> Decimal | None:
    if len(text) > _LONGEST:
        return None
    rest = text.strip(_SPACES)
    negative = False
    if rest.startswith("(") and rest.endswith(")"):
        negative, rest = True, rest[1:-1].strip(_SPACES)
    rest, minus = _without_minus(rest)
    rest = _without_currency(rest)
    rest, scale = _without_scale(rest)
    rest = _without_currency(rest)
    rest, again = _without_minus(rest)
    if negative + minus + again > 1:
        return None
    number = _plain(rest, mark)
    if number is None:
        return None
    number *= Decimal(10) ** scale
    return -number if negative or minus or again else number


def _without_minus(text: str) -> tuple[str, bool]:
    if text[:1] and text[0] in _MINUS:
        return text[1:].strip(_SPACES), True
    if text[-1:] and text[-1] in _MINUS:
        return text[:-1].strip(_SPACES), True
    return text.removeprefix("+").strip(_SPACES), False


def _without_currency(text: str) -> str:
    """Currencies stand before or after the number, and what they are is the company's matter."""
    for _time in range(2):
        if text[:1].isdigit() and text[-1:].isdigit():
            return text
        low = text.lower()
        for word in _CURRENCIES:
            if low.startswith(word):
                text = text[len(word) :].strip(_SPACES)
                break
            if low.endswith(word):
                text = text[: len(text) - len(word)].strip(_SPACES)
                break
    return text


def _without_scale(text: str) -> tuple[str, int]:
    digits = len(text)
    while digits and text[digits - 1].isalpha():
        digits -= 1
    scale = _SCALES.get(text[digits:].lower()) if digits < len(text) else 0
    return (text, 0) if scale is None else (text[:digits].strip(_SPACES), scale)


def _plain(text: str, mark: str) -> Decimal | None:
    """A number of digits, groups and one mark; also `1.2E+05`, as spreadsheets write large ones."""
    head, letter, exponent = text.upper().partition("E")
    if letter:
        sign, digits = exponent[:1], exponent.lstrip("+-")
        if not (_digits(digits) and len(digits) <= 2 and len(exponent) - len(digits) <= 1):
            return None
        base = _plain(head, mark)
        return None if base is None else base * Decimal(10) ** int(sign + digits if sign == "-" else digits)
    whole_part, fraction = _halves(head, mark)
    groups = whole_part.translate(_AS_SPACE).split(" ")
    if not all(map(_digits, groups)) or (fraction and not _digits(fraction)):
        return Decimal(f"0.{fraction}") if whole_part == "" and _digits(fraction) else None
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    return Decimal("".join(groups) + (f".{fraction}" if fraction else ""))


_AS_SPACE = {ord(char): " " for char in _SPACES + ",."}


def _halves(text: str, mark: str) -> tuple[str, str]:
    """What stands before and after the decimal mark."""
    last = max(text.rfind(","), text.rfind("."))
    if last < 0 or text.count(text[last]) > 1:
        return text, ""
    found, other = text[last], "." if text[last] == "," else ","
    before, after = text[:last], text[last + 1 :]
    if other in before or found == mark:
        return before, after
    grouped = len(after) == 3 and 0 < len(before) <= 3 and before != "0" and before.isdecimal()
    return (text, "") if grouped else (before, after)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
