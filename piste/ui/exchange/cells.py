"""What a file is made of once read: rows of cells, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

#: Text as it stands in a CSV file; workbooks also hold numbers, days, moments and ticks.
Cell: TypeAlias = str | Decimal | date | datetime | bool

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 32_000

#: Stands where the bytes of a file mean nothing in its encoding; no valid text holds it.
BROKEN = "\udcff"


_TOO_MANY = _("The row has more cells than the header. Put cells that hold the separator in quotes.")
_UNREADABLE = _("Some characters cannot be read. Save the file as UTF-8 and look at this cell.")
_TOO_LONG = _("The cell is too long: at most 32,000 characters.")

#: How exported text that could be taken for a formula begins.
_GUARDED = frozenset(("'=", "'+", "'-", "'@", "'\t", "'\r"))


class BadFile(Exception):
    """The file as a whole cannot be read. The message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: where, and what to do about it."""

    line: int
    column: str
    reason: StrOrPromise


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as the file has it, before it is set under the header."""

    line: int
    cells: Sequence[Cell]
    reason: StrOrPromise | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the line it starts on; with a problem when it could not be read."""

    line: int
    cells: tuple[Cell, ...]
    problem: Problem | None = None


def shown(cell: Cell) -> str:
    """The cell as text: for a person to look at, and to compare."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return str(cell)


def bare(text: str) -> str:
    """The text without the apostrophe that keeps it from being taken for a formula."""
    return text[1:] if text[:2] in _GUARDED else text.strip(" ")


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def row_of(raw: Raw, header: tuple[str, ...]) -> Row:
    """The row under its header: a short one is filled up, one too long or unreadable has a problem."""
    width = len(header)
    cells = (*raw.cells[:width], *("",) * (width - len(raw.cells)))
    if raw.reason is not None:
        return Row(raw.line, cells, Problem(raw.line, "", raw.reason))
    return Row(raw.line, cells, _problem_of(raw, header))


def _problem_of(raw: Raw, header: tuple[str, ...]) -> Problem | None:
    for place, cell in enumerate(raw.cells):
        title = header[place] if place < len(header) else letter(place)
        if place >= len(header) and not is_empty(cell):
            return Problem(raw.line, title, _TOO_MANY)
        if not isinstance(cell, str):
            continue
        if BROKEN in cell or "\0" in cell:
            return Problem(raw.line, title, _UNREADABLE)
        if len(cell) > MAX_CELL:
            return Problem(raw.line, title, _TOO_LONG)
    return None


def letter(place: int) -> str:
    """The name a spreadsheet gives to a column: A, B, … Z, AA, AB …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
