"""How likely an open deal is to be won, from where it stands."""

from __future__ import annotations

from decimal import Decimal

CERTAIN, NONE = Decimal(100), Decimal(0)


def by_position(place: int, steps: int) -> Decimal:
    """Percent for the `place`-th (from 0) of `steps` open stages: even steps that never reach 0 or 100.

    What a company without closed deals can say; learnt scores take its place.
    """
    return (CERTAIN * (place + 1) / (steps + 1)).quantize(Decimal("0.01"))
