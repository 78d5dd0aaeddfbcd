"""Later changes that stand in the way of an undo: whose they are, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.core.inverse import Step
from piste.core.tables import Table

if TYPE_CHECKING:
    from piste.accounts.models import User


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed a field after the operation, or deleted the record: then `field` is empty."""

    model: type[models.Model]
    pk: Any
    record: str
    field: str
    label: str
    by: User | None
    at: datetime


def conflicts_of(table: Table, steps: Sequence[Step]) -> list[Conflict]:
    """What has been done since to the rows of these steps. A few queries, however many rows."""
    from piste.core.models import Operation

    if not steps:
        return []
    later = _later(table, steps)
    names = table.names([step.key for step in steps])
    operations = {event["pgh_context_id"] for event in later.values()}
    people = {
        operation.pk: operation.by
        for operation in Operation.objects.filter(pk__in=operations).select_related("by")
    }
    conflicts = []
    for (key, column), event in later.items():
        field = table.recorded[column] if column else None
        name, label = (field.name, str(field.verbose_name)) if field else ("", "")
        by = people.get(event["pgh_context_id"])
        conflicts.append(Conflict(table.model, key, names[key], name, label, by, event["pgh_created_at"]))
    return conflicts


def _later(table: Table, steps: Sequence[Step]) -> dict[tuple[Any, str], dict[str, Any]]:
    """For each row and column to tell of, the last event that changed it; no column for a deletion."""
    by_key = {step.key: step for step in steps}
    columns = {step.key: _told(table, step) for step in steps}
    attnames = {name: table.recorded[name].attname for names in columns.values() for name in names}
    events = table.events.objects.filter(pgh_obj_id__in=by_key, pgh_id__gte=min(step.last for step in steps))
    fixed = ("pgh_obj_id", "pgh_id", "pgh_label", "pgh_context_id", "pgh_created_at")
    before: dict[Any, dict[str, Any]] = {}
    later: dict[tuple[Any, str], dict[str, Any]] = {}
    for event in events.order_by("pgh_id").values(*fixed, *attnames.values()):
        key = event["pgh_obj_id"]
        if event["pgh_id"] < by_key[key].last:
            continue
        if event["pgh_label"] == "delete" and by_key[key].deleted_since:
            later[key, ""] = event
        for column in columns[key] if key in before else ():
            if event[attnames[column]] != before[key][attnames[column]]:
                later[key, column] = event
        before[key] = event
    return later


def _told(table: Table, step: Step) -> tuple[str, ...]:
    """The columns to name: what the record's history tells, or else whatever there is."""
    if step.deleted_since:
        return ()
    tracked = getattr(table.model, "tracked", ())
    told = tuple(column for column in step.changed if table.recorded[column].name in tracked)
    return told or step.changed


def sentence(conflicts: Sequence[Conflict], *, at: datetime) -> str:
    """What stands in the way, with the first record in full."""
    first = conflicts[0]
    mine = [one for one in conflicts if (one.model, one.pk, one.by) == (first.model, first.pk, first.by)]
    said = {
        "record": first.record,
        "who": str(first.by) if first.by else _("Automation"),
        "fields": ", ".join(one.label for one in mine),
        "when": _when(first.at, at),
    }
    if not first.field:
        text = _("%(who)s deleted “%(record)s” %(when)s.") % said
    else:
        text = _("“%(record)s”: %(who)s changed %(fields)s %(when)s.") % said
    others = len({(one.model, one.pk) for one in conflicts}) - 1
    if not others:
        return text
    more = ngettext(
        "%(count)s other record has changed too.", "%(count)s other records have changed too.", others
    )
    return f"{text} {more % {'count': others}}"


def _when(moment: datetime, now: datetime) -> str:
    moment, now = timezone.localtime(moment), timezone.localtime(now)
    time = date_format(moment, "H:i")
    if moment.date() == now.date():
        return _("at %(time)s") % {"time": time}
    return _("on %(day)s at %(time)s") % {"day": date_format(moment, "SHORT_DATE_FORMAT"), "time": time}
