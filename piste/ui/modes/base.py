"""A mode is one way of showing the rows of a screen: list, board and those to come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model, QuerySet

from piste.ui.aggregate import GroupBy, Measure
from piste.ui.paging import Order
from piste.ui.paths import resolve
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from piste.accounts.models import User
    from piste.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a screen: whose, at which rows, in which state of the address."""

    screen: Screen
    user: User
    state: ViewState
    rows: QuerySet[Any]
    currency: str

    @property
    def model(self) -> type[Model]:
        return self.screen.model

    @property
    def groups(self) -> tuple[GroupBy, ...]:
        return self.screen.search.groups(self.state)

    def lane_of(self, by: GroupBy) -> Any:
        """The group value of the lane in the address. Raises `BadAddress` for a key that cannot be one."""
        try:
            return by.value_of(self.model, self.state.lane or "")
        except (ValueError, OverflowError) as error:
            raise BadAddress(self.state.lane) from error

    def address(self, **changes: Any) -> str:
        return self.screen.address(self.state.query(**changes))


class Mode(ABC):
    """Spec, result and `build` together; `build` makes every query, the template none."""

    name: ClassVar[str]
    icon: ClassVar[str]
    label: ClassVar[StrPromise]

    @abstractmethod
    def build(self, look: Look) -> Any:
        """Everything the template needs, with all queries done."""

    def line(self, look: Look, record: Model) -> tuple[QuerySet[Any], list[Order]] | None:
        """The rows among which a record is shown if it is, and their order; None where there are none."""
        return None

    def check(self, look: Look) -> None:
        """Raise `BadAddress` for what the address asks of this mode and it does not have."""
        return

    @abstractmethod
    def paths(self) -> Iterator[str]:
        """Every path the mode names, for the system check and for select_related."""

    @property
    def template(self) -> str:
        return f"ui/modes/{self.name}.html"


def joined(rows: QuerySet[Any], paths: Iterator[str] | list[str]) -> QuerySet[Any]:
    """The rows with the relations that the paths show."""
    resolved = [resolve(rows.model, path) for path in paths]
    joins = {join for path in resolved if (join := path.joins)}
    tags = [path.name for path in resolved if path.kind == "tags"]
    rows = rows.select_related(*sorted(joins)) if joins else rows
    return rows.prefetch_related(*tags) if tags else rows


def needed(model: type[Model], names: Iterable[str]) -> list[str]:
    """The columns to read for these paths, for `only`: of a related record those that its name is made of."""
    whole, parts = set[str](), set[str]()
    for path in (resolve(model, name) for name in names):
        if path.kind == "relation":
            shown_by = getattr(path.field.related_model, "shown_by", ())
            parts |= {f"{path.name}__{column}" for column in shown_by}
            whole |= set() if shown_by else {path.name}
        elif path.kind != "tags":
            parts.add(path.name)
    return sorted(whole | {part for part in parts if not any(part.startswith(f"{name}__") for name in whole)})


def measured(measures: tuple[Measure, ...]) -> Iterator[str]:
    return (measure.path for measure in measures if measure.path)
