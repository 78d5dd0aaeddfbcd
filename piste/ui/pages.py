"""A record's page: head, facts, tabs; and blocks that packages above add to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
    from markupsafe import Markup

    from piste.accounts.models import User


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters, with the address of the records behind it, or of the dialog that says why."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    share: int | None = None
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A stage of a record's way: done, now or to do; `url` moves the record there."""

    key: str
    label: str
    days: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value of a record, edited in place where allowed."""

    name: str
    label: str
    text: str
    html: Markup | str
    editable: bool
    kind: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: str
    facts: list[Fact]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the facts: way, ribbon and figures. The page tells `seen_url` that it has been shown."""

    path: list[PathStep]
    ribbon: str = ""
    figures: tuple[Figure, ...] = ()
    locked: bool = False
    seen_url: str = ""


def _no_head(_record: Any, _user: User, _currency: str) -> Head:
    return Head([])


@dataclass(frozen=True, slots=True)
class Page:
    """The page as blocks: groups of paths, a head made by the screen, links of paths to their records."""

    groups: tuple[tuple[str | StrPromise, tuple[str, ...]], ...] = ()
    head: Callable[[Any, User, str], Head] = _no_head
    shown: Callable[[Any, str], Markup | str] | None = None

    def paths(self) -> Iterator[str]:
        for _title, names in self.groups:
            yield from names


@dataclass(frozen=True, slots=True)
class Panel:
    """A tab of a record's page. `content` gets the record and the user, and returns what the template shows."""

    key: str
    label: str | StrPromise
    template: str
    content: Callable[[Any, User], Any]
    perm: str | None = None
    count: Callable[[Any, User], int] | None = None


#: Makes figures about a record for a reader, in a currency.
Counting = Callable[[Any, "User", str], list[Figure]]

_figures: defaultdict[type[Model], list[Counting]] = defaultdict(list)


def add_figures(model: type[Model], counting: Counting) -> None:
    """Show figures above the facts of this model's page; what they count passes the gate itself."""
    _figures[model].append(counting)


def figures_for(record: Model, user: User, currency: str) -> list[Figure]:
    """The figures that packages above add to the record's page."""
    every = [counting for cls in type(record).__mro__ for counting in _figures.get(cls, ())]
    return [figure for counting in every for figure in counting(record, user, currency)]


_panels: defaultdict[type[Model], list[Panel]] = defaultdict(list)


def add_panel(model: type[Model], panel: Panel) -> None:
    """Show a tab on the page of this model and of every model derived from it."""
    _panels[model].append(panel)


def panels_for(record: Model, user: User) -> list[Panel]:
    """The tabs this user may see, the most general ones last."""
    return [
        panel
        for cls in type(record).__mro__
        for panel in _panels.get(cls, ())
        if panel.perm is None or user.has_perm(panel.perm)
    ]
