"""Text folded for comparing."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from piste.core.text import fold


def folded_by_the_database(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold(%s)", [text])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Îles & Voiles", "iles & voiles"),
        ("ÉTÉ", "ete"),
        ("Œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("Ñandú", "nandu"),
        ("Ærø", "aero"),
        ("L’Océan", "l'ocean"),
        ("Łódź", "lodz"),
        ("12 000 €", "12 000 €"),
        ("", ""),
    ],
)
def test_has_no_case_and_accents(db: None, text: str, folded: str) -> None:
    assert fold(text) == folded_by_the_database(text) == folded


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc", "Zs"]), max_size=30))
def test_is_the_same_when_folded_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_has_single_blanks() -> None:
    assert fold("  Maison   Kerbrat ") == "maison kerbrat"
