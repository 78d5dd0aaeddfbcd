"""A company with two years of business behind it, the same for the same number of deals."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from piste.accounts.events import CompanyFounded
from piste.accounts.models import Company, Membership, Team, User
from piste.accounts.roles import Role
from piste.contacts.models import Contact, Source, Tag
from piste.core.history import operation
from piste.core.models import Colour
from piste.pipeline.handlers import fill_lists
from piste.pipeline.models import DealTag, LostReason, Opportunity, RecurringPlan, Stage
from piste.pipeline.models.deriving import Known

TEAMS, CUSTOMERS, TAGS = 5, 5_000, 20
BATCH = 2_000
YEARS = 730
OPEN, WON = 0.70, 0.16

WHAT = (
    "Application", "Audit", "Contrat", "Formation", "Hébergement", "Intranet", "Logiciel", "Maintenance",
    "Migration", "Plateforme", "Refonte", "Site",
)  # fmt: skip
ABOUT = (
    "accueil", "caisse", "énergétique", "flotte", "paie", "réservation", "RGPD", "sécurité", "stocks",
    "support", "téléphonie", "ventes",
)  # fmt: skip
FIRMS = ("Armor", "Biscuiterie", "Cabinet", "Chantier", "Groupe", "Hôtel", "Îles", "Mairie", "Maison")
OF = ("Breizh", "du Blavet", "de l’Étel", "Guip", "Kerbrat", "Le Fur", "de Lorient", "Ménez", "du Scorff")
FIRST_NAMES = ("Anne", "Erwan", "Gaëlle", "Hervé", "Julie", "Katell", "Loïc", "Nolwenn", "Paul", "Soizic")
LAST_NAMES = ("Bihan", "Cariou", "Corlay", "Kerbrat", "Madec", "Morvan", "Nédélec", "Quéré", "Riou", "Tanguy")
CITIES = ("Brest", "Lorient", "Nantes", "Pontivy", "Quimper", "Rennes", "Vannes")


def fill(rows: int) -> None:
    """Make the company and so many opportunities, each with its history."""
    chance = random.Random(rows)
    with transaction.atomic(), operation("bench.fill", by=None, via="bench"):
        with connection.cursor() as cursor:
            # Left unsaid, every trigger of every row raises and catches an exception to find it out.
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        place = _found(chance)
        deals = (place.deal(number, chance) for number in range(rows))
        while batch := list(islice(deals, BATCH)):
            Opportunity.objects.bulk_create(batch)
            DealTag.objects.bulk_create(place.tagged(batch, chance))


def _found(chance: random.Random) -> Place:
    Company.objects.create(pk=Company.ONLY, name="Atelier Breizh", sample=True)
    teams = [
        Team.objects.create(name=f"Équipe {n}", position=n * 10, colour=colour)
        for n, colour in zip(range(1, TEAMS + 1), Colour.values[5:], strict=False)
    ]
    people = _people(teams)
    fill_lists(CompanyFounded(team=teams[0].pk, by=None))
    Stage.objects.filter(is_won=False).update(rotting_days=14)
    Tag.objects.bulk_create(
        Tag(name=f"{WHAT[n % len(WHAT)]} {n}", colour=Colour.values[n % len(Colour.values)])
        for n in range(TAGS)
    )
    Source.objects.bulk_create(Source(name=name) for name in ("Appel", "Formulaire", "Parrainage", "Salon"))
    _customers(people, chance)
    return Place(
        now=timezone.now(),
        known=Known(),
        people=people,
        customers=list(Contact.objects.all()),
        tags=list(Tag.objects.all()),
        sources=list(Source.objects.all()),
        reasons=list(LostReason.objects.all()),
        plans=list(RecurringPlan.objects.all()),
    )


def _people(teams: list[Team]) -> list[User]:
    """Forty-eight who sell, most of them their own, and a manager and an administrator."""
    roles = [Role.SALESPERSON_OWN] * 40 + [Role.SALESPERSON_ALL] * 8 + [Role.MANAGER, Role.ADMINISTRATOR]
    made = User.objects.bulk_create(
        User(
            email=f"p{n}@bench.example",
            password="!",
            name=f"{FIRST_NAMES[n % 10]} {LAST_NAMES[n // 5]}",
            role=role,
        )
        for n, role in enumerate(roles)
    )
    Membership.objects.bulk_create(
        Membership(team=teams[n % TEAMS], user=person) for n, person in enumerate(made[:48])
    )
    return made[:48]


def _customers(people: list[User], chance: random.Random) -> None:
    """Two companies for each person who works for one."""
    firms = CUSTOMERS * 2 // 3
    companies = [
        Contact(
            name=f"{chance.choice(FIRMS)} {chance.choice(OF)} {n}",
            email=f"contact@firm{n}.example",
            phone=f"02 61 91 {n // 100 % 100:02} {n % 100:02}",
            city=chance.choice(CITIES),
            country="FR",
            owner=chance.choice(people),
        )
        for n in range(firms)
    ]
    _create(companies)
    _create(
        [
            Contact(
                kind=Contact.Kind.PERSON,
                name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
                email=f"person{n}@firm{n}.example",
                parent=companies[n],
                country="FR",
            )
            for n in range(CUSTOMERS - firms)
        ]
    )


def _create(contacts: list[Contact]) -> None:
    for contact in contacts:
        contact.derive("FR")
    Contact.objects.bulk_create(contacts, batch_size=BATCH)


@dataclass(frozen=True)
class Place:
    """What deals are made of."""

    now: datetime
    known: Known
    people: list[User]
    customers: list[Contact]
    tags: list[Tag]
    sources: list[Source]
    reasons: list[LostReason]
    plans: list[RecurringPlan]

    def deal(self, number: int, chance: random.Random) -> Opportunity:
        """An open deal of the last months, or one that was won or lost within the last two years."""
        customer = chance.choice(self.customers)
        worth = Decimal(min(500_000, round(chance.lognormvariate(8.8, 1.1), -2)))
        begun, ended = self._life(chance)
        deal = Opportunity(
            name=f"{chance.choice(WHAT)} {chance.choice(ABOUT)} {number}",
            owner_id=None if chance.random() < 0.02 else chance.choice(self.people).pk,
            contact_id=customer.pk,
            contact_name=customer.name if customer.parent_id else "",
            city=customer.city,
            country="FR",
            expected_revenue=worth,
            priority=chance.choices((0, 1, 2, 3), (50, 30, 15, 5))[0],
            source_id=chance.choice(self.sources).pk,
            created_at=begun,
            expected_close=self._closing(ended, chance),
        )
        if chance.random() < 0.15:
            deal.recurring_plan, deal.recurring_revenue = chance.choice(self.plans), worth / 10
        self._end(deal, ended, chance)
        deal.derive(at=ended or begun + (self.now - begun) * chance.random(), known=self.known)
        return deal

    def _life(self, chance: random.Random) -> tuple[datetime, datetime | None]:
        """When it began, and when it ended if it has."""
        lasted = timedelta(days=chance.gammavariate(2, 22))
        if chance.random() < OPEN:
            return self.now - lasted, None
        ended = self.now - timedelta(days=chance.uniform(0, YEARS))
        return ended - lasted, ended

    def _end(self, deal: Opportunity, ended: datetime | None, chance: random.Random) -> None:
        *open_stages, won = self.known.stages
        deal.stage = chance.choices(open_stages, (50, 30, 20))[0]
        if ended is None:
            return
        deal.closed_at = ended
        if chance.random() < WON / (1 - OPEN):
            deal.status, deal.stage = "won", won
            return
        deal.status, deal.lost_reason = "lost", chance.choice(self.reasons)

    def _closing(self, ended: datetime | None, chance: random.Random) -> date | None:
        """Of open deals a fifth is late, a tenth closes within a week, half later, a fifth has no date."""
        if ended is not None:
            return ended.date()
        spans = (None, range(-60, 0), range(7), range(7, 150))
        span = chance.choices(spans, (20, 20, 10, 50))[0]
        return self.now.date() + timedelta(days=chance.choice(span)) if span else None

    def tagged(self, deals: list[Opportunity], chance: random.Random) -> Iterator[DealTag]:
        """Up to three tags on a deal, one on most."""
        for deal in deals:
            for tag in chance.sample(self.tags, chance.choices((0, 1, 2, 3), (25, 45, 20, 10))[0]):
                yield DealTag(deal_id=deal.pk, tag_id=tag.pk)
