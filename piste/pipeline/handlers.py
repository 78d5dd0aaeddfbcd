"""What the pipeline does when something happens below it."""

from __future__ import annotations

from piste.accounts.events import CompanyFounded
from piste.core.events import on
from piste.core.models import Colour
from piste.pipeline.models import LostReason, PipelineSettings, RecurringPlan, Stage

STAGES = (
    ("Nouveau", "New", Colour.GREY),
    ("Qualifié", "Qualified", Colour.BLUE),
    ("Proposition", "Proposition", Colour.VIOLET),
    ("Gagné", "Won", Colour.GREEN),
)
REASONS = (
    ("Trop cher", "Too expensive"),
    ("Concurrent choisi", "Competitor chosen"),
    ("Pas de budget", "No budget"),
    ("Pas de réponse", "No answer"),
    ("Besoin abandonné", "Need dropped"),
    ("Hors périmètre", "Out of scope"),
    ("Délai", "Timing"),
    ("Doublon", "Duplicate"),
)
PLANS = (
    ("Mensuel", "Monthly", 1),
    ("Annuel", "Yearly", 12),
    ("3 ans", "3 years", 36),
    ("5 ans", "5 years", 60),
)


@on(CompanyFounded)
def fill_lists(event: CompanyFounded) -> None:
    """Give a new company the settings, stages, lost reasons and plans that most begin with."""
    PipelineSettings(pk=PipelineSettings.ONLY).save()
    for place, (name, english, colour) in enumerate(STAGES, start=1):
        last = place == len(STAGES)
        Stage.objects.create(name=name, name_en=english, colour=colour, position=place * 10, is_won=last)
    for place, (name, english) in enumerate(REASONS, start=1):
        asks = english == "Competitor chosen"
        LostReason.objects.create(name=name, name_en=english, position=place * 10, ask_competitor=asks)
    for place, (name, english, months) in enumerate(PLANS, start=1):
        RecurringPlan.objects.create(name=name, name_en=english, months=months, position=place * 10)
