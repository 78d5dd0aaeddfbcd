"""Filters that people put together themselves: field, operator, value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piste.core.text import Fold
from piste.ui.paths import Kind, Path, resolve
from piste.ui.state import BadAddress

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from piste.accounts.models import User

SEPARATOR = "~"

_NUMBER = ("is", "gte", "lte", "gt", "lt")
OPERATORS: dict[Kind, tuple[str, ...]] = {
    "text": ("contains", "lacks", "is", "empty", "set"),
    "number": _NUMBER,
    "money": _NUMBER,
    "percent": _NUMBER,
    "date": ("is", "before", "after", "empty", "set"),
    "datetime": ("is", "before", "after", "empty", "set"),
    "choice": ("is", "not"),
    "relation": ("is", "not", "empty", "set"),
    "tags": ("is", "not", "empty", "set"),
    "boolean": ("is",),
}
LABELS: dict[str, StrPromise] = {
    "contains": _("contains"),
    "lacks": _("does not contain"),
    "is": _("is"),
    "not": _("is not"),
    "gte": _("is at least"),
    "lte": _("is at most"),
    "gt": _("is more than"),
    "lt": _("is less than"),
    "before": _("is before"),
    "after": _("is after"),
    "empty": _("is empty"),
    "set": _("is filled"),
}
MAX_CHOICES = 200

#: Links to a record and to those below it: the deals of a company and of its people. Not in the builder's list.
WITHIN = "within"


@dataclass(frozen=True, slots=True)
class BuilderField:
    """A field of the filter builder, with its operators and, where the list is short, its values."""

    name: str
    label: str
    kind: str
    operators: list[tuple[str, str]]
    choices: list[tuple[str, str]]


def builder_field(model: type[Model], name: str, user: User) -> BuilderField:
    path = resolve(model, name)
    operators = [(op, str(LABELS[op])) for op in OPERATORS[path.kind]]
    return BuilderField(name, path.label, path.kind, operators, _choices(path, user))


def _choices(path: Path, user: User) -> list[tuple[str, str]]:
    if path.kind == "boolean":
        return [("1", str(_("yes"))), ("0", str(_("no")))]
    if path.kind == "choice":
        return [(str(value), str(label)) for value, label in path.field.flatchoices]
    if path.kind in ("relation", "tags"):
        return [(str(row.pk), str(row)) for row in path.related(user)[:MAX_CHOICES]]
    return []


@dataclass(frozen=True, slots=True)
class Where:
    """One condition of the address, `field~operator~value`, checked against the model."""

    path: Path
    operator: str
    value: str

    @classmethod
    def parse(cls, model: type[Model], text: str, allowed: tuple[str, ...]) -> Where:
        """Raises `BadAddress` for a field that is not offered, an operator or a value that does not fit."""
        name, _sep, rest = text.partition(SEPARATOR)
        operator, _sep, value = rest.partition(SEPARATOR)
        if name not in allowed:
            raise BadAddress(name)
        where = cls(resolve(model, name), operator, value)
        if operator not in OPERATORS[where.path.kind] and not (operator == WITHIN and where.path.is_tree):
            raise BadAddress(operator)
        where.condition()
        return where

    def condition(self) -> Q:
        """The test of a row. Raises `BadAddress` for a value of another kind."""
        name = self.path.name
        if self.operator in ("empty", "set"):
            empty = Q(**{f"{name}__isnull": True})
            if self.path.kind == "text":
                empty |= Q(**{name: ""})
            return empty if self.operator == "empty" else ~empty
        if self.path.kind == "text":
            return self._text(name)
        try:
            return self._typed(name)
        except (ValueError, InvalidOperation, OverflowError, ValidationError) as error:
            raise BadAddress(self.value) from error

    def _text(self, name: str) -> Q:
        if self.operator == "is":
            return Q(**{f"{name}__iexact": self.value})
        found = Q(**{f"{name}__fold__contains": Fold(Value(self.value))})
        return found if self.operator == "contains" else ~found

    def _typed(self, name: str) -> Q:
        kind = self.path.kind
        if kind == "boolean":
            return Q(**{name: bool(("0", "1").index(self.value))})
        if kind in ("number", "money", "percent"):
            suffix = "" if self.operator == "is" else f"__{self.operator}"
            return Q(**{f"{name}{suffix}": self._figure().quantize(Decimal("0.000001"))})
        if kind in ("date", "datetime"):
            return self._dated(name)
        value: Any = self.path.field.to_python(self.value) if kind == "choice" else int(self.value)
        if isinstance(value, int) and abs(value) >= 2**63:
            raise ValueError(self.value)
        same = Q(**{name: value})
        if self.operator == WITHIN:
            return same | Q(**{f"{name}__parent": value})
        return same if self.operator == "is" else ~same

    def _figure(self) -> Decimal:
        figure = Decimal(
            self.value.replace(",", ".").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
        )
        if not figure.is_finite() or abs(figure) >= Decimal(10) ** 15:
            raise ValueError(self.value)
        return figure

    def _dated(self, name: str) -> Q:
        day = date.fromisoformat(self.value)
        if self.path.kind == "date":
            return Q(**{{"is": name, "before": f"{name}__lt", "after": f"{name}__gt"}[self.operator]: day})
        zone = timezone.get_current_timezone()
        start, end = (datetime.combine(day, edge, zone) for edge in (time.min, time.max))
        return {
            "is": Q(**{f"{name}__range": (start, end)}),
            "before": Q(**{f"{name}__lt": start}),
            "after": Q(**{f"{name}__gt": end}),
        }[self.operator]

    def text(self, user: User, currency: str) -> str:
        """The value as a chip shows it to this reader."""
        if self.operator in ("empty", "set"):
            return str(LABELS[self.operator])
        shown = self.value
        if self.path.kind in ("relation", "tags"):
            row = self.path.related(user).filter(pk=self.value).first()
            shown = str(row) if row else "?"
        elif self.path.kind == "choice":
            shown = self.path.choice_label(self.path.field.to_python(self.value))
        elif self.path.kind in ("date", "datetime"):
            shown = self.path.print(date.fromisoformat(self.value))
        elif self.path.kind in ("number", "money", "percent"):
            shown = self.path.print(self._figure(), currency)
        elif self.path.kind == "boolean":
            shown = str(_("yes") if self.value == "1" else _("no"))
        signs = {"is": "", WITHIN: "", "gte": "≥ ", "lte": "≤ ", "gt": "> ", "lt": "< ", "contains": ""}
        return signs[self.operator] + shown if self.operator in signs else f"{LABELS[self.operator]} {shown}"
