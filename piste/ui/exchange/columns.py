"""Cells turned into the values of a model's columns."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Any

import nh3
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from piste.ui.exchange.cells import Cell, shown
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

Converter = Callable[[Cell], Any]

#: Columns of at most so many digits hold percentages.
_PERCENT_DIGITS = 6


class Habits:
    """How a column writes its values, told from all of them together, when somebody asks."""

    def __init__(self, cells: Collection[Cell] = (), *, day_first: bool | None = None) -> None:
        self._cells, self._day_first = cells, day_first

    @cached_property
    def mark(self) -> str:
        return decimal_mark(self._cells)

    @cached_property
    def day_first(self) -> bool:
        order = day_order(self._cells) if self._day_first is None else self._day_first
        return True if order is None else order

    @cached_property
    def share(self) -> bool:
        return _are_shares(self._cells, self.mark)


def _are_shares(cells: Collection[Cell], mark: str) -> bool:
    """Whether percentages are written as shares of one: none above 1 and some below."""
    below = False
    for cell in cells:
        try:
            number = amount(cell, mark=mark)
        except BadValue:
            continue
        if number > 1:
            return False
        below |= 0 < number < 1
    return below


def converter(
    field: models.Field[Any, Any],
    habits: Habits,
    *,
    today: date,
    zone: tzinfo,
    also: dict[str, Any] | None = None,
) -> Converter:
    """How the cells of a column become values of the field. `also` are further words for its choices."""
    if field.choices:
        return _choice(field, also)
    if isinstance(field, models.DateTimeField):
        return lambda cell: moment(cell, today=today, zone=zone, day_first=habits.day_first)
    if isinstance(field, models.DateField):
        return lambda cell: day(cell, today=today, day_first=habits.day_first)
    if isinstance(field, models.BooleanField):
        return truth
    if isinstance(field, models.DecimalField):
        return _checked(field, _decimal(field, habits))
    if isinstance(field, models.IntegerField):
        return _checked(field, lambda cell: whole(cell, mark=habits.mark))
    return _text(field)


def _choice(field: models.Field[Any, Any], also: dict[str, Any] | None) -> Converter:
    choices = Choices(lambda: field.flatchoices, also)
    return choices.value


def _decimal(field: models.DecimalField[Any, Any], habits: Habits) -> Converter:
    step = Decimal(1).scaleb(-(field.decimal_places or 0))
    if (field.max_digits or 0) <= _PERCENT_DIGITS:
        return lambda cell: percent(cell, mark=habits.mark, share=habits.share).quantize(step)
    return lambda cell: amount(cell, mark=habits.mark).quantize(step)


def _checked(field: models.Field[Any, Any], convert: Converter) -> Converter:
    """With the field's own validators: range and number of digits."""

    def checked(cell: Cell) -> Any:
        value = convert(cell)
        try:
            field.run_validators(value)
        except ValidationError as error:
            raise BadValue(" ".join(error.messages)) from error
        return value

    return checked


def _text(field: models.Field[Any, Any]) -> Converter:
    longest = field.max_length

    def text(cell: Cell) -> str:
        value = _words(cell, lines=longest is None)
        if longest is not None and len(value) > longest:
            raise BadValue(_("This text is too long: at most %(count)s characters.") % {"count": longest})
        return value

    return text


def _words(cell: Cell, *, lines: bool) -> str:
    """The cell as plain text: other programs export their notes as HTML."""
    text = cell.date().isoformat() if isinstance(cell, datetime) else shown(cell)
    text = text.strip()
    if text.startswith("<") and "</" in text:
        for end in ("<br>", "<br/>", "<br />", "</p>", "</div>", "</li>"):
            text = text.replace(end, end + "\n")
        text = html.unescape(nh3.clean(text, tags=set())).strip()
    return text.replace("\r\n", "\n") if lines else " ".join(text.split())
