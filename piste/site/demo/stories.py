"""How a deal of the sample company is told: what it is, and what happened how many days ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a deal so many days ago."""

    days: int
    act: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A deal: its salesperson by initials, its customer by name, and its steps, the oldest first.

    `closing` is when it is expected to close, in days from now; within three days means within this week.
    """

    owner: str
    name: str
    customer: str
    worth: int
    tags: str
    source: str
    steps: tuple[Step, ...]
    closing: int | None = None
    priority: int = 0
    recurring: tuple[int, str] | None = None
    team: str = "Bretagne"
    notes: str = ""


def begun(days: int, **fields: Any) -> Step:
    """It was created, perhaps with other values than it has now."""
    return Step(days, "begun", fields)


def qualified(days: int) -> Step:
    return Step(days, "move", {"to": "Qualified"})


def proposed(days: int) -> Step:
    return Step(days, "move", {"to": "Proposition"})


def revised(days: int) -> Step:
    """It got the values it has now."""
    return Step(days, "edit")


def won(days: int) -> Step:
    return Step(days, "win")


def lost(days: int, reason: str, note: str = "", *, competitor: str = "", revive: int | None = None) -> Step:
    """It was lost; `revive` is in how many days from now to try again."""
    return Step(days, "lose", {"reason": reason, "note": note, "competitor": competitor, "revive": revive})


def reopened(days: int) -> Step:
    return Step(days, "reopen")
