"""The leads of the sample company: who has asked lately, and how long they have been waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from piste.core.history import operation
from piste.pipeline.models import Deal, Lead, LeadUse, PipelineSettings
from piste.site.demo.clock import Clock
from piste.site.demo.founding import VIA, Place
from piste.site.demo.staff import LEADER


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody has asked, so many hours ago; `owner` is the salesperson by initials, `seen` after how many hours."""

    hours: float
    name: str
    company: str
    person: str
    email: str
    phone: str
    city: str
    source: str
    owner: str = ""
    seen: float | None = None
    tags: str = ""
    priority: int = 0
    notes: str = ""


LEADS = (
    Asked(51, "Réseau du chantier, 3 hangars", "Chantier Naval Le Borgne", "Yannick Le Borgne",
          "yannick@leborgne.example", "02 61 91 44 18", "Concarneau", "Appel", tags="Audit", priority=1),
    Asked(30, "Caisse et stocks, 2 boutiques", "Biscuiterie des Dunes", "Enora Cadic", "contact@dunes",
          "02 61 91 27 41", "Quiberon", "Formulaire", tags="Logiciel"),
    Asked(27, "Formation sécurité, 20 personnes", "Clinique de la Rade", "Samir Belkacem", "s.belkacem@rade.example",
          "02 61 91 83 60", "Ploemeur", "Parrainage", owner="AL", seen=2, tags="Formation", priority=2),
    Asked(22, "Site vitrine bilingue", "Camping de l’Anse", "Goulven Prigent", "g.prigent@anse.example",
          "06", "Groix", "Formulaire"),
    Asked(20, "Sauvegarde externalisée", "Étude Kerlan", "Hélène Kerlan", "helene@kerlan.example",
          "02 61 91 66 77", "Vannes", "Parrainage", owner="PM"),
    Asked(19, "Application de pesée", "Ferme du Blavet", "Gaël Rohou", "", "02 61 91 35 52", "Pontivy",
          "Salon nautique", tags="Logiciel"),
    Asked(8, "Refonte du site", "Office de tourisme d’Étel", "Maëlle Le Gal", "accueil@etel", "02 61 91 09 13",
          "Étel", "E-mail", owner="LB", tags="Web, Public"),
    Asked(5, "Messagerie, 12 boîtes", "Transports Guégan", "Loïc Guégan", "loic@guegan.example",
          "02 61 91 58 20", "Lanester", "Appel", owner="AL", priority=1),
    Asked(3, "Formation des équipes, nouvelle boutique", "Maison Kerbrat", "Soizic Kerbrat", "=Soizic Kerbrat",
          "02 61 91 35 18", "Hennebont", "Formulaire", owner="AL", tags="Formation",
          notes="Six personnes, si possible avant l’ouverture de la boutique."),
    Asked(2, "Formation bureautique", "Kerbrat SARL", "S. Kerbrat", "=Soizic Kerbrat", "", "Hennebont", "Chat"),
    Asked(1.2, "Tableau de bord des ventes", "Brasserie du Scorff", "Aziliz Tanguy", "a.tanguy@scorffbier.example",
          "02 61 91 74 33", "Pont-Scorff", "LinkedIn", priority=1),
    Asked(0.4, "Audit RGPD", "Mutuelle du Littoral", "Fanny Diop", "f.diop@littoral.example", "02 61 91 90 21",
          "Lorient", "Parrainage", owner="AL", tags="Audit", priority=2),
)  # fmt: skip


def collect(place: Place, clock: Clock) -> None:
    """Turn the option on and let people ask."""
    at = clock.at - timedelta(hours=180)
    with operation("settings.change", by=place.staff.people[LEADER], via=VIA, at=at):
        settings = PipelineSettings.get()
        settings.leads = LeadUse.ON
        settings.save()
    for asked in LEADS:
        lead = _ask(place, clock, asked)
        Deal.objects.filter(pk=lead.pk).update(updated_at=lead.opened_at or lead.created_at)


def _ask(place: Place, clock: Clock, asked: Asked) -> Lead:
    at = clock.at - timedelta(hours=asked.hours)
    by = place.staff.people[asked.owner or LEADER]
    email = place.customers[asked.email[1:]].email if asked.email.startswith("=") else asked.email
    about = {"model": Lead._meta.label_lower, "count": 1, "label": asked.name}
    with operation("lead.create", by=by, via=VIA, at=at, about=about) as entry:
        lead = Lead(
            name=asked.name,
            owner=place.staff.people.get(asked.owner),
            team=place.staff.teams["Bretagne"],
            company_name=asked.company,
            contact_name=asked.person,
            email=email,
            phone=asked.phone,
            city=asked.city,
            country="FR",
            source=place.sources[asked.source],
            priority=asked.priority,
            description=asked.notes,
            created_at=at,
            created_by=by,
        )
        lead.save()
        lead.tags.add(*(place.tags[name] for name in asked.tags.split(", ") if name))
        entry.about["pk"] = lead.pk
        entry.save(update_fields=["about"])
    if asked.seen is not None:
        seen = at + timedelta(hours=asked.seen)
        with operation("lead.open", by=by, via=VIA, at=seen, about=about | {"pk": lead.pk}):
            lead.open_first(by=by, at=seen)
    return lead
