"""Custom filters: field, operator, value; whatever does not fit is a bad address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.conditions import OPERATORS, Where, builder_field
from piste.ui.paths import resolve
from piste.ui.search import Search
from piste.ui.state import BadAddress, ViewState
from tests import factories

FIELDS = opportunities.search.builder
Test = Callable[[Opportunity], bool]


def found(text: str, user: User) -> set[str]:
    state = ViewState(filters=(), wheres=(text,))
    return {deal.name for deal in opportunities.search.apply(Opportunity.objects.all(), state, user)}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("name~contains~DEAL 1", lambda deal: "Deal 1" in deal.name),
        ("name~lacks~1", lambda deal: "1" not in deal.name),
        ("name~is~deal 3", lambda deal: deal.name == "Deal 3"),
        ("city~contains~evr", lambda deal: deal.city == "Évry"),
        ("city~empty", lambda deal: not deal.city),
        ("city~set", lambda deal: bool(deal.city)),
        ("expected_revenue~is~3000.5", lambda deal: float(deal.expected_revenue) == 3000.5),
        ("expected_revenue~gte~3 000,5", lambda deal: float(deal.expected_revenue) >= 3000.5),
        ("expected_revenue~gt~3000,50", lambda deal: float(deal.expected_revenue) > 3000.5),
        ("expected_revenue~lt~3000.5", lambda deal: float(deal.expected_revenue) < 3000.5),
        ("expected_revenue~lte~3000.5", lambda deal: float(deal.expected_revenue) <= 3000.5),
        ("expected_close~is~2026-02-10", lambda deal: deal.expected_close == date(2026, 2, 10)),
        ("expected_close~before~2026-02-10", lambda deal: _day(deal) < date(2026, 2, 10)),
        ("expected_close~after~2026-02-10", lambda deal: date(2026, 2, 10) < _day(deal) < date.max),
        ("expected_close~empty", lambda deal: deal.expected_close is None),
        ("expected_close~set", lambda deal: deal.expected_close is not None),
        ("priority~is~2", lambda deal: deal.priority == 2),
        ("priority~not~2", lambda deal: deal.priority != 2),
        ("country~is~FR", lambda deal: deal.country == "FR"),
        ("owner~empty", lambda deal: deal.owner_id is None),
        ("owner~set", lambda deal: deal.owner_id is not None),
        ("tags~empty", lambda deal: not deal.tags.exists()),
        ("tags~set", lambda deal: deal.tags.exists()),
    ],
)
def test_finds_what_passes(deals: list[Opportunity], anna: User, text: str, passes: Test) -> None:
    assert found(text, anna) == {deal.name for deal in deals if passes(deal)}


def _day(deal: Opportunity) -> date:
    return deal.expected_close or date.max


def test_finds_by_a_related_record(deals: list[Opportunity], anna: User, ben: User) -> None:
    assert found(f"owner~is~{anna.pk}", ben) == {"Deal 0", "Deal 3", "Deal 6", "Deal 9"}
    assert found(f"owner~not~{anna.pk}", ben) == {deal.name for deal in deals if deal.owner_id != anna.pk}


def test_finds_by_tags_without_repeating(deals: list[Opportunity], anna: User) -> None:
    tag = deals[1].tags.get()
    state = ViewState(filters=(), wheres=(f"tags~is~{tag.pk}", "tags~set"))

    names = [deal.name for deal in opportunities.search.apply(Opportunity.objects.all(), state, anna)]

    assert sorted(names) == sorted(deal.name for deal in deals if tag in deal.tags.all())
    assert found(f"tags~not~{tag.pk}", anna) == {deal.name for deal in deals} - set(names)


def test_counts_days_on_the_readers_clock(db: None, anna: User) -> None:
    factories.deal("Late", created_at=datetime(2026, 3, 12, 23, 30, tzinfo=UTC))
    with timezone.override("Europe/Paris"):
        assert found("created_at~is~2026-03-13", anna) == {"Late"}
        assert found("created_at~before~2026-03-13", anna) == set()
        assert found("created_at~after~2026-03-12", anna) == {"Late"}


@pytest.mark.parametrize(
    "text",
    [
        "secret~is~1",
        "search~contains~a",
        "owner__password~contains~a",
        "name",
        "name~starts~a",
        "expected_revenue~is~",
        "expected_revenue~is~abc",
        "expected_revenue~gte~nan",
        "expected_revenue~gte~1e999999",
        "expected_close~is~2026-02-30",
        "expected_close~is~yesterday",
        "created_at~is~0000-01-01",
        "priority~is~high",
        "owner~is~anna",
        "owner~is~",
        f"owner~is~{2**63}",
        "~~",
        "",
    ],
)
def test_refuses_what_does_not_fit(text: str) -> None:
    with pytest.raises(BadAddress):
        Where.parse(Opportunity, text, FIELDS)


VALUES = st.one_of(
    st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.decimals().map(str),
    st.dates().map(str),
    st.sampled_from(["0001-01-01", "9999-12-31", "1", "0", "²", "١", "1e5", "-0", "fr", "open"]),
)


@given(
    field=st.sampled_from(FIELDS),
    operator=st.sampled_from(sorted({op for ops in OPERATORS.values() for op in ops})),
    value=VALUES,
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_asks_a_question_or_refuses(anna: User, field: str, operator: str, value: str) -> None:
    state = ViewState(filters=(), wheres=(f"{field}~{operator}~{value}",))
    try:
        rows = opportunities.search.apply(Opportunity.objects.all(), state, anna)
        list(rows)
        shown = [where.text(anna, "EUR") for where in opportunities.search.wheres(Opportunity, state)]
    except BadAddress:
        return

    assert all(isinstance(text, str) for text in shown)


@pytest.mark.parametrize("name", FIELDS)
def test_offers_operators_that_it_takes(deals: list[Opportunity], anna: User, name: str) -> None:
    offered = builder_field(Opportunity, name, anna)
    value = offered.choices[0][0] if offered.choices else "2026-01-01" if "date" in offered.kind else "1"

    for operator, label in offered.operators:
        assert label
        assert found(f"{name}~{operator}~{value}", anna) is not None


def test_names_the_value_as_people_read_it(deals: list[Opportunity], anna: User) -> None:
    def text(asked: str) -> Any:
        return Where.parse(Opportunity, asked, FIELDS).text(anna, "EUR")

    with translation.override("en"):
        assert text("expected_revenue~gte~5000") == "≥ €5,000"
        assert text("name~contains~roof") == "roof"
        assert text("name~lacks~roof") == "does not contain roof"
        assert text("priority~is~2") == "High"
        assert text(f"owner~is~{anna.pk}") == "Anna Kerbrat"
        assert text("owner~is~999999") == "?"
        assert text("owner~empty") == "is empty"


def test_names_no_record_out_of_reach(deals: list[Opportunity], outsider: User, anna: User) -> None:
    where = Where.parse(Opportunity, f"owner~is~{anna.pk}", FIELDS)

    assert where.text(outsider, "EUR") == "?"


def test_every_kind_has_operators() -> None:
    kinds = {resolve(Opportunity, name).kind for name in FIELDS}

    assert kinds <= OPERATORS.keys()
    assert Search().builder == ()


@pytest.mark.parametrize(
    ("language", "asked", "shown"),
    [
        ("fr", "expected_revenue~gte~12000", "≥ 12\u202f000\u00a0€"),
        ("en", "expected_revenue~lt~12000.5", "< €12,000.50"),
        ("fr", "probability~gt~40", "> 40\u00a0%"),
    ],
)
def test_shows_figures_as_everywhere_else(
    db: None, anna: User, language: str, asked: str, shown: str
) -> None:
    with translation.override(language):
        assert Where.parse(Opportunity, asked, ("expected_revenue", "probability")).text(anna, "EUR") == shown
