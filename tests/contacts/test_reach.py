"""Further e-mails and phones say what they are for."""

from __future__ import annotations

import pytest
from django.utils import translation

from piste.accounts.models import User
from piste.contacts.models import Contact
from piste.contacts.reach import split, stored, written
from piste.ui.testing import Visitor
from tests import factories


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("private: anne@example.com", "private:anne@example.com"),
        ("PRIVÉ : anne@example.com", "private:anne@example.com"),
        ("anne@example.com", "anne@example.com"),
        ("fax:02 97 00 00 00", "fax:02 97 00 00 00"),
        ("nonsense: anne@example.com", "nonsense: anne@example.com"),
    ],
)
def test_reads_what_an_address_is_for_in_both_languages(line: str, kept: str) -> None:
    with translation.override("fr"):
        assert stored(line) == kept


def test_shows_a_line_as_it_was_meant() -> None:
    with translation.override("en"):
        assert written("private:a@example.com") == "private: a@example.com"
    assert split("work:1:2") == ("work", "1:2")


def test_is_edited_and_shown_on_the_page(anna: User) -> None:
    company = factories.company("Zinc", owner=anna)
    visitor = Visitor(anna)

    answer = visitor.post(
        f"/customers/{company.pk}/cell/other_emails/",
        {"other_emails": "private: anne@example.com\ncompta@example.com"},
    )

    assert answer.status == 200
    assert Contact.objects.get().other_emails == ["private:anne@example.com", "compta@example.com"]
    assert "anne@example.com (private), compta@example.com" in visitor.get(f"/customers/{company.pk}/").text
    form = visitor.get(f"/customers/{company.pk}/edit/").text
    assert "private: anne@example.com\ncompta@example.com" in form
