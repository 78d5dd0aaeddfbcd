"""People and the companies they work for."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from piste.contacts.models import Contact
from tests.factories import company, person


def test_family_of_a_person_is_the_company(db: None) -> None:
    sailors = company("Îles & Voiles")

    assert person("Gaëlle Riou", parent=sailors).family == sailors


def test_family_of_a_company_is_itself(db: None) -> None:
    sailors = company("Îles & Voiles")

    assert sailors.family is sailors


def test_nobody_works_for_themselves(db: None) -> None:
    sailors = company("Îles & Voiles")

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=sailors.pk).update(parent=sailors)


def test_a_company_with_people_stays(db: None) -> None:
    sailors = company("Îles & Voiles")
    person("Gaëlle Riou", parent=sailors)

    with pytest.raises(ProtectedError):
        sailors.delete()
