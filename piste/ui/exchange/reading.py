"""A file of rows, opened: how it is written, its header, its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from piste.core.text import fold
from piste.ui.exchange import encodings, separated, workbooks
from piste.ui.exchange.cells import (
    BROKEN,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    BadFile,
    Cell,
    Raw,
    Row,
    is_empty,
    letter,
    row_of,
    shown,
)

#: How many lines are looked at to find the separator and the header.
_SAMPLE = 60
#: A header comes within so many rows, after a title or none.
_TITLE_LINES = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file, as far as a person has said so; empty means: find out."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_line: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened file. Rows are read anew each time they are asked for, one by one."""

    path: Path
    encoding: str
    separator: str
    sheet: str
    sheets: tuple[str, ...] = field(default=())
    header: tuple[str, ...] = ()
    header_line: int = 0

    @property
    def is_workbook(self) -> bool:
        return bool(self.sheet)

    def raw(self, *, most: int = MAX_ROWS + _TITLE_LINES + 2) -> Iterator[Raw]:
        """The rows as the file has them, its header among them."""
        if self.is_workbook:
            return workbooks.records(self.path, self.sheet, most=most)
        rows = separated.records(self.path, self.encoding, self.separator)
        return islice((row for row in rows if not _is_hint(row)), most)

    def rows(self, *, most: int | None = None) -> Iterator[Row]:
        """The rows below the header; empty ones are passed over."""
        found = 0
        limit = {} if most is None else {"most": most + self.header_line + _SAMPLE}
        for raw in self.raw(**limit):
            if raw.line <= self.header_line or all(map(is_empty, raw.cells)):
                continue
            found += 1
            if most is not None and found > most:
                return
            if found > MAX_ROWS:
                raise BadFile(_("The file has more than 200,000 rows. Split it and import the parts."))
            yield row_of(raw, self.header)


def open_sheet(path: Path, reading: Reading | None = None) -> Sheet:
    """Find out how the file is written, except where `reading` says so, and where its header is."""
    reading = reading or Reading()
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise BadFile(_("The file is larger than 25 MB. Split it and import the parts."))
    with path.open("rb") as file:
        content = file.read()
    if not content.strip():
        raise BadFile(_("The file is empty."))
    sheet = _workbook(path, reading) if workbooks.is_workbook(content) else _separated(path, content, reading)
    return _with_header(sheet, reading.header_line)


def _workbook(path: Path, reading: Reading) -> Sheet:
    names = workbooks.sheet_names(path)
    if reading.sheet and reading.sheet not in names:
        raise BadFile(_("This workbook has no such sheet. Choose another."))
    return Sheet(path, "", "", reading.sheet or names[0], names)


def _separated(path: Path, content: bytes, reading: Reading) -> Sheet:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(_("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again."))
    if reading.encoding and reading.encoding not in encodings.ENCODINGS:
        raise BadFile(_("Piste does not know this encoding. Choose another."))
    encoding = reading.encoding or encodings.guess(content)
    try:
        with path.open(encoding=encoding, errors=encodings.MARK, newline="") as file:
            lines = list(islice(file, _SAMPLE))
    except UnicodeError as error:
        raise BadFile(_("The file cannot be read in this encoding. Choose another.")) from error
    if _is_binary(lines):
        raise BadFile(_("This is neither a CSV file nor a workbook. Export your rows as CSV or .xlsx."))
    separator = reading.separator if len(reading.separator) == 1 else separated.separator_of(lines)
    return Sheet(path, encoding, separator, "")


def _is_binary(lines: list[str]) -> bool:
    """Pictures, archives and the like are full of bytes that no text has."""
    text = "".join(lines)[:20_000]
    strange = sum((char < " " and char not in "\t\r\n") or char == BROKEN for char in text)
    return strange > max(len(text) // 10, 8)


def _with_header(sheet: Sheet, line: int | None) -> Sheet:
    rows = list(sheet.raw(most=_SAMPLE))
    if not any(not is_empty(cell) for row in rows for cell in row.cells):
        raise BadFile(_("The file is empty."))
    row = _header_row(rows) if line is None else next((row for row in rows if row.line == line), None)
    titles = _titles(row.cells if row else (), max(len(row.cells) for row in rows))
    if len(titles) > MAX_COLUMNS:
        raise BadFile(_("The file has more than 500 columns. Remove those you do not need."))
    return replace(sheet, header=titles, header_line=row.line if row else (line or 0))


def _is_hint(raw: Raw) -> bool:
    """The line `sep=;` tells Excel the separator; it is no row."""
    return raw.line == 1 and bool(raw.cells) and shown(raw.cells[0]).lower().startswith("sep=")


def _header_row(rows: list[Raw]) -> Raw | None:
    """The first row that is no title line, if it holds words only."""
    filled = [sum(not is_empty(cell) for cell in row.cells) for row in rows]
    # Above a table stand lines of one or two cells: its name, the day, who made it.
    enough = min(3, max(filled))
    for row, count in zip(rows[:_TITLE_LINES], filled, strict=False):
        if count >= enough and row.reason is None:
            return row if all(map(_is_title, row.cells)) else None
    return None


def _is_title(cell: Cell) -> bool:
    """Whether the cell may head a column: a number, a day or an address heads none."""
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return not text or (any(map(str.isalpha, text)) and "@" not in text and not text[0].isdigit())


def _titles(cells: Sequence[Cell], width: int) -> tuple[str, ...]:
    """Titles without repetitions; a column without one is called by its letter."""
    texts = [shown(cell).replace(BROKEN, "�").strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    if not texts:
        texts = [""] * width
    titles: list[str] = []
    taken: set[str] = set()
    for place, text in enumerate(texts):
        title, again = text or str(_("Column %s")) % letter(place), 2
        while fold(title) in taken:
            title, again = f"{text or letter(place)} ({again})", again + 1
        taken.add(fold(title))
        titles.append(title)
    return tuple(titles)
