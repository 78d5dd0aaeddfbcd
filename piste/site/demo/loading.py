"""Loads the sample company, each deal told step by step as it happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from piste.contacts.models import Contact
from piste.core.history import operation
from piste.pipeline.models import Deal, Opportunity
from piste.pipeline.rescoring import rescore
from piste.site.demo.clock import Clock
from piste.site.demo.deals import PRESENT, WON_THIS_MONTH
from piste.site.demo.founding import VIA, Place, found
from piste.site.demo.leads import collect
from piste.site.demo.past import PAST
from piste.site.demo.staff import LEADER
from piste.site.demo.stories import Step, Story

#: What the history calls a step; the others are called as they are.
COMMANDS = {"begun": "create"}


def load(*, at: datetime) -> None:
    """Fill an empty database with the sample company as it looks at that moment."""
    clock = Clock(at)
    with transaction.atomic():
        place = found(clock)
        for story in (*PAST, *PRESENT):
            Telling(place, story, clock).tell()
        collect(place, clock)
        rescore(by=None, at=at - timedelta(minutes=1), via=VIA)


class Telling:
    """Lets one deal happen."""

    def __init__(self, place: Place, story: Story, clock: Clock) -> None:
        self.place = place
        self.story = story
        self.clock = clock
        self.deal = Opportunity()
        self.by = place.staff.people[story.owner or LEADER]

    def tell(self) -> None:
        moments = self._moments()
        for step, at in zip(self.story.steps, moments, strict=True):
            self._step(step, at)
        # Not what the database dates by itself: the last change was then, not now.
        Deal.objects.filter(pk=self.deal.pk).update(updated_at=moments[-1])

    def _moments(self) -> list[datetime]:
        """When each step happened, one after the other."""
        moments: list[datetime] = []
        for step in self.story.steps:
            this_month = step.act == "win" and self.story in WON_THIS_MONTH
            moment = self.clock.this_month(step.days) if this_month else self.clock.ago(step.days)
            moments.append(self.clock.between(moments[-1], moment) if moments else moment)
        return moments

    def _step(self, step: Step, at: datetime) -> None:
        command = f"opportunity.{COMMANDS.get(step.act, step.act)}"
        about = {"model": Opportunity._meta.label_lower, "count": 1, "label": self.story.name}
        with operation(command, by=self.by, via=VIA, at=at, about=about) as entry:
            self._act(step, at)
            if step.act == "begun":
                entry.about["pk"] = self.deal.pk
                entry.save(update_fields=["about"])

    def _act(self, step: Step, at: datetime) -> None:
        details = step.details
        match step.act:
            case "begun":
                self._begin(at, **details)
            case "move":
                self.deal.move_to(self.place.stages[details["to"]], by=self.by, at=at)
            case "edit":
                self.deal.expected_revenue = Decimal(self.story.worth)
                self.deal.expected_close = self._closing(self.story.closing)
                self.deal.save()
            case "win":
                self.deal.win(by=self.by, at=at)
            case "lose":
                self._lose(at, **details)
            case "reopen":
                self.deal.reopen(by=self.by, at=at)

    def _begin(
        self, at: datetime, *, expected_revenue: int | None = None, closing: int | None = None
    ) -> None:
        story, place = self.story, self.place
        customer = place.customers[story.customer]
        worth, plan = story.recurring or (0, "")
        self.deal = Opportunity(
            name=story.name,
            owner=place.staff.people.get(story.owner),
            team=place.staff.teams[story.team],
            expected_revenue=Decimal(story.worth if expected_revenue is None else expected_revenue),
            expected_close=self._closing(story.closing if closing is None else closing),
            priority=story.priority,
            recurring_revenue=Decimal(worth),
            recurring_plan=place.plans[plan] if plan else None,
            source=place.sources[story.source],
            description=story.notes,
            created_at=at,
            created_by=self.by,
            **_taken_from(customer),
        )
        self.deal.save()
        self.deal.tags.add(*(place.tags[name] for name in story.tags.split(", ")))

    def _lose(self, at: datetime, *, reason: str, note: str, competitor: str, revive: int | None) -> None:
        self.deal.lose(
            reason=self.place.reasons[reason],
            note=note,
            competitor=competitor,
            revive_on=self._closing(revive),
            by=self.by,
            at=at,
        )

    def _closing(self, days: int | None) -> date | None:
        return None if days is None else self.clock.closing(days)


def _taken_from(customer: Contact) -> dict[str, Any]:
    """What a deal says about its customer."""
    is_person = customer.kind == Contact.Kind.PERSON
    names = ("email", "phone", "mobile", "job_position", "postcode", "city", "country")
    return {name: getattr(customer, name) for name in names} | {
        "contact": customer,
        "contact_name": customer.name if is_person else "",
        "company_name": customer.family.name,
    }
