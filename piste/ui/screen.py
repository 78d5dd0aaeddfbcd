"""A screen declares, in one place, everything users can see and do with one model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Aggregate, Model, QuerySet
from django.utils.text import capfirst

from piste.core.access import ScopedQuerySet, permission
from piste.core.combining import Rules
from piste.core.transitions import applies
from piste.ui.modes.base import Look, Mode, joined
from piste.ui.pages import Figure, Page
from piste.ui.search import Search
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from piste.accounts.models import User
    from piste.ui.acting import Actor
    from piste.ui.similar import Similarity

T = TypeVar("T", bound=Mode)


@dataclass(frozen=True, slots=True)
class Action:
    """A button that calls a method of the record (`method`, else the one of its name), with a form's data.

    `done` is the sentence after success; `%(record)s` stands in it for the record. On several records it asks with
    `many_form`, if given, and does it `together` instead of to each; what it cannot do to one it then leaves out
    and reports. A method whose record `becomes` another returns that. `fills` are fields of the record that may
    come with it, where a rule asks for them first. What is `final` no Undo is offered for: a mail has left.
    """

    name: str
    label: str | StrPromise
    done: str | StrPromise
    form: type[forms.Form] | None = None
    many_form: type[forms.Form] | None = None
    together: Callable[[list[Any], Actor, dict[str, Any]], Report] | None = None
    becomes: type[Model] | None = None
    method: str = ""
    verb: str = "change"
    bulk: bool = False
    icon: str = ""
    key: str = ""
    tone: str = ""
    fills: tuple[str, ...] = ()
    final: bool = False
    offered: Callable[[Any], bool] | None = None
    after: Callable[[Any, User, datetime], dict[str, Any]] | None = None

    def perform(self, record: Model, user: User, at: datetime, cleaned: dict[str, Any]) -> Any:
        return getattr(record, self.method or self.name)(by=user, at=at, **cleaned)

    def form_for(self, *, many: bool) -> type[forms.Form]:
        return (self.many_form if many else None) or self.form or forms.Form

    def offered_for(self, record: Model) -> bool:
        """Whether the record is in a state where the button does something."""
        return applies(record, self.method or self.name) and (self.offered is None or self.offered(record))


@dataclass(frozen=True, slots=True)
class Report:
    """What came of doing something to many at once: a sentence, and row by row what happened and why."""

    text: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    record: Any
    url: str
    done: str
    note: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the rows, with where to change what it says."""

    text: str
    label: str = ""
    url: str = ""


def _no_notice(_user: User) -> Notice | None:
    return None


@dataclass(frozen=True, slots=True)
class Switch:
    """A screen that a setting of the company turns on. `allows` narrows what the role may do to its rows, `offered`
    says whether menus and searches name it."""

    allows: Callable[[User, str], bool]
    offered: Callable[[User], bool]
    notice: Callable[[User], Notice | None] = _no_notice


