"""A score in words: where it starts, what speaks for and against it, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.accounts.models import Language
from piste.contacts.countries import countries
from piste.contacts.models import Source, Tag
from piste.contacts.normalise import Quality
from piste.pipeline.models import Deal, Variable
from piste.pipeline.models.deriving import Known
from piste.pipeline.scoring import STAGE, Score, Tally
from piste.ui import formats

#: So many ways to another score are told, the best first.
_WAYS = 5
#: A bar is full at so many points.
_FULL = 50


@dataclass(frozen=True, slots=True)
class Bar:
    """What one thing known of the deal adds or takes, in points of percent."""

    variable: str
    value: str
    label: str
    points: int
    behind: str

    @property
    def width(self) -> int:
        """Of half the bar, in percent."""
        return min(abs(self.points), _FULL) * 100 // _FULL

    @property
    def start(self) -> int:
        """Where it begins: in the middle, or so far left of it as it is long."""
        return 100 if self.points > 0 else 100 - self.width

    @property
    def side(self) -> str:
        return "for" if self.points > 0 else "against"

    @property
    def text(self) -> str:
        return f"+{self.points}" if self.points > 0 else f"−{-self.points}" if self.points else "0"


@dataclass(frozen=True, slots=True)
class Way:
    """What the score would be if one thing were different."""

    variable: str
    value: str
    label: str
    probability: Decimal
    points: int

    @property
    def tone(self) -> str:
        return "planned" if self.points > 0 else "late"

    @property
    def shown(self) -> int:
        return whole(self.probability)

    @property
    def text(self) -> str:
        return f"+{self.points}" if self.points > 0 else f"−{-self.points}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that can be said of a deal's score as of now; without a score, how much is missing for one."""

    score: Score | None
    base: str
    whose: str
    ended: int
    needed: int
    bars: tuple[Bar, ...]
    ways: tuple[Way, ...]

    @property
    def missing(self) -> str:
        """The sentence in place of a score."""
        text = ngettext("%(ended)s deal has ended", "%(ended)s deals have ended", self.ended) % {
            "ended": self.ended
        }
        return _("Not enough data: %(ended)s, %(needed)s are needed. Until then the stage alone says it.") % {
            "ended": text,
            "needed": self.needed,
        }


def explain(deal: Deal, known: Known | None = None) -> Explanation:
    """Why the deal has the score it would get today."""
    known = known or Known()
    needed = known.settings.scoring_minimum
    found = deal.score(known)
    table = known.learnt.table(deal.team_id, needed=needed)
    own = deal.team_id and table is known.learnt.teams.get(deal.team_id)
    whose = str(deal.team) if own else _("All teams")
    if found is None:
        return Explanation(None, "", whose, known.learnt.company.base.ended, needed, (), ())
    names = Names(known)
    bars = tuple(
        Bar(
            factor.variable,
            factor.value,
            names.of(factor.variable, factor.value),
            points,
            behind(factor.tally),
        )
        for factor, points in zip(found.factors, found.whole_points(), strict=True)
    )
    return Explanation(
        found, base_of(found), whose, found.base.ended, needed, bars, tuple(_ways(deal, known, found, names))
    )


def base_of(score: Score) -> str:
    """The share of deals that are won, all else unknown."""
    return _("Base: %(won)s won out of %(ended)s, %(share)s") % {
        "won": formats.number(score.base.won),
        "ended": formats.number(score.base.ended),
        "share": formats.percent(Decimal(score.base_rate)),
    }


def behind(tally: Tally) -> str:
    """How many deals were won and lost with it."""
    won = ngettext("%(count)s won", "%(count)s won", tally.won) % {"count": formats.number(tally.won)}
    lost = ngettext("%(count)s lost", "%(count)s lost", tally.lost) % {"count": formats.number(tally.lost)}
    return f"{won}, {lost}"


def whole(probability: Decimal) -> int:
    """In whole percent: an open deal reads neither as won nor as lost."""
    return max(1, min(99, round(probability)))


def what_if(deal: Deal, given: Mapping[str, Any]) -> Deal:
    """The deal as it would be with other values; nothing is saved."""
    other = copy(deal)
    for name, value in given.items():
        setattr(other, name, value)
    return other


def _ways(deal: Deal, known: Known, score: Score, names: Names) -> Iterable[Way]:
    """Single changes that somebody can bring about: the next steps, a right e-mail, a right phone."""
    chosen = known.settings.scoring_variables
    stages = [s for s in known.stages_of(deal.team_id) if not s.is_won and s.pk != deal.stage_id]
    changes: list[tuple[str, str, Any]] = [(STAGE, "stage_id", stage.pk) for stage in stages]
    for name in (Variable.EMAIL.value, Variable.PHONE.value):
        if name in chosen and getattr(deal, name) != Quality.CORRECT:
            changes.append((name, name, Quality.CORRECT.value))
    found = []
    for variable, column, value in changes:
        other = what_if(deal, {column: value}).score(known)
        points = whole(other.probability) - whole(score.probability) if other else 0
        if other is not None and points:
            label = names.of(variable, str(value))
            found.append(Way(variable, str(value), label, other.probability, points))
    return sorted(found, key=lambda way: -way.points)[:_WAYS]


class Names:
    """What variables and their values are called, in the reader's language."""

    def __init__(self, known: Known) -> None:
        self.stages = {str(stage.pk): str(stage) for stage in known.stages}

    def of(self, variable: str, value: str) -> str:
        if variable in (Variable.EMAIL, Variable.PHONE):
            return str(_qualities(variable)[value])
        label = _("Stage") if variable == STAGE else str(Variable(variable).label)
        return _("%(label)s: %(value)s") % {"label": label, "value": self._value(variable, value)}

    def _value(self, variable: str, value: str) -> str:
        match variable:
            case "stage":
                return self.stages.get(value, value)
            case Variable.SOURCE:
                return str(Source.objects.filter(pk=value).first() or value)
            case Variable.TAGS:
                return str(Tag.objects.filter(pk=value).first() or value)
            case Variable.COUNTRY:
                return str(dict(countries()).get(value, value))
            case Variable.LANGUAGE:
                return str(dict(Language.choices).get(value, value))
        return value


def _qualities(variable: str) -> dict[str, str]:
    """What is known of an address, as a sentence."""
    if variable == Variable.EMAIL:
        return {
            Quality.CORRECT: _("E-mail is correct"),
            Quality.INCORRECT: _("E-mail is not correct"),
            Quality.EMPTY: _("No e-mail"),
        }
    return {
        Quality.CORRECT: _("Phone is correct"),
        Quality.INCORRECT: _("Phone is not correct"),
        Quality.EMPTY: _("No phone"),
    }
