"""What happens to customers, for the packages above."""

from __future__ import annotations

from dataclasses import dataclass

from piste.core.events import Event


@dataclass(frozen=True, slots=True)
class ContactsMerged(Event):
    """Customers have become one; the others are gone, and what was linked to them has moved."""

    survivor: int
    others: tuple[int, ...]
    by: int


@dataclass(frozen=True, slots=True)
class ContactTold(Event):
    """A customer has another e-mail, phone or mobile."""

    contact: int
    fields: tuple[str, ...]