@dataclass(frozen=True, slots=True)
class Tab:
    """A look at the rows that people come back to: its name, and the filters it stands for."""

    label: str | StrPromise
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quick:
    """Making a record from one typed line. `read` turns the line into the form's fields."""

    read: Callable[[str, User], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures above the rows. On a board its own query adds them up: `of_parts` makes some of count and
    totals of each segment, `beside` names the others; elsewhere `sums` asks for all. `figures` prints them."""

    sums: Callable[[Look], dict[str, Aggregate]]
    beside: Callable[[Look], dict[str, Aggregate]]
    of_parts: Callable[[dict[str, list[Any]]], dict[str, Any]]
    figures: Callable[[Look, dict[str, Any]], list[Figure]]


@dataclass(frozen=True, slots=True)
class Screen:
    """`slug` names it in addresses and in the API. `elsewhere` gives the address of a record that is no longer one
    of these, for who may see it; empty where there is none."""

    model: type[Model]
    slug: str
    modes: tuple[Mode, ...]
    form: type[forms.ModelForm[Any]]
    #: The form by which administrators bring records that lived elsewhere before, through the API.
    brought: type[forms.ModelForm[Any]] | None = field(default=None, kw_only=True)
    page: Page = field(default_factory=Page)
    search: Search = field(default_factory=Search)
    actions: tuple[Action, ...] = ()
    quick: Quick | None = None
    similar: Similarity | None = None
    summary: Summary | None = None
    title: StrPromise | str = ""
    icon: str = "list"
    keys: str = ""
    create_keys: str = ""
    deletable: bool = True
    merge: Rules | None = None
    option: Switch | None = None
    tabs: tuple[Tab, ...] = ()
    elsewhere: Callable[[int, User], str] | None = None

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def url(self) -> str:
        return f"/{self.slug}/"

    def address(self, query: str = "") -> str:
        """The address of the rows with a query string; never the bare one, which opens what one last looked at."""
        return f"{self.url}?{query or f'view={self.modes[0].name}'}"

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name))

    @property
    def label_plural(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def cells(self) -> tuple[str, ...]:
        """The fields edited one at a time: those of the form that are columns of the model."""
        columns = {field.name for field in (*self.model._meta.fields, *self.model._meta.many_to_many)}
        return tuple(name for name in self.form.base_fields if name in columns)

    def may(self, user: User, verb: str) -> bool:
        allowed = user.has_perm(permission(self.model, verb))
        return allowed and (self.option is None or self.option.allows(user, verb))

    def is_offered(self, user: User) -> bool:
        """Whether menus and searches name the screen to this person."""
        return self.may(user, "view") and (self.option is None or self.option.offered(user))

    def rows(self, user: User, verb: str = "view") -> QuerySet[Any]:
        """The rows this user may reach; the only gate. Raises `PermissionDenied` without the verb."""
        if not self.may(user, verb):
            raise PermissionDenied
        rows = self.model._default_manager.all()
        assert isinstance(rows, ScopedQuerySet)
        return rows.for_user(user, verb)

    def shown(self, user: User) -> QuerySet[Any]:
        """The rows with all that their page shows."""
        return joined(self.rows(user), list(self.page.paths()))

    def look(self, user: User, state: ViewState, currency: str) -> Look:
        """The rows the address asks for. Raises `BadAddress` and `PermissionDenied`."""
        look = Look(self, user, state, self.search.apply(self.rows(user), state, user), currency)
        self.mode(state)
        self.search.groups(state)
        for mode in self.modes:
            mode.check(look)
        return look

    def mode(self, state: ViewState) -> Mode:
        """The mode of the address, else the first. Raises `BadAddress` for an unknown one."""
        if not state.mode:
            return self.modes[0]
        for mode in self.modes:
            if mode.name == state.mode:
                return mode
        raise BadAddress(state.mode)

    def mode_of(self, kind: type[T]) -> T | None:
        return next((mode for mode in self.modes if isinstance(mode, kind)), None)

    def action(self, name: str) -> Action | None:
        return next((action for action in self.actions if action.name == name), None)

    def fills(self, method: str) -> tuple[str, ...]:
        """The fields that may be filled in with a method, as the action of that method says."""
        return next((each.fills for each in self.actions if method in (each.method, each.name)), ())

    def paths(self) -> Iterator[str]:
        """Every path the screen names, for the check at start."""
        for mode in self.modes:
            yield from mode.paths()
        yield from (*self.search.text, *self.search.periods, *self.search.builder, *self.search.linked)
        yield from self.page.paths()
        yield from (group.path for group in self.search.group_by)


_screens: dict[type[Model], Screen] = {}


def register(screen: Screen) -> Screen:
    if screen.model in _screens:
        raise ValueError(f"{screen.model._meta.label} already has a screen")
    _screens[screen.model] = screen
    return screen


def screens() -> Iterator[Screen]:
    return iter(_screens.values())


def screen_for(model: type[Model]) -> Screen | None:
    return _screens.get(model)


def screen_named(slug: str) -> Screen | None:
    return next((screen for screen in _screens.values() if screen.slug == slug), None)
