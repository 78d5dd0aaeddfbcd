"""E-mail addresses in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piste.contacts import normalise
from piste.contacts.normalise import Quality
from piste.pipeline.models import Deal
from tests.conftest import Stages
from tests.factories import company, deal


@pytest.mark.parametrize(
    ("text", "address", "quality"),
    [
        ("achats@armor.example", "achats@armor.example", Quality.CORRECT),
        ("  Achats@Armor.Example ", "achats@armor.example", Quality.CORRECT),
        ("Hervé Tanguy <h.tanguy@armor.example>", "h.tanguy@armor.example", Quality.CORRECT),
        ('"Tanguy, Hervé" <h.tanguy@armor.example>', "h.tanguy@armor.example", Quality.CORRECT),
        ("achats@armor.example; bureau", "achats@armor.example", Quality.CORRECT),
        ("a@armor.example, A@armor.example", "a@armor.example", Quality.CORRECT),
        ("hélène@exemple.fr", "hélène@exemple.fr", Quality.CORRECT),
        ("", "", Quality.EMPTY),
        ("   ", "", Quality.EMPTY),
        ("achats", "", Quality.INCORRECT),
        ("achats@", "", Quality.INCORRECT),
        ("achats@armor", "", Quality.INCORRECT),
        ("a@b@armor.example", "", Quality.INCORRECT),
    ],
)
def test_is_bare_and_in_lower_case(text: str, address: str, quality: Quality) -> None:
    assert normalise.email(text) == (address, quality)


@pytest.mark.parametrize(
    "text", ["a@armor.example, b@armor.example", "A <a@armor.example>, B <b@armor.example>"]
)
def test_is_none_where_there_are_two(text: str) -> None:
    assert normalise.email(text) == ("", Quality.CORRECT)


@given(st.text(max_size=60))
def test_is_the_same_when_read_again(text: str) -> None:
    address, quality = normalise.email(text)

    assert not address or normalise.email(address) == (address, Quality.CORRECT)
    assert quality in Quality


def test_stands_beside_what_was_typed(db: None) -> None:
    armor = company(email="Achats@Armor.example")

    assert (armor.email, armor.email_normalised) == ("Achats@Armor.example", "achats@armor.example")
    assert armor.email_quality == Quality.CORRECT


def test_follows_an_edit(stages: Stages) -> None:
    edited = Deal.objects.get(pk=deal(email="a@armor.example").pk)

    edited.email = "B@armor.example"
    edited.save()

    edited.refresh_from_db()
    assert edited.email_normalised == "b@armor.example"
