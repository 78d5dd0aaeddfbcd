"""What becomes of the values of records that are merged into one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Records = Sequence[Any]
Fields = tuple[str, ...]
#: Says from which of the records, by their places, a value comes.
Pick = Callable[[Records, Fields], tuple[int, ...]]


def first(records: Records, fields: Fields) -> tuple[int, ...]:
    """The first record that has it."""
    return tuple(_places(records, fields)[:1]) or (0,)


def own(_records: Records, _fields: Fields) -> tuple[int, ...]:
    """What the survivor has, be it empty."""
    return (0,)


def fullest(records: Records, fields: Fields) -> tuple[int, ...]:
    """The record that has most of them, so that an address is not mixed from two."""
    filled = [sum(bool(getattr(row, name)) for name in fields) for row in records]
    return (filled.index(max(filled)),)


def highest(records: Records, fields: Fields) -> tuple[int, ...]:
    values = [getattr(row, fields[0]) for row in records]
    return (values.index(max(values)),)


def earliest(records: Records, fields: Fields) -> tuple[int, ...]:
    """The record with the earliest moment, if any has one."""
    moments = [
        (getattr(row, fields[0]), place) for place, row in enumerate(records) if getattr(row, fields[0])
    ]
    return (min(moments)[1],) if moments else (0,)


def every(records: Records, fields: Fields) -> tuple[int, ...]:
    """All that have it; they are put together."""
    return tuple(_places(records, fields)) or (0,)


def _places(records: Records, fields: Fields) -> list[int]:
    return [place for place, row in enumerate(records) if any(filled(row, name) for name in fields)]


def filled(row: Any, name: str) -> bool:
    """Whether the record has a value there; of many-to-many relations, whether it has any row."""
    field = row._meta.get_field(name)
    return bool(getattr(row, name).all() if field.many_to_many else getattr(row, field.attname))


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the result: a field, or several that only make sense together.

    `several` can come from many records at once; `fixed` is worked out and not for people to choose.
    """

    fields: Fields
    pick: Pick = first
    several: bool = False
    fixed: bool = False
    label: str | StrPromise = ""

    @property
    def name(self) -> str:
        return self.fields[0]

    def values(self, records: Records, places: Sequence[int]) -> dict[str, Any]:
        """What the result holds when it comes from the records in these places."""
        chosen = [records[place] for place in places]
        if not self.several:
            return {name: getattr(chosen[0], name) for name in self.fields}
        return {name: _together(records[0], chosen, name) for name in self.fields}

    def columns(self, records: Records, places: Sequence[int]) -> dict[str, Any]:
        """The same with keys for related records, so that none of these is read."""
        if self.several:
            return self.values(records, places)
        names = [records[0]._meta.get_field(name).attname for name in self.fields]
        return {name: getattr(records[places[0]], name) for name in names}


def _together(model: Any, chosen: Records, name: str) -> Any:
    field = model._meta.get_field(name)
    if field.many_to_many:
        return list({row.pk: row for record in chosen for row in getattr(record, name).all()}.values())
    values = [getattr(row, name) for row in chosen if getattr(row, name)]
    if isinstance(field, models.TextField):
        # What one record only repeats is not said twice.
        return "\n\n".join(dict.fromkeys(value.strip() for value in values))
    return list(dict.fromkeys(one for value in values for one in value))


@dataclass(frozen=True, slots=True)
class Rules:
    """How records of one kind become one: who survives, and which values it takes.

    `rank` sorts the best survivor first; `refusal` says why these cannot be merged into the first of them.
    """

    parts: tuple[Part, ...]
    rank: Callable[[Any], Any]
    #: The relations that the rank reads.
    joins: tuple[str, ...] = ()
    refusal: Callable[[Records], str] = lambda _records: ""

    def ordered(self, records: Iterable[Any], survivor: Any = None) -> list[Any]:
        """The survivor, the best unless it is named, and the others after it in their rank."""
        ranked = sorted(records, key=self.rank)
        return sorted(ranked, key=lambda row: survivor is not None and row.pk != survivor.pk)

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    def values(self, records: Records) -> dict[str, Any]:
        """The result's values when nobody chooses others; what is linked has moved already."""
        found: dict[str, Any] = {}
        for part in self._own_parts(records):
            found |= part.values(records, part.pick(records, part.fields))
        return found

    def columns(self, records: Records) -> dict[str, Any]:
        """The same with keys for related records, to be written."""
        found: dict[str, Any] = {}
        for part in self._own_parts(records):
            found |= part.columns(records, part.pick(records, part.fields))
        return found

    def _own_parts(self, records: Records) -> list[Part]:
        return [part for part in self.parts if not _is_linked(records[0], part)]


def _is_linked(record: Any, part: Part) -> bool:
    return bool(record._meta.get_field(part.name).many_to_many)


def put(survivor: Any, values: Mapping[str, Any]) -> None:
    """Set the values of columns; the survivor is saved by whoever knows what follows from them."""
    for name, value in values.items():
        if not survivor._meta.get_field(name).many_to_many:
            setattr(survivor, name, value)


def link(survivor: Any, values: Mapping[str, Any]) -> None:
    """Link the survivor to the chosen rows and to no others."""
    for name, value in values.items():
        if survivor._meta.get_field(name).many_to_many:
            getattr(survivor, name).set(value)
