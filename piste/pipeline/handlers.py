"""What the pipeline does when something happens below it."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.exceptions import AlreadyEnqueued

from piste.accounts.events import CompanyFounded
from piste.contacts.events import ContactTold
from piste.contacts.models import Contact
from piste.core.events import after, on
from piste.core.history import changed_along
from piste.core.models import Colour
from piste.pipeline.events import ScoringChanged
from piste.pipeline.models import Deal, LostReason, PipelineSettings, RecurringPlan, Stage
from piste.pipeline.tasks import rescore

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


@on(ContactTold)
def tell_open_deals(event: ContactTold) -> None:
    """Let the customer's new e-mail and phones reach its open deals, whosever they are."""
    contact = Contact.objects.get(pk=event.contact)
    told = []
    for deal in Deal.objects.open().filter(contact=contact).select_for_update():
        if deal.hear_from(contact, event.fields):
            deal.save()
            told.append(deal.pk)
    if told:
        changed_along(Deal, told)


@after(ScoringChanged)
def score_anew(event: ScoringChanged) -> None:
    """Bring all open deals to what is learnt now, in the background: there may be very many."""
    with suppress(AlreadyEnqueued):
        rescore.defer(by=event.by)
