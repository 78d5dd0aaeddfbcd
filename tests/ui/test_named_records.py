"""Lists name many records from few columns; those must be enough."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import User
from piste.ui.modes.base import needed
from piste.ui.screen import screens
from piste.ui.testing import samples
from tests.conftest import Stages


def named_in_lists() -> list[type[Model]]:
    """Every model whose records a list may name from a few columns."""
    apps.check_models_ready()
    found = {
        field.related_model
        for screen in screens()
        for field in screen.model._meta.fields
        if isinstance(field, ForeignKey) and getattr(field.related_model, "shown_by", ())
    }
    return sorted(found, key=lambda model: model.__name__)  # type: ignore[type-var, arg-type]


def test_knows_models_that_are_named_in_lists() -> None:
    assert {"User", "Contact", "Stage", "Team"} <= {model.__name__ for model in named_in_lists()}


@pytest.mark.parametrize("model", named_in_lists(), ids=lambda model: model.__name__)
def test_names_a_record_from_the_columns_it_says(model: type[Model], stages: Stages, lena: User) -> None:
    made = samples.sample(model, owner=lena)
    record = model._base_manager.only(*model.shown_by).get(pk=made.pk)  # type: ignore[attr-defined]

    with CaptureQueriesContext(connection) as captured:
        name = str(record)

    assert name == str(made)
    assert not captured.captured_queries


def test_reads_a_related_record_whole_where_its_name_may_need_all_of_it() -> None:
    screen = next(screen for screen in screens() if screen.slug == "opportunities")

    assert "contact__name" in needed(screen.model, ["name", "contact", "tags"])
    assert "tags" not in needed(screen.model, ["name", "contact", "tags"])
