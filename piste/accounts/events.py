"""What happens to the company and its people, for the packages above."""

from __future__ import annotations

from dataclasses import dataclass

from piste.core.events import Event


@dataclass(frozen=True, slots=True)
class CompanyFounded(Event):
    """The first start is done: whoever owns a list fills it with what a company begins with."""

    team: int
    by: int | None


@dataclass(frozen=True, slots=True)
class PersonDeactivated(Event):
    """Somebody may no longer come in, by no way."""

    person: int
    by: int
