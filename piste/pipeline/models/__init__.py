"""Leads and opportunities, the stages they go through and the reasons they are lost for."""

from piste.pipeline.models.deal import Deal, DealTag, Lead, Opportunity
from piste.pipeline.models.lists import LostReason, RecurringPlan, Stage
from piste.pipeline.models.scorecounts import ScoreCount
from piste.pipeline.models.settings import LeadMakers, LeadUse, PipelineSettings, Variable

__all__ = [
    "Deal",
    "DealTag",
    "Lead",
    "LeadMakers",
    "LeadUse",
    "LostReason",
    "Opportunity",
    "PipelineSettings",
    "RecurringPlan",
    "ScoreCount",
    "Stage",
    "Variable",
]
