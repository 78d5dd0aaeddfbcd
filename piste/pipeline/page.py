"""The head of an opportunity's page: its way through the stages, what it is worth, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from piste.core.timetravel import times_in
from piste.pipeline.models import Deal, Stage
from piste.ui import formats
from piste.ui.pages import Figure, Head, PathStep

if TYPE_CHECKING:
    from piste.accounts.models import User


def opportunity_head(deal: Deal, user: User, currency: str) -> Head:
    """Way, ribbon and figures of a deal."""
    ribbon = "archived" if deal.archived else "" if deal.status == Deal.Status.OPEN else deal.status
    figures = [
        Figure(
            _("Expected revenue"), formats.money(deal.expected_revenue, currency), _recurring(deal, currency)
        )
    ]
    kind = "" if deal.is_automatic else _("set by hand")
    prorated = _("prorated %(amount)s") % {"amount": formats.money(deal.prorated_revenue, currency)}
    figures.append(
        Figure(
            _("Probability"),
            formats.percent(deal.probability),
            " · ".join(part for part in (prorated, kind) if part),
            share=round(deal.probability),
            why_url=f"/opportunities/{deal.pk}/score/",
        )
    )
    locked = deal.status != Deal.Status.OPEN
    return Head(_path(deal, user), ribbon, tuple(figures), locked=locked)


def _recurring(deal: Deal, currency: str) -> str:
    if not deal.recurring_monthly:
        return ""
    return _("+ %(amount)s per month") % {"amount": formats.money(deal.recurring_monthly, currency)}


def _path(deal: Deal, user: User) -> list[PathStep]:
    stages = [s for s in Stage.objects.for_user(user).order_by("position", "pk") if s.serves(deal.team_id)]
    if deal.stage not in stages:
        stages.append(deal.stage)
    times = times_in(deal, "stage_id", until=deal.closed_at or timezone.now())
    may_move = user.has_perm("pipeline.change_opportunity") and deal.status != Deal.Status.LOST
    place = stages.index(deal.stage)
    steps = []
    for index, stage in enumerate(stages):
        spent = times.get(stage.pk)
        state = "now" if index == place else "done" if index < place else "todo"
        url = f"/opportunities/{deal.pk}/move/" if may_move and index != place else ""
        days = formats.days_short(spent.days) if spent is not None and spent.days else ""
        steps.append(PathStep(str(stage.pk), str(stage), days, state, url))
    return steps
