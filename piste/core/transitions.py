"""Methods that move a record from one state to another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

M = TypeVar("M", bound=models.Model)
P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """A business rule said no. The message is a sentence for the user."""


class Incomplete(Refused):
    """A rule asks for values that are empty; `fields` names those of the record."""

    def __init__(self, sentence: str, fields: Sequence[str]) -> None:
        super().__init__(sentence)
        self.fields = tuple(fields)


def lock(record: models.Model) -> None:
    """Read the row afresh and keep it from others until the transaction ends."""
    rows = type(record)._base_manager.select_for_update()
    record.refresh_from_db(from_queryset=rows)


ALREADY = gettext_lazy("“%(record)s” is already %(state)s.")


def transition(
    source: Collection[str],
    target: str | None,
    field: str = "status",
    *,
    otherwise: str | StrPromise = ALREADY,
) -> Callable[[Callable[Concatenate[M, P], R]], Callable[Concatenate[M, P], R]]:
    """Lock the row, check where it stands, run the method, then move and save it.

    The states are kept on the method, so that a screen offers it only where it applies.
    Without a `target` the method sets the state itself. Raises `Refused` in any other state, with the sentence
    `otherwise`.
    """

    def decorate(method: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
        @wraps(method)
        def moved(self: M, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic():
                lock(self)
                if getattr(self, field) not in source:
                    state = getattr(self, f"get_{field}_display")()
                    raise Refused(str(otherwise) % {"record": self, "state": state})
                result = method(self, *args, **kwargs)
                if target is not None:
                    setattr(self, field, target)
                self.save()
                return result

        moved.transition = (field, frozenset(source))  # type: ignore[attr-defined]
        return moved

    return decorate


def applies(record: models.Model, method_name: str) -> bool:
    """Whether a transition method may run on the record as it stands."""
    states: Any = getattr(getattr(type(record), method_name), "transition", None)
    return states is None or getattr(record, states[0]) in states[1]
