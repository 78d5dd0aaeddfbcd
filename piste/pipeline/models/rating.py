"""How likely a deal is, by what has been learnt and by its place in the pipeline."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from piste.core.transitions import transition
from piste.pipeline import scoring
from piste.pipeline.models.settings import PipelineSettings, Variable
from piste.pipeline.scoring import STAGE, Learnt, Score, Seen, Trait

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.pipeline.models.deal import Deal
    from piste.pipeline.models.deriving import Known

#: The columns of a deal that hold the values of variables, tags apart.
COLUMNS: Mapping[str, str] = {STAGE: "stage_id", Variable.SOURCE: "source_id"} | {
    name: name
    for name in (Variable.STATE, Variable.COUNTRY, Variable.PHONE, Variable.EMAIL, Variable.LANGUAGE)
}


class Rating:
    """The probability of a deal: certain at its end, typed by hand, or automatic."""

    def traits(self, variables: Collection[str]) -> list[Trait]:
        """What scores look at: the stage, and of these variables those that have a value."""
        return list(self._traits(variables, was=False))

    def score(self, known: Known) -> Score | None:
        """The learnt score as of now; None while too few deals have ended."""
        deal = cast("Deal", self)
        settings = known.settings
        table = self._learnt(known).table(deal.team_id, needed=settings.scoring_minimum)
        return scoring.score(table, self.traits(settings.scoring_variables)) if table else None

    @transition({"open"}, None)  # type: ignore[type-var]
    def rate_automatically(self, *, by: User, at: datetime) -> None:
        """Take a typed probability back."""
        deal = cast("Deal", self)
        deal.probability = deal.automated_probability

    def _rate(self, known: Known, *, new: bool) -> None:
        deal = cast("Deal", self)
        if deal.status == "won":
            deal.probability = deal.automated_probability = scoring.CERTAIN
        elif deal.status == "lost":
            deal.probability = deal.automated_probability = scoring.NONE
        else:
            follows = self._follows(new=new)
            deal.automated_probability = self._likelihood(known)
            if follows:
                deal.probability = deal.automated_probability

    def _follows(self, *, new: bool) -> bool:
        """Whether the probability goes with the automatic one: not where somebody typed another."""
        deal = cast("Deal", self)
        if new:
            return not deal.probability
        if deal.was("status") not in (None, "open"):
            return True
        return bool(deal.probability == deal.was("automated_probability"))

    def _likelihood(self, known: Known) -> Decimal:
        deal = cast("Deal", self)
        score = self.score(known)
        if score is not None:
            return score.probability
        stage = known.stage(deal.stage_id)
        assert stage is not None
        return known.likelihood(stage, deal.team_id)

    def _learnt(self, known: Known) -> Learnt:
        """What others have taught: the end of a deal that is being reopened is still counted, and taken out."""
        own = list(self._own_end(known.settings))
        return known.learnt_with(own) if own else known.learnt

    def _own_end(self, settings: PipelineSettings) -> Iterator[Seen]:
        deal = cast("Deal", self)
        status, created_at = deal.was("status"), deal.was("created_at") or deal.created_at
        begun = datetime.combine(settings.scoring_start, time(), UTC)
        if status in (None, "open") or deal.status != "open" or created_at < begun:
            return
        won, lost = -(status == "won"), -(status == "lost")
        for variable, value in self._traits(settings.scoring_variables, was=True):
            yield Seen(deal.was("team_id") or 0, variable, value, won, lost)

    def _traits(self, variables: Collection[str], *, was: bool) -> Iterator[Trait]:
        deal = cast("Deal", self)
        for variable, column in COLUMNS.items():
            value: Any = deal.was(column) if was else getattr(deal, column)
            if (variable == STAGE or variable in variables) and value not in (None, ""):
                yield str(variable), str(value)
        if Variable.TAGS in variables and deal.pk is not None:
            links = type(deal).tags.through._base_manager.filter(deal=deal.pk)
            for tag in links.values_list("tag", flat=True):
                yield str(Variable.TAGS), str(tag)
