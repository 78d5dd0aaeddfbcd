"""What the company decides: each setting a row of the settings page, saved by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts.models import User
from piste.accounts.roles import Role, permissions_of
from piste.core.history import operation
from piste.ui.acting import Actor, Invalid, Outcome
from piste.ui.forms import M, ScreenForm, restricted
from piste.ui.historyview import guard

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class OptionForm(ScreenForm[M]):
    """The settings of one row of the database. `answer` is what was chosen where a change had to be asked about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = ""
        for field in self.fields.values():
            field.show_hidden_initial = False

    def apply(self, *, by: User, at: datetime) -> M:
        # A row that nobody has written yet has its key already.
        return self.save()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings page."""

    key: str
    title: str | StrPromise
    icon: str


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be answered before a setting changes."""

    title: str
    text: str
    choices: tuple[Choice, ...]


def _no_question(_form: Any) -> Question | None:
    return None


@dataclass(frozen=True, slots=True)
class Option:
    """A setting: a field of a form on a row there is one of. `effect` says what it touches now, `words` find it too."""

    section: Section
    name: str
    form: type[OptionForm[Any]]
    permission: str
    effect: Callable[[], str] | None = None
    question: Callable[[Any], Question | None] = _no_question
    words: str | StrPromise = ""

    @property
    def key(self) -> str:
        return f"{self.section.key}-{self.name}".replace("_", "-")

    @property
    def model(self) -> type[models.Model]:
        found: type[models.Model] = self.form._meta.model
        return found

    def bound(self, values: Any = None) -> OptionForm[Any]:
        """The form of this one value, on the row as it is."""
        form: Any = restricted(self.form, self.name)
        made: OptionForm[Any] = form(values, instance=self.model.get())  # type: ignore[attr-defined]
        return made


_options: dict[str, Option] = {}


def add_option(option: Option) -> Option:
    """Show a setting on the settings page, after those that are there."""
    _options[option.key] = option
    guard(option.model, option.permission)
    return option


def options() -> Iterator[Option]:
    return iter(_options.values())


def option_named(key: str) -> Option | None:
    return _options.get(key)


def change(option: Option, values: Any, answer: str, actor: Actor) -> Outcome | Question:
    """Write the value; or, where something hangs on it, ask first. Raises `Invalid`."""
    with transaction.atomic():
        # Two who change two settings of one row at once must not undo each other.
        list(option.model._default_manager.select_for_update())
        form = option.bound(values)
        if not form.is_valid():
            raise Invalid(form)
        asked = option.question(form)
        if asked is not None:
            if answer not in {choice.key for choice in asked.choices}:
                return asked
            form.answer = answer
        label = str(form.fields[option.name].label)
        about = {"model": option.model._meta.label_lower, "pk": form.instance.pk, "label": label, "count": 1}
        with operation("settings.change", by=actor.user, via=actor.via, about=about) as op:
            record = form.apply(by=actor.user, at=actor.at)
    return Outcome(op, [record], _("“%(setting)s” saved.") % {"setting": label})


def who_may(permission: str) -> User | None:
    """Somebody to ask: of the role nearest to everybody's that has the permission."""
    roles = [role for role in Role if permission in permissions_of(role)]
    working = User.objects.working()
    people = (working.filter(role=role).order_by("name", "pk").first() for role in roles)
    return next((person for person in people if person is not None), None)


COMPANY = Section("company", gettext_lazy("Company"), "building-2")
