"""Reads what the events of a record tell: each field before and after, for each operation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, groupby
from typing import Any, Literal

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from piste.core.models import Merged, Operation
from piste.core.tables import Table, find_table, table_of

Event = dict[str, Any]
#: What happened to a row: it was made, changed, deleted, or brought back.
Kind = Literal["create", "change", "delete", "restore"]
#: How a field's values are printed: by the page, or here by their words.
Shown = Literal["value", "choice", "relation", "tags"]

_ABOUT = ("pgh_label", "pgh_context_id", "pgh_created_at")
#: Events read for each change told: few operations write a record more often.
_EVENTS_EACH = 4


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after. Choices, relations and tags bring their words; pages print other values."""

    field: models.Field[Any, Any]
    kind: Shown
    before: Any
    after: Any
    before_text: str = ""
    after_text: str = ""

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return str(self.field.verbose_name)


@dataclass(slots=True)
class Told:
    """What happened to a record within one operation or, outside of any, within one transaction."""

    operation: Any
    at: datetime
    kind: Kind
    fields: list[FieldChange] = field(default_factory=list)
    #: The keys of records that became part of this one.
    merged: list[Any] = field(default_factory=list)


def tell(record: models.Model, *, limit: int, before: datetime | None) -> list[Told]:
    """At least the newest so many things that happened to the record."""
    told: dict[Any, Told] = {}
    sources = (_own(record, limit, before), _linked(record, limit, before), _merged(record, limit, before))
    for key, part in chain.from_iterable(sources):
        known = told.setdefault(key, part)
        if known is not part and known.kind == "change":
            known.fields += part.fields
            known.merged += part.merged
    return [part for part in told.values() if part.fields or part.merged or part.kind != "change"]


def _own(record: models.Model, limit: int, before: datetime | None) -> Iterator[tuple[Any, Told]]:
    table = table_of(type(record))
    fields = _fields(type(record), table)
    most = limit * _EVENTS_EACH
    rows = table.events.objects.filter(pgh_obj_id=record.pk)
    events = list(_newest(rows, before).values(*_ABOUT, *(one.attname for one in fields))[: most + 1])
    groups = [(key, list(group)) for key, group in groupby(events, _key)]
    if len(events) > most and len(groups) > 1:
        # The oldest may not be complete, and what was before it is not known.
        groups.pop()
    for place, (key, group) in enumerate(groups):
        earlier = groups[place + 1][1][0] if place + 1 < len(groups) else None
        kind = _kind(group[0], group[-1], earlier)
        part = Told(group[0]["pgh_context_id"], group[0]["pgh_created_at"], kind)
        if kind == "change" and earlier is not None:
            part.fields += _differences(fields, earlier, group[0])
        yield key, part


def _fields(model: type[models.Model], table: Table) -> list[models.Field[Any, Any]]:
    """The fields that the model says are told, or else those that people edit."""
    names = getattr(model, "tracked", ())
    return [one for one in table.recorded.values() if (one.name in names if names else one.editable)]


def _newest(events: Any, before: datetime | None) -> Any:
    if before is not None:
        at = Operation.objects.filter(pk=OuterRef("pgh_context_id")).values("at")
        moment = Coalesce(Subquery(at), F("pgh_created_at"))
        events = events.annotate(pgh_moment=moment).filter(pgh_moment__lt=before)
    return events.order_by("-pgh_id")


def _key(event: Event) -> Any:
    return event["pgh_context_id"] or event["pgh_created_at"]


def _kind(last: Event, first: Event, earlier: Event | None) -> Kind:
    if last["pgh_label"] == "delete":
        return "delete"
    if first["pgh_label"] != "insert":
        return "change"
    return "create" if earlier is None else "restore"


def _differences(
    fields: Iterable[models.Field[Any, Any]], before: Event, after: Event
) -> Iterator[FieldChange]:
    for one in fields:
        old, new = before[one.attname], after[one.attname]
        if old != new:
            yield _printed(one, old, new)


def _printed(one: models.Field[Any, Any], before: Any, after: Any) -> FieldChange:
    if isinstance(one, models.ForeignKey):
        return FieldChange(one, "relation", before, after)
    if one.choices:
        words = dict(one.flatchoices)
        old, new = (str(words.get(value, value or "")) for value in (before, after))
        return FieldChange(one, "choice", before, after, old, new)
    return FieldChange(one, "value", before, after)


def _linked(record: models.Model, limit: int, before: datetime | None) -> Iterator[tuple[Any, Told]]:
    """Tags and other rows that were linked to the record, or no longer are."""
    for one in table_of(type(record)).model._meta.many_to_many:
        links = find_table(one.remote_field.through)
        if links is None:
            continue
        here, there = one.m2m_column_name(), one.m2m_reverse_name()
        rows = _newest(links.events.objects.filter(**{here: record.pk}), before)
        for key, events in groupby(rows.values(*_ABOUT, there)[: limit * _EVENTS_EACH], _key):
            group = list(events)
            gone = {event[there] for event in group if event["pgh_label"] == "delete"}
            come = {event[there] for event in group if event["pgh_label"] != "delete"}
            if gone != come:
                change = FieldChange(one, "tags", gone - come, come - gone)
                yield key, Told(group[0]["pgh_context_id"], group[0]["pgh_created_at"], "change", [change])


def _merged(record: models.Model, limit: int, before: datetime | None) -> Iterator[tuple[Any, Told]]:
    """The records that became part of this one, though nothing of it may have changed."""
    kind = table_of(type(record)).model._meta.label_lower
    rows = table_of(Merged).events.objects.filter(kind=kind, survivor=record.pk, pgh_label="insert")
    events = _newest(rows, before).values(*_ABOUT, "old")[: limit * _EVENTS_EACH]
    for key, group in groupby(events, _key):
        one, *others = group
        merged = sorted([one["old"], *(other["old"] for other in others)])
        yield key, Told(one["pgh_context_id"], one["pgh_created_at"], "change", merged=merged)


def with_names(parts: Iterable[Told]) -> None:
    """Print related rows by their names: one query for each model, two where some are gone."""
    wanted: defaultdict[Any, set[Any]] = defaultdict(set)
    parts = list(parts)
    for change in (change for part in parts for change in part.fields):
        if change.kind in ("relation", "tags"):
            wanted[change.field.related_model] |= _keys(change.before) | _keys(change.after)
    names = {model: _names(model, keys) for model, keys in wanted.items()}
    for part in parts:
        part.fields = [_named(change, names.get(change.field.related_model)) for change in part.fields]


def _names(model: Any, keys: set[Any]) -> dict[Any, str]:
    table = find_table(model)
    if table is not None:
        return table.names(keys)
    return {key: str(row) for key, row in model._base_manager.in_bulk(keys).items()}


def _named(change: FieldChange, names: Mapping[Any, str] | None) -> FieldChange:
    if names is None:
        return change

    def text(value: Any) -> str:
        return ", ".join(sorted(names.get(key, f"#{key}") for key in _keys(value)))

    return replace(change, before_text=text(change.before), after_text=text(change.after))


def _keys(value: Any) -> set[Any]:
    if isinstance(value, set):
        return value
    return set() if value is None else {value}
