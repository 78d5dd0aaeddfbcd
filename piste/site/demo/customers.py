"""The customers of the sample company, with their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piste.accounts.models import User
from piste.contacts.models import Contact


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    job: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Firm:
    """A company and the people there that deals are made with."""

    name: str
    city: str
    postcode: str
    email: str = ""
    phone: str = ""
    people: tuple[Person, ...] = ()
    country: str = "FR"
    headcount: int | None = None


FIRMS = (
    Firm("Armor Conserves", "Douarnenez", "29100", "contact@armor-conserves.example", "02 61 91 22 10", (
        Person("Hervé Tanguy", "Directeur technique", "h.tanguy@armor-conserves.example", "02 61 91 22 14"),
        Person("Nolwenn Bris", "Responsable logistique", "n.bris@armor-conserves.example", "02 61 91 22 17"),
    ), headcount=180),
    Firm("Îles & Voiles", "Port-Louis", "56290", "bonjour@iles-voiles.example", "", (
        Person("Gaëlle Riou", "Directrice", "g.riou@iles-voiles.example"),
    ), headcount=24),
    Firm("Groupe Ménez", "Brest", "29200", "accueil@groupe-menez.example", "02 61 91 70 00", (
        Person("Paul Cariou", "DSI", "p.cariou@groupe-menez.example", "02 61 91 70 31"),
    ), headcount=640),
    Firm("Maison Kerbrat", "Hennebont", "56700", "boutique@kerbrat.example", "02 61 91 35 18", (
        Person("Soizic Kerbrat", "Gérante", "s.kerbrat@kerbrat.example", "06 12 48 30 47"),
    ), headcount=12),
    Firm("Biscuiterie du Scorff", "Pont-Scorff", "56620", "contact@scorff.example", "02 61 91 74 20", (
        Person("Aurélien Pasco", "Responsable qualité", "a.pasco@scorff.example", "02 61 91 74 26"),
    ), headcount=55),
    Firm("Mairie de Lorient", "Lorient", "56100", "numerique@mairie.example", "02 61 91 15 00", (
        Person("Julie Masson", "Cheffe de projet numérique", "j.masson@mairie.example", "02 61 91 15 42"),
    )),
    Firm("Cabinet Le Fur", "Vannes", "56000", "cabinet@lefur.example", "02 61 91 48 08", (
        Person("Erwan Le Fur", "Avocat associé", "e.lefur@lefur.example"),
    ), headcount=9),
    Firm("CCI du Morbihan", "Vannes", "56000", "formation@cci-morbihan.example", "02 61 91 02 40"),
    Firm("Lycée Dupuy-de-Lôme", "Lorient", "56100", "intendance@dupuy.example", "02 61 91 37 72"),
    Firm("Chantier naval Guip", "Brest", "29200", "atelier@guip.example", "02 61 91 43 27", headcount=40),
    Firm("Hôtel de l’Océan", "Carnac", "56340", "accueil@ocean.example", "02 61 91 52 52", (
        Person("Katell Nédélec", "Directrice", "k.nedelec@ocean.example", "02 61 91 52 50"),
    ), headcount=30),
    Firm("Thalasso des Embruns", "Quiberon", "56170", "contact@embruns.example", "02 61 91 20 00", (
        Person("Nadia Benali", "Responsable marketing", "n.benali@embruns.example", "02 61 91 20 08"),
    ), headcount=85),
    Firm("Fédération de voile", "Lorient", "56100", "secretariat@voile.example", "02 61 91 88 10"),
    Firm("Criée de l’Ouest", "Concarneau", "29900", "criee@ouest.example", "02 61 91 10 10", (
        Person("Ewen Corlay", "Directeur", "e.corlay@ouest.example", "02 61 91 10 12"),
    ), headcount=70),
    Firm("Transports Le Dantec", "Lanester", "56600", "exploitation@ledantec.example", "02 61 91 58 60", (
        Person("Chloé Le Dantec", "Gérante", "chloe@ledantec.example", "02 61 91 58 63"),
    ), headcount=48),
    Firm("Menuiserie Kergoat", "Pontivy", "56300", "contact@kergoat.example", "02 61 91 25 31", (
        Person("Morgane Kergoat", "Gérante", "m.kergoat@kergoat.example"),
    ), headcount=16),
    Firm("Papeterie Jaouen", "Quimper", "29000", "bonjour@jaouen.example", "02 61 91 95 04", (
        Person("Rozenn Jaouen", "Gérante", "r.jaouen@jaouen.example"),
    ), headcount=8),
    Firm("Conserverie Gonidec", "Concarneau", "29900", "contact@gonidec.example", "02 61 91 40 10", (
        Person("Marc Gonidec", "Directeur", "marc@gonidec.example", "02 61 91 40 12"),
    ), headcount=90),
    Firm("Crêperies Tal ar Mor", "Quiberon", "56170", "contact@talarmor.example", "02 61 91 27 50", (
        Person("Enora Le Bris", "Gérante", "e.lebris@talarmor.example", "02 61 91 27 55"),
    ), headcount=34),
    Firm("Clinique des Genêts", "Ploemeur", "56270", "direction@genets.example", "02 61 91 83 00", (
        Person("Samira Haddad", "Directrice des soins", "s.haddad@genets.example", "02 61 91 83 04"),
    ), headcount=210),
    Firm("Gîtes de Groix", "Groix", "56590", "", "", (
        Person("Tanguy Stéphant", "Propriétaire", "t.stephant@groix.example", "06 12 48 11 72"),
    )),
    Firm("Notaires Kervella & Associés", "Vannes", "56000", "etude@kervella.example", "02 61 91 66 30", (
        Person("Hélène Kervella", "Notaire", "helene@kervella.example"),
    ), headcount=14),
    Firm("Ferme de Kerlann", "Pontivy", "56300", "", "", (
        Person("Gwenaël Rio", "Exploitant", phone="06 12 48 52 08"),
    )),
    Firm("Office de tourisme du Faouët", "Le Faouët", "56320", "accueil@faouet.example", "02 61 91 09 90", (
        Person("Maëlle Cadoret", "Directrice", "m.cadoret@faouet.example", "02 61 91 09 91"),
    )),
    Firm("Cercle nautique des Dunes", "Étel", "56410", "bureau@dunes.example", "", (
        Person("Loïc Madec", "Président"),
    )),
    Firm("Vétérinaires de l’Odet", "Quimper", "29000", "rdv@vetodet.example", "02 61 91 12 40", (
        Person("Yves Marchand", "Vétérinaire associé"),
    ), headcount=11),
    Firm("Mutuelle Arvor", "Rennes", "35000", "contact@arvor.example", "02 61 91 90 70", (
        Person("Fatoumata Diallo", "Déléguée à la protection des données",
               "f.diallo@arvor.example", "02 61 91 90 77"),
    ), headcount=320),
    Firm("Cabinet Penhoët", "Auray", "56400", "cabinet@penhoet.example", "02 61 91 31 60"),
    Firm("Office de tourisme du Blavet", "Hennebont", "56700", "contact@blavet.example", "02 61 91 36 24"),
    Firm("Maraîchers du Val", "Machecoul", "44270", "contact@maraichers-val.example", "02 61 91 76 05", (
        Person("Bruno Charrier", "Responsable des expéditions", "b.charrier@maraichers-val.example"),
    ), headcount=60),
    Firm("Brasserie du Passage", "Nantes", "44000", "bonjour@passage.example", "02 61 91 77 18", (
        Person("Inès Moreau", "Associée", "ines@passage.example"),
    ), headcount=9),
    Firm("Lycée de l’Estuaire", "Saint-Nazaire", "44600", "gestion@lycee-estuaire.example", "02 61 91 79 40"),
    Firm("Ateliers de l’Estuaire", "Saint-Nazaire", "44600", "contact@estuaire.example", "02 61 91 79 08", (
        Person("Karim Haddou", "Directeur industriel", "k.haddou@estuaire.example"),
    ), headcount=130),
    Firm("Brasserie Senne", "Bruxelles", "1000", "info@senne.example", "02 551 50 20", country="BE"),
)  # fmt: skip


def introduce(by: User, *, at: datetime) -> dict[str, Contact]:
    """Make all customers; each is found by its name, companies and people alike."""
    found: dict[str, Contact] = {}
    for firm in FIRMS:
        company = Contact.objects.create(
            kind=Contact.Kind.COMPANY,
            name=firm.name,
            email=firm.email,
            phone=firm.phone,
            postcode=firm.postcode,
            city=firm.city,
            country=firm.country,
            headcount=firm.headcount,
            created_at=at,
            created_by=by,
        )
        found[firm.name] = company
        found |= {one.name: _person(one, company, by, at) for one in firm.people}
    return found


def _person(one: Person, company: Contact, by: User, at: datetime) -> Contact:
    mobile = one.phone.startswith("06")
    return Contact.objects.create(
        kind=Contact.Kind.PERSON,
        name=one.name,
        parent=company,
        job_position=one.job,
        email=one.email,
        phone="" if mobile else one.phone,
        mobile=one.phone if mobile else "",
        postcode=company.postcode,
        city=company.city,
        country=company.country,
        created_at=at,
        created_by=by,
    )
