"""The parameters of a list in the OpenAPI document: what one can filter, ask and sort by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from piste.api.listing import LIMIT, MOST
from piste.api.resources import Resource
from piste.ui.conditions import OPERATORS
from piste.ui.modes import List
from piste.ui.paths import resolve
from piste.ui.search import PERIODS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Schema = dict[str, Any]


def list_parameters(resource: Resource) -> tuple[Schema, ...]:
    """All of them, with the names that this resource knows."""
    found: tuple[tuple[str, Schema, StrPromise], ...] = (
        ("q", {"type": "string", "maxLength": 200}, _("Words to find, without regard to case and accents.")),
        (
            "f",
            {"type": "array", "items": _one_of(_filters(resource))},
            _("Filters of the page, many times. Those of one kind widen, others narrow."),
        ),
        (
            "w",
            {"type": "array", "items": {"type": "string"}},
            format_lazy(
                _("Conditions field~operator~value, many times, of these: {conditions}."),
                conditions=_conditions(resource),
            ),
        ),
        (
            "o",
            {"type": "string"},
            format_lazy(
                _("Up to four of these with commas, a minus turns one round: {names}. Or id alone."),
                names=", ".join(_sorts(resource)),
            ),
        ),
        ("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}, _("How many.")),
        ("after", {"type": "string"}, _("What the page before gave as next.")),
    )
    return tuple(
        {"name": name, "in": "query", "required": False, "schema": schema, "description": said}
        for name, schema, said in found
    )


def _one_of(names: list[str]) -> Schema:
    return {"type": "string", "enum": names} if names else {"type": "string"}


def _filters(resource: Resource) -> list[str]:
    search = resource.screen.search
    periods = [f"{path}:{period}" for path in search.periods for period in PERIODS]
    return [*(one.name for one in search.filters), *periods]


def _conditions(resource: Resource) -> str:
    """The fields with their operators, those with the same ones together."""
    by_operators: dict[tuple[str, ...], list[str]] = {}
    for name in resource.screen.search.builder:
        by_operators.setdefault(OPERATORS[resolve(resource.screen.model, name).kind], []).append(name)
    return "; ".join(f"{', '.join(names)} ({', '.join(ops)})" for ops, names in by_operators.items())


def _sorts(resource: Resource) -> list[str]:
    table = resource.screen.mode_of(List)
    names = (*table.columns, *table.offered) if table else ()
    return [name for name in names if resolve(resource.screen.model, name).kind != "tags"]
