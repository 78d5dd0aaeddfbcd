"""Columns find their fields by title, in French and English and in the words of other programs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piste.contacts.importing import CustomerMaker
from piste.pipeline.importing import DealMaker
from piste.ui.exchange.making import Maker
from piste.ui.exchange.matching import Field, Matching, match, vocabulary
from piste.ui.screen import screen_named


def matching(header: str, maker: type[Maker] = DealMaker) -> Matching:
    screen = screen_named("customers" if maker is CustomerMaker else "opportunities")
    assert screen is not None
    return match(header.split(","), maker.fields(screen), prefixes=maker.prefixes)


def fields(header: str, maker: type[Maker] = DealMaker) -> list[str]:
    return [column.field for column in matching(header, maker).columns]


@pytest.mark.parametrize(
    ("product", "pairs"),
    [
        (
            "Odoo",
            """
            External ID > -, Opportunity > name, Contact Name > contact_name, Email > email,
            Salesperson > owner, Expected Revenue > expected_revenue, Stage > stage, Tags > tags,
            Expected Closing > expected_close, Probability > probability, Customer > contact,
            Company Name > company_name, Sales Team > team, Lost Reason > lost_reason, Created on >
            created_at, Priority > priority, Phone > phone, Mobile > mobile, Zip > postcode, Active
            > active
            """,
        ),
        (
            "Odoo",
            """
            ID externe > -, Opportunité > name, Nom du contact > contact_name, Email > email,
            Vendeur > owner, Revenu espéré > expected_revenue, Étape > stage, Étiquettes > tags,
            Clôture prévue > expected_close, Probabilité > probability, Client > contact, Nom de
            l'entreprise > company_name, Équipe commerciale > team, Motif de la perte > lost_reason,
            Créé le > created_at, Priorité > priority, Téléphone > phone, Campagne > campaign,
            Médium > medium, Source > source, Dernière mise à jour de l'étape > stage_changed_at
            """,
        ),
        (
            "Odoo",
            """
            id > -, name > name, partner_id/name > contact, user_id/name > owner, team_id > team,
            stage_id/name > stage, expected_revenue > expected_revenue, date_deadline >
            expected_close, tag_ids/name > tags, email_from > email, partner_name > company_name,
            create_date > created_at, date_closed > closed_at, function > job_position, zip >
            postcode, country_id/name > country
            """,
        ),
        (
            "Pipedrive",
            """
            Deal - ID > -, Deal - Title > name, Deal - Owner > owner, Deal - Value >
            expected_revenue, Deal - Currency of Value > -, Deal - Weighted value > -, Deal -
            Probability > probability, Deal - Organization > company_name, Deal - Pipeline > -, Deal
            - Contact person > contact_name, Deal - Stage > stage, Deal - Label > tags, Deal -
            Status > status, Deal - Deal created > created_at, Deal - Last stage change >
            stage_changed_at, Deal - Won time > won_at, Deal - Lost time > lost_at, Deal - Deal
            closed on > closed_at, Deal - Lost reason > lost_reason, Deal - Expected close date >
            expected_close, Person - Email - Work > email, Deal - Total activities > -
            """,
        ),
        (
            "Pipedrive",
            """
            Deal - Title* > name, Organization* > company_name, Contact person* > contact_name, Deal
            - Stage (pipeline) > stage, Deal - Closed on > closed_at, Deal - Value >
            expected_revenue
            """,
        ),
        (
            "Pipedrive",
            """
            Affaire - Titre > name, Affaire - Valeur > expected_revenue, Affaire - Organisation >
            company_name, Affaire - Personne à contacter > contact_name, Affaire - Étape > stage,
            Affaire - Statut > status, Affaire - Date de clôture prévue > expected_close, Affaire -
            Raison de la perte > lost_reason, Affaire - Date de gain > won_at, Affaire - Heure de
            l'échec > lost_at, Affaire - Affaire créée > created_at
            """,
        ),
        (
            "HubSpot",
            """
            Record ID > -, Deal Name > name, Deal Stage > stage, Close Date > expected_close, Deal
            owner > owner, Amount > expected_revenue, Pipeline > -, Associated Company >
            company_name, Associated Contact > contact_name, Create Date > created_at, Closed Lost
            Reason > lost_reason, Associated Company IDs > -, Deal Type > tags
            """,
        ),
        (
            "HubSpot",
            """
            Nom de la transaction > name, Phase de la transaction > stage, Date de fermeture >
            expected_close, Propriétaire de la transaction > owner, Montant > expected_revenue,
            Entreprise associée > company_name, Contact associé > contact_name, Date de création >
            created_at
            """,
        ),
        (
            "",
            """
            Affaire > name, Montant (€) > expected_revenue, Date de cloture > expected_close,
            Comercial > owner, Remarques > description, Couleur préférée > -, E-mail > email,
            Adresse > street, CP > postcode, Ville > city, Pays > country
            """,
        ),
    ],
)
def test_knows_deals_of_other_programs(product: str, pairs: str) -> None:
    expected = [pair.split(" > ") for pair in " ".join(pairs.split()).split(", ")]

    found = matching(",".join(title for title, _field in expected))

    assert [[column.title, column.field or "-"] for column in found.columns] == expected
    assert found.product == product


@pytest.mark.parametrize(
    ("product", "pairs"),
    [
        (
            "Odoo",
            """
            External ID > -, Display Name > name, Email > email, Phone > phone, Is a Company > kind,
            Related Company > parent, Street > street, Zip > postcode, City > city, Country >
            country, Tax ID > vat, Tags > tags, Salesperson > owner, Notes > notes, Job Position >
            job_position
            """,
        ),
        (
            "Odoo",
            """
            Nom > name, E-mail > email, Téléphone > phone, Est une société > kind, Société liée >
            parent, Rue > street, Code postal > postcode, Ville > city, Pays > country, N° TVA >
            vat, Étiquettes > tags, Vendeur > owner
            """,
        ),
        (
            "Pipedrive",
            """
            Person - Name > name, Person - Organization > parent, Person - Email - Work > email,
            Person - Phone - Work > phone, Person - Owner > owner, Person - Label > tags
            """,
        ),
        (
            "HubSpot",
            """
            Record ID > -, First Name > first_name, Last Name > last_name, Email > email, Phone
            Number > phone, Contact owner > owner, Associated Company > parent, Job Title >
            job_position, Mobile Phone Number > mobile, Street Address > street, Postal Code >
            postcode, State/Region > state, Country/Region > country, Website URL > website, Lead
            Status > -
            """,
        ),
        (
            "",
            """
            Raison sociale > name, SIREN > siren, SIRET > siret, Code NAF > naf, Effectif >
            headcount, Site web > website, Langue > language, Origine > source
            """,
        ),
    ],
)
def test_knows_customers_of_other_programs(product: str, pairs: str) -> None:
    expected = [pair.split(" > ") for pair in " ".join(pairs.split()).split(", ")]

    found = matching(",".join(title for title, _field in expected), CustomerMaker)

    assert [[column.title, column.field or "-"] for column in found.columns] == expected
    assert found.product == product


def test_finds_its_own_labels_in_both_languages() -> None:
    assert fields("Name,Salesperson,Expected revenue,Recurring plan") == [
        "name", "owner", "expected_revenue", "recurring_plan",
    ]  # fmt: skip


def test_says_how_sure_it_is() -> None:
    columns = matching("Opportunity,Contact,Projet,Salespreson,Weather").columns
    confidence = {column.title: column.confidence for column in columns}

    assert confidence["Opportunity"] == 100
    assert 0 < confidence["Salespreson"] < 75
    assert confidence["Weather"] == 0


def test_gives_a_field_to_the_surest_column_only() -> None:
    assert fields("Projet,Deal name,Name") == ["", "name", ""]
    assert fields("Date de clôture,Expected close") == ["closed_at", "expected_close"]


def test_reads_a_vocabulary() -> None:
    assert vocabulary("name: title, Étape\n    x\nname?: project") == {
        "name": (("title", "etape x"), ("project",))
    }


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_never_crashes_on_titles(header: list[str]) -> None:
    found = match(header, [Field("name", "Name"), Field("stage", "Stage")])

    assert len(found.columns) == len(header)
    assert len(found.places()) <= 2
