"""Whatever stands in an address or a form, the answer is a page or a sentence, never a crash."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.conditions import OPERATORS
from piste.ui.modes import List
from piste.ui.screen import screens
from piste.ui.search import PERIODS
from piste.ui.testing import Visitor, sample
from piste.ui.testing.promises import CALM
from tests.conftest import Stages

NAMES = (
    "view", "q", "f", "w", "g", "o", "cols", "total", "seg", "lane", "after", "panel", "format", "card", "on", "id",
    "all", "rest", "tab", "from", "name", "owner", "tags", "contact", "expected_close", "stage",
)  # fmt: skip
SCREENS = list(screens())
WORDS = sorted(
    {
        *(mode.name for screen in SCREENS for mode in screen.modes),
        *(item.name for screen in SCREENS for item in screen.search.filters),
        *(by.key for screen in SCREENS for by in screen.search.group_by),
        *(f"{path}:{period}" for screen in SCREENS for path in screen.search.periods for period in PERIODS),
        *(name for screen in SCREENS for name in screen.search.builder),
        *(f"-{name}" for screen in SCREENS if (table := screen.mode_of(List)) for name in table.columns),
        *(
            "csv",
            "xlsx",
            "1",
            "0",
            "-1",
            "2026-03-01",
            "0001-01-01",
            "9999-12-31",
            "²",
            "١",
            "late",
            "1:late",
            ":",
        ),
        *(
            str(2**63),
            "9" * 40,
            "1e400",
            "nan",
            "\\",
            "%",
            "'",
            '"',
            "<b>",
            "../",
            "//evil.example",
            "None",
            ",",
            "~",
        ),
    }
)
text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=15)
words = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), text)
fields = sorted({name for screen in SCREENS for name in screen.search.builder})
operators = sorted({operator for known in OPERATORS.values() for operator in known})
conditions = st.builds("{}~{}~{}".format, st.sampled_from(fields), st.sampled_from(operators), words)
queries = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.one_of(words, conditions), min_size=1, max_size=3), max_size=5
)
READS = (
    "",
    "cards/",
    "heads/",
    "filters/",
    "export/",
    "new/",
    "{pk}/",
    "{pk}/edit/",
    "{pk}/do/lose/",
    "do/lose/",
)
WRITES = (
    "new/", "quick/", "{pk}/edit/", "{pk}/move/", "{pk}/cell/stage/", "{pk}/cell/tags/", "{pk}/cell/expected_revenue/",
    "{pk}/cell/expected_close/", "{pk}/cell/owner/", "{pk}/do/lose/", "{pk}/do/move/", "do/win/", "do/assign/",
)  # fmt: skip
patient = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def deal(stages: Stages, max_: User) -> Opportunity:
    made: Opportunity = sample(Opportunity, owner=max_)
    return made


@pytest.fixture
def visitor(max_: User) -> Visitor:
    return Visitor(max_)


@given(screen=st.sampled_from(SCREENS), place=st.sampled_from(READS), query=queries, part=st.booleans())
@patient
def test_any_address_is_answered(
    deal: Opportunity, visitor: Visitor, screen: Any, place: str, query: dict[str, Any], *, part: bool
) -> None:
    answer = visitor.get(screen.url + place.format(pk=deal.pk), part=part, **query)

    assert answer.status in CALM


@given(mode=st.sampled_from(["board", "list"]), query=queries)
@patient
def test_any_look_at_deals_is_answered(
    deal: Opportunity, visitor: Visitor, mode: str, query: dict[str, Any]
) -> None:
    answer = visitor.get(opportunities.url, **(query | {"view": mode}))

    assert answer.status in CALM


@given(query=queries)
@patient
def test_any_question_beside_the_screens_is_answered(
    deal: Opportunity, visitor: Visitor, query: dict[str, Any]
) -> None:
    for address in ("/lookup/contacts.contact/", "/palette/", "/searches/", "/searches/new/", "/operations/"):
        assert visitor.get(address, **query).status in CALM


@given(place=st.sampled_from(WRITES), sent=queries, asked=queries)
@patient
def test_anything_sent_is_answered(
    deal: Opportunity, visitor: Visitor, place: str, sent: dict[str, Any], asked: dict[str, Any]
) -> None:
    values = {name: ["\x00".join(value) if len(value) > 2 else value[0]] for name, value in sent.items()}

    answer = visitor.post(opportunities.url + place.format(pk=deal.pk), values)

    assert answer.status in CALM


@pytest.mark.parametrize(
    "query",
    [
        {"view": "chart"},
        {"f": "everything"},
        {"f": "expected_close:fortnight"},
        {"w": "owner__password~contains~a"},
        {"g": "password"},
        {"o": "search"},
        {"cols": "name,search"},
        {"view": "list", "g": "stage", "lane": "first"},
        {"view": "list", "g": "priority", "lane": "high"},
        {"view": "list", "g": "created_at:month", "lane": "9999-12-31"},
        {"view": "list", "after": "middle"},
        {"seg": "1:rotten"},
        {"total": "weight"},
    ],
    ids=str,
)
def test_nonsense_is_said_to_be_nonsense(deal: Opportunity, visitor: Visitor, query: dict[str, str]) -> None:
    answer = visitor.get(opportunities.url, **query)

    assert answer.status == 400
    assert answer.html.headings == ["This address is not valid"]
