"""The address bar as a typed value: what is searched, filtered, grouped, sorted and shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict


class BadAddress(Exception):
    """An address asks for something the screen does not have. Shown as a 400, never a 500."""


MAX_PARTS = 30


@dataclass(frozen=True, slots=True)
class ViewState:
    """`filters` is None where the address says nothing of them, so that the defaults hold."""

    mode: str = ""
    text: str = ""
    filters: tuple[str, ...] | None = None
    wheres: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sort: str = ""
    columns: str = ""
    total: str = ""
    segment: str = ""
    lane: str | None = None
    after: str = ""
    panel: str = ""

    @classmethod
    def parse(cls, query: QueryDict) -> Self:
        """Read the query string. Raises `BadAddress` when it is out of all measure."""
        parts = [value for _name, values in query.lists() for value in values]
        if len(parts) > MAX_PARTS or any("\x00" in part for part in parts):
            raise BadAddress
        filters = tuple(name for name in query.getlist("f") if name) if "f" in query else None
        return cls(
            mode=query.get("view", ""),
            text=query.get("q", "").strip()[:200],
            filters=filters,
            wheres=tuple(part for part in query.getlist("w") if part),
            groups=tuple(part for part in query.getlist("g") if part),
            sort=query.get("o", ""),
            columns=query.get("cols", ""),
            total=query.get("total", ""),
            segment=query.get("seg", ""),
            lane=query.get("lane"),
            after=query.get("after", ""),
            panel=query.get("panel", ""),
        )

    def query(self, **changes: Any) -> str:
        """The query string of this state with some changes, for links and saved searches."""
        state = replace(self, **({"after": "", "panel": "", "lane": None} | changes))
        single = {
            "view": state.mode, "q": state.text, "o": state.sort, "cols": state.columns, "total": state.total,
            "seg": state.segment, "after": state.after, "panel": state.panel,
        }  # fmt: skip
        pairs = [(name, value) for name, value in single.items() if value]
        if state.lane is not None:
            pairs.append(("lane", state.lane))
        if state.filters is not None:
            pairs += [("f", name) for name in state.filters or ("",)]
        pairs += [("w", part) for part in state.wheres] + [("g", part) for part in state.groups]
        return urlencode(pairs)

    def toggled(self, name: str, present: tuple[str, ...]) -> tuple[str, ...]:
        """The filters after a click on one of them."""
        return tuple(n for n in present if n != name) if name in present else (*present, name)
