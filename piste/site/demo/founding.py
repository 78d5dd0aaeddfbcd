"""The sample company before its first deal: its lists, its people and its customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piste.accounts.events import CompanyFounded
from piste.accounts.models import Company
from piste.contacts.models import Contact, Source, Tag
from piste.core.events import publish
from piste.core.history import operation
from piste.core.models import Colour
from piste.pipeline.models import LostReason, PipelineSettings, RecurringPlan, Stage, Variable
from piste.site.demo.clock import Clock
from piste.site.demo.customers import introduce
from piste.site.demo.staff import ADMINISTRATOR, COMPANY, LEADER, Staff, hire

#: Marks in the history what belongs to the sample.
VIA = "demo"
#: So many days before now.
FOUNDED = 730
#: So many ended deals are enough for a score.
ENOUGH = 10

STAGES = {
    "New": (Colour.GREY, 14, ""),
    "Qualified": (Colour.BLUE, 10, "Besoin, budget et décideur connus."),
    "Proposition": (Colour.VIOLET, 14, "Devis envoyé, date de décision convenue."),
    "Won": (Colour.GREEN, None, ""),
}
TAGS = (
    ("Audit", "", Colour.TEAL),
    ("Contrat", "Contract", Colour.AMBER),
    ("Formation", "Training", Colour.VIOLET),
    ("Logiciel", "Software", Colour.BLUE),
    ("Prioritaire", "Priority", Colour.PINK),
    ("Public", "Public sector", Colour.GREY),
    ("Web", "", Colour.SKY),
)
SOURCES = (
    ("Appel", "Call"),
    ("Chat", ""),
    ("E-mail", ""),
    ("Formulaire", "Web form"),
    ("LinkedIn", ""),
    ("Parrainage", "Recommendation"),
    ("Salon nautique", "Boat show"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """All that deals point at, by the names that stories use."""

    staff: Staff
    customers: dict[str, Contact]
    stages: dict[str, Stage]
    reasons: dict[str, LostReason]
    plans: dict[str, RecurringPlan]
    tags: dict[str, Tag]
    sources: dict[str, Source]


def found(clock: Clock) -> Place:
    """Make all that the deals need, as one operation two years ago."""
    at = clock.ago(FOUNDED)
    with operation("company.sample", by=None, via=VIA, at=at, about={"label": COMPANY["name"]}):
        Company.objects.create(pk=Company.ONLY, sample=True, **COMPANY)
        staff = hire(at=at)
        publish(CompanyFounded(team=staff.teams["Bretagne"].pk, by=staff.people[ADMINISTRATOR].pk))
        _teach(at)
        tags = [Tag.objects.create(name=name, name_en=en, colour=colour) for name, en, colour in TAGS]
        sources = [Source.objects.create(name=name, name_en=en) for name, en in SOURCES]
        return Place(
            staff=staff,
            customers=introduce(staff.people[LEADER], at=at),
            stages=_stages(),
            reasons={one.name_en: one for one in LostReason.objects.all()},
            plans={one.name_en: one for one in RecurringPlan.objects.all()},
            tags={one.name: one for one in tags},
            sources={one.name: one for one in sources},
        )


def _teach(at: datetime) -> None:
    """Let scores be learnt from all deals of the sample, few as they are."""
    settings = PipelineSettings.get()
    settings.scoring_start = at.date()
    settings.scoring_variables = [Variable.PHONE.value, Variable.EMAIL.value, Variable.SOURCE.value]
    settings.scoring_minimum = ENOUGH
    settings.save()


def _stages() -> dict[str, Stage]:
    """The stages that every company begins with, coloured and given their days."""
    stages = {stage.name_en: stage for stage in Stage.objects.all()}
    for name, (colour, days, requirements) in STAGES.items():
        stage = stages[name]
        stage.colour, stage.rotting_days, stage.requirements = colour, days, requirements
        stage.save()
    return stages
