"""Page after page shows every row once, in the order of the whole."""

from __future__ import annotations

import base64
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.contacts.models import Contact
from piste.pipeline.models import Opportunity, Stage
from piste.ui.paging import Order, after, beside, cursor, ordered
from piste.ui.state import BadAddress

KEYS = (
    "priority",
    "expected_revenue",
    "expected_close",
    "name",
    "city",
    "closed_at",
    "contact__name_key",
    "owner__name",
    "stage__position",
    "probability",
)


@pytest.fixture
def deals(db: None) -> None:
    """Rows with ties and with nothing in every second column."""
    stages = [Stage.objects.create(name=f"Stage {place}", position=place) for place in (1, 2)]
    contacts = [Contact.objects.create(name=name) for name in ("Étoile", "etoile", "Zinc")]
    for number in range(23):
        Opportunity.objects.create(
            name=f"Deal {number % 5}",
            stage=stages[number % 2],
            priority=number % 3,
            expected_revenue=100 * (number % 4),
            expected_close=date(2026, 1, 1 + number % 6) if number % 3 else None,
            contact=contacts[number % 3] if number % 4 else None,
            city="Évry" if number % 2 else "",
        )


orders = st.lists(
    st.builds(Order, st.sampled_from(KEYS), st.booleans()), max_size=3, unique_by=lambda o: o.path
)


@given(keys=orders, backwards=st.booleans(), length=st.integers(1, 30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shows_each_row_once_in_order(
    deals: None, keys: list[Order], *, backwards: bool, length: int
) -> None:
    sort = [*keys, Order("id", backwards)]
    rows = Opportunity.objects.select_related("contact", "owner", "stage")

    seen, page = [], list(ordered(rows, sort)[:length])
    while page:
        seen += page
        assert len(seen) <= 23
        page = list(ordered(after(rows, sort, cursor(page[-1], sort)), sort)[:length])

    assert seen == list(ordered(rows, sort))


@given(keys=orders, backwards=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_finds_who_stands_beside_each_row(deals: None, keys: list[Order], *, backwards: bool) -> None:
    sort = [*keys, Order("id", backwards)]
    plain: list[int | None] = [row.pk for row in ordered(Opportunity.objects.all(), sort)]

    found = [beside(Opportunity.objects.all(), sort, pk or 0) for pk in plain]

    assert found == list(zip([None, *plain[:-1]], [*plain[1:], None], strict=True))
    assert beside(Opportunity.objects.all(), sort, 0) is None


@pytest.mark.parametrize("descending", [False, True])
def test_puts_empty_values_last_either_way(deals: None, *, descending: bool) -> None:
    sort = [Order("expected_close", descending), Order("id")]

    dates = [deal.expected_close for deal in ordered(Opportunity.objects.all(), sort)]

    first_empty = dates.index(None)
    assert all(dates[:first_empty])
    assert not any(dates[first_empty:])


@given(position=st.one_of(st.text(), st.binary().map(lambda raw: raw.hex()), st.just("W" * 20_000)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_refuses_a_position_that_nobody_was_given(db: None, position: str) -> None:
    sort = [Order("expected_close"), Order("id")]

    with pytest.raises(BadAddress):
        list(after(Opportunity.objects.all(), sort, position))


@pytest.mark.parametrize("values", ["[1]", "[null, 1e400]", '["", 1]', "{}", "[[], []]", "[" * 1400])
def test_refuses_values_of_another_kind(db: None, values: str) -> None:
    position = base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")

    with pytest.raises(BadAddress):
        list(after(Opportunity.objects.all(), [Order("expected_close"), Order("id")], position))
