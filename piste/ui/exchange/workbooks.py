"""Rows of an Excel or LibreOffice workbook, read at arm's length."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from piste.ui.exchange.cells import BadFile, Cell, Raw, bare

#: What a workbook may unpack to, and how many times its size.
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 100
_PARTS = 2_000
_CHUNK = 1 << 20

_CHILD = Path(__file__).with_name("workbook_reader.py")
_UNREADABLE = _("This workbook cannot be read. Save it again as .xlsx, or as CSV in UTF-8.")
_TOO_BIG = _("This workbook unpacks to too much. Keep only the sheet to import, or save it as CSV.")


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def check(path: Path) -> None:
    """Refuse an archive that unpacks to far more than it weighs: the true size, not the declared one."""
    most = min(MAX_UNPACKED, max(path.stat().st_size * MAX_RATIO, 10 * _CHUNK))
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            if len(parts) > _PARTS:
                raise BadFile(_TOO_BIG)
            for part in parts:
                most -= _unpacked(file, part, most)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise BadFile(_UNREADABLE) from error


def _unpacked(file: Any, part: zipfile.ZipInfo, most: int) -> int:
    """How many bytes the part unpacks to, counting no further than `most`."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadFile(_UNREADABLE)
    file.seek(part.header_offset)
    head = file.read(30)
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    unpack, size, left = zlib.decompressobj(-15), 0, part.compress_size
    while left > 0 and not unpack.eof:
        packed = file.read(min(left, _CHUNK // 16))
        if not packed:
            raise BadFile(_UNREADABLE)
        left -= len(packed)
        while packed and not unpack.eof:
            size += len(unpack.decompress(packed, _CHUNK))
            packed = unpack.unconsumed_tail
            if size > most:
                raise BadFile(_TOO_BIG)
    return size


def sheet_names(path: Path) -> tuple[str, ...]:
    check(path)
    names = [name for names in _lines(path, "", 0) for name in names]
    if not names:
        raise BadFile(_("This workbook holds no sheet."))
    return tuple(names)


def records(path: Path, sheet: str, *, most: int) -> Iterator[Raw]:
    """The first rows of the sheet, at most so many, with their numbers."""
    for number, *cells in _lines(path, sheet, most):
        yield Raw(number, [_cell(value) for value in cells])


def _lines(path: Path, sheet: str, most: int) -> Iterator[list[Any]]:
    command = [sys.executable, "-I", str(_CHILD), str(path), sheet, str(most)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:  # noqa: S603 – no shell, our own file
        assert child.stdout is not None
        try:
            yield from map(json.loads, child.stdout)
            if child.wait() != 0:
                raise BadFile(_UNREADABLE)
        finally:
            child.kill()


def _cell(value: Any) -> Cell:
    if isinstance(value, str | bool):
        return bare(value) if isinstance(value, str) else value
    if isinstance(value, dict):
        return date.fromisoformat(value["on"]) if "on" in value else _moment(value["at"])
    return Decimal(repr(value)) if value == value and abs(value) < 1e20 else str(value)


def _moment(text: str) -> date | datetime:
    """A moment at midnight is how workbooks write a day."""
    moment = datetime.fromisoformat(text)
    return moment.date() if moment.time() == time(0) else moment
