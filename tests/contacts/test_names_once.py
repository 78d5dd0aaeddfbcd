"""No two of a list have the same name, whatever the case and accents."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from piste.contacts.models import Campaign, Medium, Source, Tag
from tests.factories import tag

LISTS = [Tag, Source, Medium, Campaign]


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("again", ["Été", "été", "ETE"])
def test_in_the_database(db: None, model: Any, again: str) -> None:
    model.objects.create(name="Été")

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(name=again)


@pytest.mark.parametrize("model", LISTS)
def test_in_a_form(db: None, model: Any) -> None:
    model.objects.create(name="Été")

    with pytest.raises(ValidationError):
        model(name="ete").full_clean()


@pytest.mark.parametrize("model", LISTS)
def test_but_a_name_may_change_its_accents(db: None, model: Any) -> None:
    one = model.objects.create(name="Ete")

    one.name = "Été"
    one.full_clean()
    one.save()

    assert model.objects.get().name == "Été"


@pytest.mark.parametrize(("language", "shown"), [("fr", "Été"), ("en", "Summer")])
def test_are_said_in_the_readers_language(db: None, language: str, shown: str) -> None:
    from django.utils.translation import override

    with override(language):
        assert str(tag("Été", name_en="Summer")) == shown
