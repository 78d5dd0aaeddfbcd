"""Facts that one app announces and the apps above it may react to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events: named in the past tense, carrying ids, never instances."""


E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]

_now: defaultdict[type[Event], list[Handler]] = defaultdict(list)
_later: defaultdict[type[Event], list[Handler]] = defaultdict(list)


def on(event: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """React inside the announcing transaction; raising undoes the whole change."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _now[event].append(handler)
        return handler

    return register


def after(event: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """React once the change is committed: mail, notifications, jobs."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _later[event].append(handler)
        return handler

    return register


def publish(event: Event) -> None:
    """Tell the packages above: `on` handlers now, `after` handlers once it is committed."""
    for handler in _now[type(event)]:
        handler(event)
    for handler in _later[type(event)]:
        transaction.on_commit(_telling(handler, event), robust=True)


def _telling(handler: Handler, event: Event) -> Callable[[], None]:
    # A function and not a partial: Django names what has failed, and a partial has no name.
    def tell() -> None:
        handler(event)

    return tell
