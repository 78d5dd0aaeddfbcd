"""Countries by code and by name."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from piste.contacts.countries import countries, country_code, country_name


@pytest.mark.parametrize(("language", "name"), [("fr", "Allemagne"), ("en", "Germany")])
def test_are_named_in_the_readers_language(language: str, name: str) -> None:
    with override(language):
        assert country_name("DE") == name
        assert ("DE", name) in countries()


def test_come_in_the_order_of_their_names_without_accents() -> None:
    with override("fr"):
        names = [name for _code, name in countries()]

    assert (
        names.index("Espagne") < names.index("États-Unis") < names.index("Éthiopie") < names.index("Finlande")
    )


@pytest.mark.parametrize("text", ["FR", "fr", "France", "FRANCE"])
def test_are_found_by_code_and_name(text: str) -> None:
    assert country_code(text) == "FR"


@pytest.mark.parametrize(
    ("text", "code"), [("États-Unis", "US"), ("etats-unis", "US"), ("Germany", "DE"), ("Narnia", None)]
)
def test_are_found_in_both_languages(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_leave_out_what_is_no_country() -> None:
    codes = {code for code, _name in countries()}

    assert "EU" not in codes
    assert len(codes) > 200
