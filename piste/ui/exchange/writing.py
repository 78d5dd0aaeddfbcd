"""Rows written as CSV or as a workbook, one after the other, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Value: TypeAlias = str | Decimal | int | bool | date | datetime | None

#: Text that begins so could be taken for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: What a cell of a workbook holds at most.
_LONGEST = 32_767
_WIDEST = 60
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of an export: its label in the reader's language and the kind of its values."""

    label: str
    kind: str = "text"


def guarded(text: str) -> str:
    """The text with an apostrophe before what could be taken for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_lines(headings: Sequence[Heading], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A CSV file in pieces, as spreadsheets of the reader's language open it.

    What depends on the reader is settled now: the pieces are often taken when the request is over.
    """
    return _lines(headings, rows, _Reader())


def _lines(headings: Sequence[Heading], rows: Iterable[Sequence[Value]], reader: _Reader) -> Iterator[bytes]:
    buffer = io.StringIO()
    out = csv.writer(buffer, delimiter=reader.separator)
    buffer.write("\ufeff")
    out.writerow([guarded(heading.label) for heading in headings])
    for number, row in enumerate(rows, start=1):
        out.writerow([reader.plain(value) for value in row])
        if number % _CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content


class _Reader:
    """How the reader of a file writes values."""

    def __init__(self) -> None:
        self.french = get_language() == "fr"
        self.separator = ";" if self.french else ","
        self.words = {True: _("yes"), False: _("no")}
        self.zone = timezone.get_current_timezone()

    def plain(self, value: Value) -> str:
        """The value as text that can be read back: no grouping, no currency, days as in ISO 8601."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.words[value]
        if isinstance(value, Decimal | int):
            return f"{value:f}".replace(".", ",") if self.french else f"{value:f}"
        if isinstance(value, datetime):
            return timezone.localtime(value, self.zone).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        return guarded(value.replace("\0", ""))


def write_workbook(
    target: Path | IO[bytes],
    title: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Value]],
    about: Sequence[tuple[str, str]] = (),
) -> None:
    """A workbook with the rows, and on a second sheet what they were asked by (`about`)."""
    # Here, because most processes never write a workbook, and the library takes memory in each.
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
        }
        page = book.add_worksheet(_sheet_name(title))
        page.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            page.set_column(place, place, _width(heading), formats.get(heading.kind))
            page.write_string(0, place, guarded(heading.label), bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(page, number, place, value, formats)
        _write_about(book.add_worksheet(_sheet_name(_("Filters"))), about)


def _write(page: Worksheet, row: int, place: int, value: Value, formats: dict[str, object]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, place, value)
    elif isinstance(value, Decimal | int):
        page.write_number(row, place, value)
    elif isinstance(value, datetime):
        page.write_datetime(row, place, timezone.make_naive(value), formats["datetime"])
    elif isinstance(value, date):
        page.write_datetime(row, place, value, formats["date"])
    else:
        page.write_string(row, place, guarded(value.replace("\0", ""))[:_LONGEST])


def _write_about(page: Worksheet, about: Sequence[tuple[str, str]]) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, _WIDEST)
    for number, (name, text) in enumerate(about):
        page.write_string(number, 0, guarded(name))
        page.write_string(number, 1, guarded(text)[:_LONGEST])


def _width(heading: Heading) -> int:
    return min(
        max(len(heading.label) + 2, 28 if heading.kind in ("text", "relation", "tags") else 14), _WIDEST
    )


def _sheet_name(title: str) -> str:
    """A name a workbook accepts: 31 characters without the signs of references."""
    return "".join(" " if char in "[]:*?/\\'" else char for char in title)[:31].strip() or "Piste"
