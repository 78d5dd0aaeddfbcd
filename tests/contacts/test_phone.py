"""Phone numbers in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piste.accounts.models import Company
from piste.contacts import normalise
from piste.contacts.models import Contact
from piste.contacts.normalise import Quality
from tests.factories import company

E164 = "+33261914012"


@pytest.mark.parametrize(
    ("text", "country", "number", "quality"),
    [
        ("02 61 91 40 12", "FR", E164, Quality.CORRECT),
        ("02.61.91.40.12", "FR", E164, Quality.CORRECT),
        ("+33 (0)2 61 91 40 12", "FR", E164, Quality.CORRECT),
        ("0033 2 61 91 40 12", "FR", E164, Quality.CORRECT),
        ("+33 2 61 91 40 12", "BE", E164, Quality.CORRECT),
        ("02 551 50 20", "BE", "+3225515020", Quality.CORRECT),
        ("02 551 50 20", "US", "", Quality.INCORRECT),
        ("02 61 91", "FR", "", Quality.INCORRECT),
        ("bureau", "FR", "", Quality.INCORRECT),
        ("02 61 91 40 12", "", "", Quality.INCORRECT),
        ("", "FR", "", Quality.EMPTY),
        (" ", "FR", "", Quality.EMPTY),
    ],
)
def test_is_read_as_dialled_in_the_country(text: str, country: str, number: str, quality: Quality) -> None:
    assert normalise.phone(text, country) == (number, quality)


@given(st.text(alphabet="0123456789+ ()./-x", max_size=30), st.sampled_from(["FR", "BE", "US", ""]))
def test_is_the_same_when_read_again(text: str, country: str) -> None:
    number, _quality = normalise.phone(text, country)

    assert not number or normalise.phone(number, "") == (number, Quality.CORRECT)


@pytest.mark.parametrize(
    ("text", "international", "shown"),
    [
        ("0261914012", False, "02 61 91 40 12"),
        ("0261914012", True, "+33 2 61 91 40 12"),
        ("+32 2 551 50 20", False, "+32 2 551 50 20"),
        ("poste 12", False, "poste 12"),
    ],
)
def test_is_shown_as_people_write_it(text: str, shown: str, *, international: bool) -> None:
    assert normalise.shown_phone(text, "FR", international=international) == shown


def test_of_the_mobile_comes_first(db: None) -> None:
    armor = company(phone="02 61 91 40 12", mobile="06 12 34 56 78")

    assert armor.phone_e164 == "+33612345678"


def test_of_the_landline_stands_in_for_a_wrong_mobile(db: None) -> None:
    armor = company(phone="02 61 91 40 12", mobile="06")

    assert (armor.phone_e164, armor.phone_quality) == (E164, Quality.INCORRECT)


def test_is_read_in_the_customers_country(db: None) -> None:
    assert company(phone="02 551 50 20", country="BE").phone_e164 == "+3225515020"


def test_is_read_in_the_companys_country_otherwise(db: None) -> None:
    Company.objects.create(pk=Company.ONLY, country="BE")

    assert company(phone="02 551 50 20").phone_e164 == "+3225515020"


def test_follows_a_change_of_country(db: None) -> None:
    moved = Contact.objects.get(pk=company(phone="02 551 50 20", country="BE").pk)

    moved.country = "US"
    moved.save()

    moved.refresh_from_db()
    assert (moved.phone_e164, moved.phone_quality) == ("", Quality.INCORRECT)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("armor.example", "https://armor.example"),
        (" http://armor.example ", "http://armor.example"),
        ("", ""),
    ],
)
def test_website_gets_a_scheme(db: None, text: str, address: str) -> None:
    assert company(website=text).website == address
