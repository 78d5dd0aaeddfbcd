"""It finds the customers that may be the same, and says why."""

from __future__ import annotations

import pytest

from piste.contacts.duplicates import best_match, keys_of_contact
from piste.contacts.likeness import Reason
from piste.contacts.models import Contact
from tests.factories import company, person

pytestmark = pytest.mark.django_db


def found(**fields: object) -> dict[str, tuple[Reason, ...]]:
    """What is similar to a customer that is being typed, with the reasons."""
    fields.setdefault("kind", Contact.Kind.COMPANY)
    typed = Contact(**fields)
    return {str(hit.record): hit.reasons for hit in Contact.objects.similar_to(typed)}


@pytest.mark.parametrize("typed", ["Contact@Armor.example", "Hervé Tanguy <contact@armor.example>"])
def test_by_address_however_it_is_written(typed: str) -> None:
    company("Armor Conserves", email="contact@armor.example")

    assert found(name="Quelqu’un", email=typed) == {"Armor Conserves": (Reason.EMAIL,)}


@pytest.mark.parametrize("typed", ["02 61 91 40 12", "+33 2 61 91 40 12", "0033261914012"])
def test_by_number_however_it_is_written(typed: str) -> None:
    company("Armor Conserves", phone="02.61.91.40.12")

    assert found(name="Quelqu’un", mobile=typed) == {"Armor Conserves": (Reason.PHONE,)}


def test_by_the_landline_of_somebody_with_a_mobile() -> None:
    person("Hervé Tanguy", phone="02 61 91 40 12", mobile="06 39 98 40 12")

    assert found(name="Quelqu’un", phone="02 61 91 40 12") == {"Hervé Tanguy": (Reason.PHONE,)}


def test_by_the_domain_of_a_company() -> None:
    company("Armor Conserves", email="contact@armor.example")

    assert found(name="Quelqu’un", email="marie@armor.example") == {"Armor Conserves": (Reason.DOMAIN,)}


@pytest.mark.parametrize("domain", ["gmail.com", "orange.fr", "laposte.net"])
def test_not_by_a_domain_where_anybody_has_an_address(domain: str) -> None:
    company("Armor Conserves", email=f"armor@{domain}")

    assert found(name="Quelqu’un", email=f"marie@{domain}") == {}


@pytest.mark.parametrize(("others", "counts"), [(20, True), (21, False)])
def test_a_number_that_too_many_share_means_nothing(others: int, counts: bool) -> None:  # noqa: FBT001
    for number in range(others):
        company(f"Locataire {number}", phone="02 61 91 40 12")

    assert bool(found(name="Quelqu’un", phone="02 61 91 40 12")) is counts


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Armor Conserves SARL", "ARMOR-CONSERVES"),
        ("S.A.R.L. Ménez", "Menez sas"),
        ("Société Kerbrat et Fils", "Kerbrat Fils"),
        ("Biscuiterie du Blavet", "Biscuiteries du Blavet"),
        ("Hôtel de l’Étel", "hotel etel"),
    ],
)
def test_by_name_without_forms_accents_and_small_mistakes(there: str, typed: str) -> None:
    company(there)

    assert found(name=typed) == {there: (Reason.NAME,)}


def test_not_by_a_word_that_names_have_in_common() -> None:
    company("Biscuiterie du Blavet")

    assert found(name="Biscuiterie Kerbrat") == {}


def test_a_person_whichever_name_comes_first() -> None:
    person("Marie Le Fur")

    assert found(kind="person", name="LE FUR Marie") == {"Marie Le Fur": (Reason.NAME,)}


def test_namesakes_in_two_companies_are_two_people() -> None:
    person("Marie Le Fur", parent=company("Armor Conserves"))

    assert found(kind="person", name="Marie Le Fur", parent=company("Ménez Transports")) == {}


def test_colleagues_are_not_the_same() -> None:
    armor = company("Armor Conserves")
    person("Marie Le Fur", parent=armor)

    assert found(kind="person", name="Hervé Tanguy", parent=armor) == {}


def test_several_reasons_weigh_more_than_one() -> None:
    company("Armor Conserves Lorient", email="contact@armor.example", phone="02 61 91 40 12")
    company("Armor Conserves")

    hits = Contact.objects.similar_to(Contact(name="Armor Conserves", phone="02 61 91 40 12"))

    assert [hit.record.name for hit in hits] == ["Armor Conserves Lorient", "Armor Conserves"]
    assert hits[0].why == "same phone, similar name"


def test_not_itself() -> None:
    armor = company("Armor Conserves", email="contact@armor.example")

    assert Contact.objects.similar_to(armor) == []


def test_the_best_match_is_the_address_before_the_name() -> None:
    company("Armor Conserves")
    marie = person("Marie Le Fur", email="marie@mer.example")

    match = best_match(keys_of_contact(Contact(name="Armor Conserves", email="MARIE@mer.example")))

    assert match is not None
    assert (match.record, match.why) == (marie, "same e-mail")


def test_there_is_no_best_match_in_a_common_domain_alone() -> None:
    company("Armor Conserves", email="contact@armor.example")

    assert best_match(keys_of_contact(Contact(name="Quelqu’un", email="marie@armor.example"))) is None
