"""What happens to deals, for the packages above."""

from __future__ import annotations

from dataclasses import dataclass

from piste.core.events import Event


@dataclass(frozen=True, slots=True)
class DealMoved(Event):
    deal: int
    stage: int
    by: int


@dataclass(frozen=True, slots=True)
class DealWon(Event):
    deal: int
    by: int


@dataclass(frozen=True, slots=True)
class DealLost(Event):
    deal: int
    reason: int | None
    by: int


@dataclass(frozen=True, slots=True)
class DealReopened(Event):
    deal: int
    by: int


@dataclass(frozen=True, slots=True)
class DealsMerged(Event):
    """Leads and opportunities have become one; the others are gone, and what was linked to them has moved."""

    survivor: int
    others: tuple[int, ...]
    by: int


@dataclass(frozen=True, slots=True)
class LeadConverted(Event):
    deal: int
    by: int


@dataclass(frozen=True, slots=True)
class ScoringChanged(Event):
    """Scores are learnt from other variables or deals than before."""

    by: int
