"""Salespeople (own) reach their own deals and unassigned ones; the others reach all."""

from django.db.models import Q

from piste.core.access import grant
from piste.pipeline.models import Lead, LostReason, Opportunity, RecurringPlan, Stage

for kind in (Lead, Opportunity):
    grant(kind, "pipeline.own_deals", lambda user: Q(owner=user) | Q(owner=None))
    grant(kind, "pipeline.all_deals", lambda user: Q())
for listed in (Stage, LostReason, RecurringPlan):
    grant(listed, "pipeline.reach", lambda user: Q())
