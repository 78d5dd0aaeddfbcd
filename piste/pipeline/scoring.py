"""How likely an open deal is to be won: learnt from those that have ended, explained factor by factor.

Naive Bayes: each thing known of a deal – its stage, its source – multiplies the odds by how much more often it is
seen among won deals than among lost ones. Nothing here asks the database; `models/scorecounts.py` keeps the numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CERTAIN, NONE = Decimal(100), Decimal(0)
CENT = Decimal("0.01")
#: An open deal never reads as won or lost.
LEAST, MOST = CENT, CERTAIN - CENT

STAGE, TAGS = "stage", "tags"
#: A tag says something once it was on so many ended deals.
TAG_NEEDS = 50
#: Beyond these odds the percentage no longer moves; `exp` would overflow far later.
_FAR = 50.0
#: What comes after these digits is noise of binary fractions, here and in the database.
_SURE = Decimal("1e-9")

#: What is known of a deal: a variable and its value. A deal has one value of each, but any number of tags.
Trait = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """How many ended deals of a team had a trait; for a stage, how many were won or lost in it. Lines add up."""

    team: int
    variable: str
    value: str
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Won and lost deals; to either a tenth is added for every team that brought some, so that nothing is held
    impossible for never having been seen."""

    won: int = 0
    lost: int = 0
    tenths: int = 0

    @property
    def ended(self) -> int:
        return self.won + self.lost

    @property
    def won_weight(self) -> float:
        return (10 * self.won + self.tenths) / 10

    @property
    def lost_weight(self) -> float:
        return (10 * self.lost + self.tenths) / 10

    @property
    def odds(self) -> float:
        """The logarithm of won against lost."""
        return math.log(self.won_weight / self.lost_weight)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.won + other.won, self.lost + other.lost, self.tenths + other.tenths)


@dataclass(frozen=True, slots=True)
class Table:
    """What one team, or the whole company, has learnt."""

    base: Tally = field(default_factory=Tally)
    tallies: Mapping[Trait, Tally] = field(default_factory=dict)
    totals: Mapping[str, Tally] = field(default_factory=dict)

    def weight(self, trait: Trait) -> float | None:
        """What the trait adds to the logarithm of the odds; None where it was never seen."""
        tally = self.tallies.get(trait)
        if tally is None:
            return None
        whole = self.base if trait[0] == STAGE else self.totals[trait[0]]
        return math.log(tally.won_weight / whole.won_weight) - math.log(tally.lost_weight / whole.lost_weight)


@dataclass(frozen=True, slots=True)
class Learnt:
    """The tables of all teams that have ended deals, and that of the company, which is their sum."""

    teams: Mapping[int, Table]
    company: Table

    def table(self, team: int | None, *, needed: int) -> Table | None:
        """What a deal of the team is scored by: the team's own deals, if there are enough, else all; or nothing."""
        needed = max(needed, 1)
        own = self.teams.get(team) if team else None
        if own is not None and own.base.ended >= needed:
            return own
        return self.company if self.company.base.ended >= needed else None


@dataclass(frozen=True, slots=True)
class Factor:
    """One trait of a deal: the points of percent it adds to the base rate, and the deals behind it."""

    variable: str
    value: str
    points: float
    tally: Tally


@dataclass(frozen=True, slots=True)
class Score:
    """A probability and how it comes about: base rate and points of the factors add up to it."""

    probability: Decimal
    base_rate: float
    base: Tally
    factors: tuple[Factor, ...]

    def whole_points(self) -> list[int]:
        """The points as whole numbers that still lead from the rounded base rate to the rounded probability."""
        whole = [round(factor.points) for factor in self.factors]
        missing = max(1, min(99, round(self.probability))) - round(self.base_rate) - sum(whole)
        step = 1 if missing > 0 else -1
        # Those that were rounded furthest the other way give way first.
        places = sorted(
            range(len(whole)), key=lambda place: step * (whole[place] - self.factors[place].points)
        )
        for place in places[: abs(missing)]:
            whole[place] += step
        return whole


