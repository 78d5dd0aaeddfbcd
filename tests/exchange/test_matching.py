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
    ("product", "header", "expected"),
    [
        (
            "Odoo",
            "External ID,Opportunity,Contact Name,Email,Salesperson,Expected Revenue,Stage,Tags,Expected Closing,"
            "Probability,Customer,Company Name,Sales Team,Lost Reason,Created on,Priority,Phone,Mobile,Zip,Active",
            "- name contact_name email owner expected_revenue stage tags expected_close probability contact "
            "company_name team lost_reason created_at priority phone mobile postcode active",
        ),
        (
            "Odoo",
            "ID externe,Opportunité,Nom du contact,Email,Vendeur,Revenu espéré,Étape,Étiquettes,Clôture prévue,"
            "Probabilité,Client,Nom de l'entreprise,Équipe commerciale,Motif de la perte,Créé le,Priorité,"
            "Téléphone,Campagne,Médium,Source,Dernière mise à jour de l'étape",
            "- name contact_name email owner expected_revenue stage tags expected_close probability contact "
            "company_name team lost_reason created_at priority phone campaign medium source stage_changed_at",
        ),
        (
            "Odoo",
            "id,name,partner_id/name,user_id/name,team_id,stage_id/name,expected_revenue,date_deadline,tag_ids/name,"
            "email_from,partner_name,create_date,date_closed,function,zip,country_id/name",
            "- name contact owner team stage expected_revenue expected_close tags email company_name created_at "
            "closed_at job_position postcode country",
        ),
        (
            "Pipedrive",
            "Deal - ID,Deal - Title,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Weighted value,"
            "Deal - Probability,Deal - Organization,Deal - Pipeline,Deal - Contact person,Deal - Stage,Deal - Label,"
            "Deal - Status,Deal - Deal created,Deal - Last stage change,Deal - Won time,Deal - Lost time,"
            "Deal - Deal closed on,Deal - Lost reason,Deal - Expected close date,Person - Email - Work,"
            "Deal - Total activities",
            "- name owner expected_revenue - - probability company_name - contact_name stage tags status "
            "created_at stage_changed_at won_at lost_at closed_at lost_reason expected_close email -",
        ),
        (
            "Pipedrive",
            "Deal - Title*,Organization*,Contact person*,Deal - Stage (pipeline),Deal - Closed on,Deal - Value",
            "name company_name contact_name stage closed_at expected_revenue",
        ),
        (
            "Pipedrive",
            "Affaire - Titre,Affaire - Valeur,Affaire - Organisation,Affaire - Personne à contacter,"
            "Affaire - Étape,Affaire - Statut,Affaire - Date de clôture prévue,Affaire - Raison de la perte,"
            "Affaire - Date de gain,Affaire - Heure de l'échec,Affaire - Affaire créée",
            "name expected_revenue company_name contact_name stage status expected_close lost_reason won_at "
            "lost_at created_at",
        ),
        (
            "HubSpot",
            "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company,"
            "Associated Contact,Create Date,Closed Lost Reason,Associated Company IDs,Deal Type",
            "- name stage expected_close owner expected_revenue - company_name contact_name created_at "
            "lost_reason - tags",
        ),
        (
            "HubSpot",
            "Nom de la transaction,Phase de la transaction,Date de fermeture,Propriétaire de la transaction,Montant,"
            "Entreprise associée,Contact associé,Date de création",
            "name stage expected_close owner expected_revenue company_name contact_name created_at",
        ),
        (
            "",
            "Affaire,Montant (€),Date de cloture,Comercial,Remarques,Couleur préférée,E-mail,Adresse,CP,Ville,Pays",
            "name expected_revenue expected_close owner description - email street postcode city country",
        ),
    ],
)
def test_knows_deals_of_other_programs(product: str, header: str, expected: str) -> None:
    found = matching(header)

    assert [column.field or "-" for column in found.columns] == expected.split()
    assert found.product == product


@pytest.mark.parametrize(
    ("product", "header", "expected"),
    [
        (
            "Odoo",
            "External ID,Display Name,Email,Phone,Is a Company,Related Company,Street,Zip,City,Country,Tax ID,Tags,"
            "Salesperson,Notes,Job Position",
            "- name email phone kind parent street postcode city country vat tags owner notes job_position",
        ),
        (
            "Odoo",
            "Nom,E-mail,Téléphone,Est une société,Société liée,Rue,Code postal,Ville,Pays,N° TVA,Étiquettes,Vendeur",
            "name email phone kind parent street postcode city country vat tags owner",
        ),
        (
            "Pipedrive",
            "Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Work,Person - Owner,Person - Label",
            "name parent email phone owner tags",
        ),
        (
            "HubSpot",
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,Job Title,"
            "Mobile Phone Number,Street Address,Postal Code,State/Region,Country/Region,Website URL,Lead Status",
            "- first_name last_name email phone owner parent job_position mobile street postcode state country "
            "website -",
        ),
        (
            "",
            "Raison sociale,SIREN,SIRET,Code NAF,Effectif,Site web,Langue,Origine",
            "name siren siret naf headcount website language source",
        ),
    ],
)
def test_knows_customers_of_other_programs(product: str, header: str, expected: str) -> None:
    found = matching(header, CustomerMaker)

    assert [column.field or "-" for column in found.columns] == expected.split()
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
