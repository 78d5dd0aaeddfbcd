"""Dotted paths such as `contact__city`, and what the models already know about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from piste.core.access import ScopedQuerySet
from piste.ui import formats

if TYPE_CHECKING:
    from piste.accounts.models import User

Kind = Literal[
    "text", "number", "money", "percent", "date", "datetime", "choice", "relation", "boolean", "tags"
]

_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.ManyToManyField, "tags"),
    (models.ForeignKey, "relation"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.DecimalField, "money"),
    (models.FloatField, "number"),
    (models.IntegerField, "number"),
)


def _kind_of(field: models.Field[Any, Any]) -> Kind:
    if field.choices:
        return "choice"
    field = getattr(field, "output_field", None) or field
    if isinstance(field, models.DecimalField) and field.max_digits is not None and field.max_digits <= 6:
        return "percent"
    return next((kind for cls, kind in _KINDS if isinstance(field, cls)), "text")


#: How a value of each kind is printed where neither its field nor the company's currency has a say.
_PRINTERS: dict[Kind, Callable[[Any], str]] = {
    "percent": formats.percent,
    "number": formats.number,
    "date": formats.day,
    "datetime": formats.day,
    "boolean": lambda flag: _("yes") if flag else _("no"),
    "tags": lambda tags: ", ".join(str(tag) for tag in tags.all()),
}


@dataclass(frozen=True, slots=True)
class Path:
    """What value to take from a record, and how to call, join and print it."""

    name: str
    field: models.Field[Any, Any]
    relations: tuple[str, ...]
    kind: Kind = dataclass_field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", _kind_of(self.field))

    @property
    def label(self) -> str:
        return capfirst(str(self.field.verbose_name))

    @property
    def is_end(self) -> bool:
        """Whether the value is a figure, set at the end of its column."""
        return self.kind in ("number", "money", "percent")

    def value(self, record: models.Model | None) -> Any:
        for relation in self.relations:
            record = getattr(record, relation, None)
        return getattr(record, self.field.name, None)

    def text(self, record: models.Model, currency: str = "EUR") -> str:
        """The value as people read it."""
        value = self.value(record)
        if value is None or value in ("", []):
            return ""
        return self.print(value, currency)

    def print(self, value: Any, currency: str = "EUR") -> str:
        if isinstance(value, list):
            printed = getattr(self.field, "printed", None)
            return str(printed(value)) if printed else ", ".join(map(str, value))
        if self.kind == "money":
            return formats.money(value, currency)
        if self.kind == "choice":
            return self.choice_label(value)
        return _PRINTERS.get(self.kind, str)(value)

    def choice_label(self, value: Any) -> str:
        return str(dict(self.field.flatchoices).get(value, value))

    def related(self, user: User) -> models.QuerySet[Any]:
        """The records that the path may lead to, within the user's reach."""
        model: Any = self.field.related_model
        rows = model._default_manager.all()
        return rows.for_user(user) if isinstance(rows, ScopedQuerySet) else rows.none()

    @property
    def is_tree(self) -> bool:
        """Whether the path leads to records that have others above them."""
        related = self.field.related_model
        return self.kind == "relation" and any(field.name == "parent" for field in related._meta.fields)  # type: ignore[union-attr]

    @property
    def joins(self) -> str | None:
        """What to pass to select_related so that showing the value costs no query."""
        if self.kind == "tags":
            return None
        chain = self.relations + ((self.field.name,) if self.kind == "relation" else ())
        return LOOKUP_SEP.join(chain) or None


class UnknownPath(Exception):
    """A screen, an address or a request names a value that the model does not have."""


def resolve(model: type[models.Model], name: str) -> Path:
    """The path of that name from the model. Raises `UnknownPath`."""
    return _resolve(model, name)


@lru_cache(maxsize=1024)
def _resolve(model: Any, name: str) -> Path:
    *relations, last = name.split(LOOKUP_SEP)
    here = model
    try:
        for relation in relations:
            target = here._meta.get_field(relation).related_model
            if not isinstance(target, type):
                raise UnknownPath(name)
            here = target
        field = here._meta.get_field(last)
    except FieldDoesNotExist as error:
        raise UnknownPath(f"{model._meta.label} has no {name}: {error}") from error
    if not isinstance(field, models.Field):
        raise UnknownPath(f"{name} is not a column")
    return Path(name, field, tuple(relations))
