"""How a person wants a file read and its columns used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from piste.ui.exchange.reading import Reading


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was found out about a file and corrected by a person; kept as JSON.

    `columns` gives each field the place of its column. `values` says for a field which record a word stands
    for: `{"stage": {"negociation": 3}}`; 0 stands for none. `owner` is whose the rows are that name nobody.
    """

    reading: Reading = field(default_factory=Reading)
    columns: Mapping[str, int] | None = None
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    owner: int | None = None
    customers: bool = True
    again: bool = True
    day_first: bool | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Plan:
        return cls(**{**kept, "reading": Reading(**kept.get("reading", {}))})
