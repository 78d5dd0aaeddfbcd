"""What JSON a field takes, and how it becomes what the screen's form reads.

Programs write numbers and days in one way only, whatever the language of their owner; so the values go to
the form typed, past its reading of what people type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

Shape = Literal["boolean", "choice", "date", "decimal", "integer", "key", "keys", "text", "texts"]

_SHAPES: tuple[tuple[type[forms.Field], Shape], ...] = (
    (forms.ModelMultipleChoiceField, "keys"),
    (forms.ModelChoiceField, "key"),
    (SimpleArrayField, "texts"),
    (forms.MultipleChoiceField, "texts"),
    (forms.ChoiceField, "choice"),
    (forms.BooleanField, "boolean"),
    (forms.DateField, "date"),
    (forms.DecimalField, "decimal"),
    (forms.IntegerField, "integer"),
)
#: Powers of ten beyond which a number is not one that a column holds, and dear to print.
_POWERS = range(-20, 21)
_KEYS = range(2**63)
#: As the forms of the pages take them.
_YEARS = range(1900, 2201)


class Misfit(Exception):
    """A value of the wrong kind. The message is a sentence for whoever wrote the program."""


def shape_of(field: forms.Field, model: type[models.Model] | None = None, name: str = "") -> Shape:
    """The kind of JSON value the form field takes."""
    if model is not None and isinstance(_column(model, name), ArrayField):
        return "texts"
    return next((shape for cls, shape in _SHAPES if isinstance(field, cls)), "text")


def _column(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def typed(
    given: Mapping[str, Any], fields: Mapping[str, forms.Field], model: type[models.Model] | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The given values as the form takes them, and a sentence for each that it cannot take."""
    values: dict[str, Any] = {}
    misfits: dict[str, str] = {}
    for name, value in given.items():
        field = fields.get(name)
        try:
            if field is None:
                raise Misfit(_("There is no such field, or it cannot be written."))
            values[name] = None if value is None else _READERS[shape_of(field, model, name)](value)
        except Misfit as misfit:
            misfits[name] = str(misfit)
    return values, misfits


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit(_("Give true or false."))
    return value


def _date(value: Any) -> date:
    try:
        day = date.fromisoformat(_text(value))
    except (Misfit, ValueError) as error:
        raise Misfit(_("Give a day like “2026-03-12”.")) from error
    if day.year not in _YEARS:
        raise Misfit(_("This day is too far away."))
    return day


def _decimal(value: Any) -> Decimal:
    text = isinstance(value, str) and value.isascii() and len(value) <= 40
    try:
        if isinstance(value, bool) or not (text or isinstance(value, int | Decimal)):
            raise InvalidOperation
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() not in _POWERS:
            raise InvalidOperation
    except InvalidOperation as error:
        raise Misfit(_("Give a number like “12400.50”.")) from error
    return number


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misfit(_("Give a whole number."))
    # No column holds more, and the form says so in its own words.
    return max(min(value, 10**20), -(10**20))


def _key(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _KEYS:
        raise Misfit(_("Give the id of a record, or null."))
    return value


def _keys(value: Any) -> list[int]:
    if not isinstance(value, list):
        raise Misfit(_("Give a list of ids."))
    return [_key(item) for item in value]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not _is_storable(value):
        raise Misfit(_("Give text."))
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Misfit(_("Give a list of texts."))
    return [_text(item) for item in value]


def _choice(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        return str(value)
    return _text(value)


def _is_storable(text: str) -> bool:
    """Whether the database can hold it: no zero bytes, no halves of characters."""
    return "\x00" not in text and text.encode(errors="replace").decode() == text


_READERS: dict[Shape, Callable[[Any], Any]] = {
    "boolean": _boolean,
    "choice": _choice,
    "date": _date,
    "decimal": _decimal,
    "integer": _integer,
    "key": _key,
    "keys": _keys,
    "text": _text,
    "texts": _texts,
}


def ids_of(value: Any) -> list[str]:
    """The ids of a bulk action as `acting` takes them. Raises `Misfit`."""
    keys: Iterable[int] = _keys(value)
    return [str(key) for key in dict.fromkeys(keys)]