def tabulate(lines: Iterable[Seen], positions: Mapping[str, int]) -> Learnt:
    """The tables that lines of counts make; `positions` says where each stage stands.

    A won deal counts for every stage, a lost one for the stage it was lost in and those before: it has been there.
    """
    counts: defaultdict[int, defaultdict[Trait, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for line in lines:
        count = counts[line.team][line.variable, line.value]
        count[0] += line.won
        count[1] += line.lost
    teams: dict[int, dict[Trait, Tally]] = {}
    bases: dict[int, Tally] = {}
    for team, traits in counts.items():
        stages = {value: count for (variable, value), count in traits.items() if variable == STAGE}
        won, lost = (sum(count[end] for count in stages.values()) for end in (0, 1))
        if not won and not lost:
            continue
        bases[team] = Tally(won, lost, 1)
        teams[team] = _ladder(won, stages, positions) | {
            trait: Tally(count[0], count[1], 1)
            for trait, count in traits.items()
            if trait[0] != STAGE and any(count)
        }
    company: dict[Trait, Tally] = {}
    for tallies in teams.values():
        for trait, tally in tallies.items():
            company[trait] = company[trait] + tally if trait in company else tally
    return Learnt(
        {team: _table(bases[team], tallies) for team, tallies in teams.items()},
        _table(sum(bases.values(), Tally()), company),
    )


def _ladder(won: int, stages: Mapping[str, list[int]], positions: Mapping[str, int]) -> dict[Trait, Tally]:
    """How many deals have been in each stage."""
    tallies = {}
    for stage, position in positions.items():
        lost = sum(count[1] for value, count in stages.items() if positions[value] >= position)
        if won or lost:
            tallies[STAGE, stage] = Tally(won, lost, 1)
    return tallies


def _table(base: Tally, tallies: Mapping[Trait, Tally]) -> Table:
    kept = {trait: one for trait, one in tallies.items() if trait[0] != TAGS or one.ended >= TAG_NEEDS}
    totals: dict[str, Tally] = {}
    for (variable, _value), tally in kept.items():
        if variable != STAGE:
            totals[variable] = totals.get(variable, Tally()) + tally
    return Table(base, kept, totals)


def score(table: Table, traits: Iterable[Trait]) -> Score:
    """The probability of an open deal with these traits, in whatever order. Traits never seen say nothing.

    The points are integrated gradients along the straight way from the base rate: each factor has the share of the
    whole difference that it has of the odds, so that they add up and keep their signs.
    """
    weights = {trait: weight for trait in traits if (weight := table.weight(trait)) is not None}
    base, sum_of_weights = table.base.odds, math.fsum(weights.values())
    odds = math.fsum((table.base.odds, *weights.values()))
    base_rate, percent = _percent(base), _percent(odds)
    slope = (
        (percent - base_rate) / sum_of_weights
        if abs(sum_of_weights) > 1e-12
        else base_rate * (100 - base_rate) / 100
    )
    factors = [Factor(*trait, weight * slope, table.tallies[trait]) for trait, weight in weights.items()]
    factors.sort(key=lambda factor: (-factor.points, factor.variable, factor.value))
    return Score(rounded(percent), base_rate, table.base, tuple(factors))


def _percent(odds: float) -> float:
    return 100 / (1 + math.exp(-max(-_FAR, min(_FAR, odds))))


def rounded(percent: float) -> Decimal:
    """To the cent, and never quite lost or won."""
    exact = Decimal(percent).quantize(_SURE, ROUND_HALF_UP).quantize(CENT, ROUND_HALF_UP)
    return max(LEAST, min(MOST, exact))


def by_position(place: int, steps: int) -> Decimal:
    """Percent for the `place`-th (from 0) of `steps` open stages: even steps that never reach 0 or 100.

    What can be said while too few deals have ended to learn from.
    """
    return (CERTAIN * (place + 1) / (steps + 1)).quantize(CENT, ROUND_HALF_UP)
