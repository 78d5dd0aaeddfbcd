"""Deals that lived elsewhere before: administrators bring them with the moments and the end that they had."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts.models import User
from piste.pipeline.forms import OpportunityForm
from piste.pipeline.leadforms import LeadForm
from piste.pipeline.models import Deal, Opportunity, Stage
from piste.pipeline.models.deriving import Known
from piste.ui.forms import ScreenForm

if TYPE_CHECKING:
    _Form = OpportunityForm
else:
    # A form of its own, so that its fields are found; the methods are those of the form it is mixed into.
    _Form = forms.Form


class Brought(_Form):
    """With status, creation and closing, which Piste otherwise keeps itself.

    What has ended is written as ended, in one step: it was never open here, so that no score of today stands beside
    its end.
    """

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False, choices=Deal.Status)
    created_at = forms.DateTimeField(label=gettext_lazy("Created"), required=False)
    closed_at = forms.DateTimeField(label=gettext_lazy("Closed"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        status = cleaned.get("status") or Deal.Status.OPEN
        created, closed = cleaned.get("created_at"), cleaned.get("closed_at")
        now = timezone.now()
        for name, moment in (("created_at", created), ("closed_at", closed)):
            if moment is not None and moment > now:
                self.add_error(name, _("This lies in the future."))
        if closed is not None and status == Deal.Status.OPEN:
            self.add_error("closed_at", _("An open deal has not been closed."))
        if closed is not None and closed < (created or now):
            self.add_error("closed_at", _("A deal is closed after it was created. Give both moments."))
        stage = cleaned.get("stage")
        if stage is not None and stage.is_won and cleaned.get("status") not in ("", Deal.Status.WON):
            self.add_error("status", _("Deals in “%(stage)s” are won.") % {"stage": stage})
        return cleaned

    def apply(self, *, by: User, at: datetime) -> Opportunity:
        deal = self.instance
        deal.created_at = self.cleaned_data.get("created_at") or at
        status = self.cleaned_data.get("status") or Deal.Status.OPEN
        if status == Deal.Status.OPEN:
            return super().apply(by=by, at=at)
        if "owner" not in self.data:
            deal.owner = by
        deal.status = status
        deal.closed_at = deal.stage_changed_at = self.cleaned_data.get("closed_at") or at
        deal.stage = self._last_stage(deal)
        return cast("Opportunity", ScreenForm.apply(cast("Any", self), by=by, at=at))

    @staticmethod
    def _last_stage(deal: Deal) -> Stage:
        """Where it ended: in the stage given, if deals can end like this there."""
        known = Known()
        team = known.team_of(deal.owner_id, deal.team_id, deal.kind)
        stage = known.stage(deal.stage_id) or known.first_stage(team)
        if stage.is_won == (deal.status == Deal.Status.WON):
            return stage
        return known.end_stage(stage, team, won=deal.status == Deal.Status.WON)


class BroughtOpportunityForm(Brought, OpportunityForm):
    """An opportunity from elsewhere."""


class BroughtLeadForm(Brought, LeadForm):
    """A lead from elsewhere."""
