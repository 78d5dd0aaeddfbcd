"""What a deal works out for itself whenever it is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from piste.accounts.models import Company, Membership, Team
from piste.core.transitions import Refused
from piste.pipeline import scoring
from piste.pipeline.models.lists import Stage
from piste.pipeline.models.rating import COLUMNS, Rating
from piste.pipeline.models.scorecounts import ScoreCount
from piste.pipeline.models.settings import PipelineSettings
from piste.pipeline.scoring import Learnt, Seen, tabulate

if TYPE_CHECKING:
    from piste.pipeline.models.deal import Deal

CENT = Decimal("0.01")


class Known:
    """Stages, teams, the company and what it has learnt, read once and kept while many deals are derived."""

    @cached_property
    def country(self) -> str:
        return Company.get().country

    @cached_property
    def settings(self) -> PipelineSettings:
        return PipelineSettings.get()

    @cached_property
    def seen(self) -> list[Seen]:
        return ScoreCount.objects.lines(self.settings.scoring_variables)

    @cached_property
    def learnt(self) -> Learnt:
        return self.learnt_with(())

    def learnt_with(self, more: Iterable[Seen]) -> Learnt:
        """What would be learnt if this had been seen too."""
        return tabulate((*self.seen, *more), {str(stage.pk): stage.position for stage in self.stages})

    @cached_property
    def stages(self) -> list[Stage]:
        return list(Stage.objects.order_by("position", "pk"))

    @cached_property
    def teams(self) -> list[Team]:
        return list(Team.objects.filter(archived=False).order_by("position", "-pk"))

    @cached_property
    def people(self) -> dict[int, set[int]]:
        """The people of each team, its leader among them."""
        found: dict[int, set[int]] = {team.pk: {team.leader_id} - {None} for team in self.teams}  # type: ignore[misc]
        for team, user in Membership.objects.filter(team__in=found).values_list("team_id", "user_id"):
            found[team].add(user)
        return found

    def stages_of(self, team: int | None) -> list[Stage]:
        return [stage for stage in self.stages if stage.serves(team)]

    def stage(self, pk: int | None) -> Stage | None:
        return next((stage for stage in self.stages if stage.pk == pk), None)

    def first_stage(self, team: int | None) -> Stage:
        """Where a new deal starts: the first stage of the team that is neither folded nor won."""
        stages = [s for s in self.stages_of(team) if not s.is_won]
        unfolded = [s for s in stages if not s.folded]
        if not stages:
            raise Refused(_("There is no stage to start in. Ask a manager to add one."))
        return (unfolded or stages)[0]

    def stage_near(self, stage: Stage, team: int | None) -> Stage:
        """The stage itself if it serves the team; else the team's nearest one before it, open or won alike."""
        alike = [s for s in self.stages_of(team) if s.is_won == stage.is_won]
        if stage.serves(team) or (stage.is_won and not alike):
            return stage
        before = [s for s in alike if s.position <= stage.position]
        return (before[-1:] or alike[:1] or [self.first_stage(team)])[0]

    def end_stage(self, stage: Stage, team: int | None, *, won: bool) -> Stage:
        """Where a deal that stood in a stage ends: the next won stage, or for a lost one the last open stage."""
        stages = [one for one in self.stages_of(team) if one.is_won == won]
        if not stages:
            raise Refused(_("There is no stage for this deal. Ask a manager to add one."))
        after = [one for one in stages if one.position > stage.position]
        return after[0] if won and after else stages[-1]

    def team_of(self, owner: int | None, present: int | None, kind: str = "opportunity") -> int | None:
        """The team a salesperson sells in: the present one if they belong to it, else their first that
        works with such deals, else their first."""
        if owner is None or (present is not None and owner in self.people.get(present, ())):
            return present
        mine = [team for team in self.teams if owner in self.people[team.pk]]
        fit = [team for team in mine if (team.uses_leads if kind == "lead" else team.uses_pipeline)]
        return next((team.pk for team in (*fit, *mine)), present)

    def likelihood(self, stage: Stage, team: int | None) -> Decimal:
        """What the place of a stage says while too few deals have ended."""
        steps = [s.pk for s in self.stages if s.pk == stage.pk or (s.serves(team) and not s.is_won)]
        return scoring.by_position(steps.index(stage.pk), len(steps))


#: A change of one of these makes a deal more or less likely.
RATED_BY = ("team_id", "status", "probability", *COLUMNS.values())


class Deriving(Rating):
    """The columns of a deal that follow from others."""

    @staticmethod
    def monthly(months: int) -> object:
        """The SQL expression of recurring revenue a month, for a plan of so many months."""
        from django.db.models import F, Value
        from django.db.models.functions import Round

        return Round(F("recurring_revenue") / Value(Decimal(max(months, 1))), precision=2)

    def derive(self, *, at: datetime, known: Known | None = None) -> None:
        """Bring every dependent column up to date before a write; `at` dates what is new."""
        deal = cast("Deal", self)
        known = known or Known()
        new = deal.pk is None
        if new or deal.changed("owner_id"):
            self._assign(known, at=deal.assigned_at or at if new else at)
        if new or deal.changed("stage_id", "team_id", "status"):
            self._place(known, at=deal.stage_changed_at or at if new else at)
        if new or deal.changed("email", "phone", "mobile", "website", "country"):
            deal.normalise(deal.country or known.country)
        if new or deal.changed("recurring_revenue", "recurring_plan_id"):
            months = deal.recurring_plan.months if deal.recurring_plan else 1
            # As the database rounds, so that a change of the plan gives the same.
            deal.recurring_monthly = (deal.recurring_revenue / max(months, 1)).quantize(CENT, ROUND_HALF_UP)
        if new or deal.changed(*RATED_BY):
            self._rate(known, new=new)

    def _assign(self, known: Known, *, at: datetime) -> None:
        deal = cast("Deal", self)
        if not deal.keeps_team:
            deal.team_id = known.team_of(deal.owner_id, deal.team_id, deal.kind)
        deal.assigned_at = at if deal.owner_id else None

    def _place(self, known: Known, *, at: datetime) -> None:
        """Find the stage of a deal that has none or has come to a team without it. Raises `Refused`."""
        deal = cast("Deal", self)
        stage = known.stage(deal.stage_id)
        found = known.stage_near(stage, deal.team_id) if stage else known.first_stage(deal.team_id)
        if found.pk != deal.stage_id:
            deal.stage = found
        if deal.status != "lost" and found.is_won != (deal.status == "won"):
            raise Refused(
                _("An open deal cannot be in “%(stage)s”, where deals are won.") % {"stage": found}
                if found.is_won
                else _("A won deal cannot be in “%(stage)s”.") % {"stage": found}
            )
        if deal.changed("stage_id"):
            deal.stage_changed_at = at
