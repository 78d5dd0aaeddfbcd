"""The arithmetic of scores, against tables worked out by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from math import isclose, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piste.pipeline.scoring import LEAST, MOST, Learnt, Seen, Trait, score, tabulate

POSITIONS = {"new": 10, "qualified": 20, "proposition": 30, "won": 70}


def ended(team: int, status: str, stage: str, *traits: Trait) -> Iterator[Seen]:
    """One ended deal as the lines it adds."""
    won, lost = int(status == "won"), int(status == "lost")
    for variable, value in (("stage", stage), *traits):
        yield Seen(team, variable, value, won, lost)


def worked_example() -> Learnt:
    """The team of the worked example: one won, two lost in the second stage."""
    one_country, nothing = ("country", "c1"), (("email_quality", "empty"), ("phone_quality", "empty"))
    lines = (
        *ended(2, "won", "won", one_country, *nothing, ("state", "s3"), ("source", "o3")),
        *ended(2, "lost", "qualified", one_country, *nothing, ("state", "s2"), ("source", "o3")),
        *ended(2, "lost", "qualified", one_country, *nothing, ("state", "s2"), ("source", "o2")),
    )
    return tabulate(lines, POSITIONS)


ASKED = (
    ("stage", "qualified"), ("country", "c1"), ("state", "s2"), ("source", "o3"), ("email_quality", "empty"),
    ("phone_quality", "empty"),
)  # fmt: skip


def test_gives_the_figure_of_the_worked_example() -> None:
    table = worked_example().table(2, needed=1)

    assert table is not None
    assert (table.base.won_weight, table.base.lost_weight) == (1.1, 2.1)
    assert score(table, ASKED).probability == Decimal("7.74")


def test_shows_the_counts_behind_each_factor() -> None:
    table = worked_example().table(2, needed=1)

    assert table is not None
    found = {
        (one.variable, one.value): (one.tally.won, one.tally.lost) for one in score(table, ASKED).factors
    }
    assert found["state", "s2"] == (0, 2)
    assert found["source", "o3"] == (1, 1)
    assert found["stage", "qualified"] == (1, 2)


def test_counts_a_lost_deal_for_the_stages_it_has_been_in() -> None:
    learnt = tabulate((*ended(1, "lost", "qualified"), *ended(1, "won", "won")), POSITIONS)

    tallies = {value: (one.won, one.lost) for (_v, value), one in learnt.teams[1].tallies.items()}
    assert tallies == {"new": (1, 1), "qualified": (1, 1), "proposition": (1, 0), "won": (1, 0)}


def test_is_even_where_as_many_were_won_as_lost() -> None:
    learnt = tabulate((*ended(1, "lost", "new"), *ended(1, "won", "won")), POSITIONS)

    assert score(learnt.teams[1], [("stage", "new")]).probability == 50


def test_lets_deals_without_a_team_and_teams_without_deals_learn_from_all() -> None:
    lines = (*ended(1, "won", "won"), *ended(2, "lost", "new"), *ended(0, "lost", "new"))
    learnt = tabulate(lines, POSITIONS)

    company = learnt.table(None, needed=1)
    assert company is not None
    # Each of the three brings tenths of its own.
    assert isclose(company.base.won_weight, 1.3)
    assert isclose(company.base.lost_weight, 2.3)
    assert learnt.table(3, needed=1) == company
    assert learnt.table(1, needed=1) == learnt.teams[1]


def test_lets_a_team_with_too_few_deals_learn_from_all() -> None:
    lines = (*ended(1, "won", "won"), *(line for _ in range(9) for line in ended(2, "lost", "new")))
    learnt = tabulate(lines, POSITIONS)

    assert learnt.table(1, needed=9) == learnt.company
    assert learnt.table(2, needed=9) == learnt.teams[2]
    assert learnt.table(1, needed=11) is None


@pytest.mark.parametrize(("times", "heard"), [(49, []), (50, ["tags"])])
def test_hears_tags_that_were_on_fifty_ended_deals(times: int, heard: list[str]) -> None:
    lines = [line for _ in range(times) for line in ended(1, "won", "won", ("tags", "7"))]
    learnt = tabulate([*lines, *ended(1, "lost", "new")], POSITIONS)

    assert [one.variable for one in score(learnt.teams[1], [("tags", "7")]).factors] == heard


def test_says_nothing_of_what_was_never_seen() -> None:
    table = worked_example().teams[2]

    assert score(table, [("state", "s9"), ("language", "fr")]).factors == ()


def test_takes_back_what_a_line_below_zero_takes_away() -> None:
    lines = list(ended(1, "won", "won", ("source", "4")))
    gone = [Seen(line.team, line.variable, line.value, -line.won, -line.lost) for line in lines]

    assert tabulate([*lines, *gone, *ended(2, "lost", "new")], POSITIONS).teams.keys() == {2}


traits = st.lists(
    st.tuples(st.sampled_from(["source", "state", "tags"]), st.sampled_from("abc")), max_size=4, unique=True
)
deals = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["won", "lost"]), st.sampled_from(list(POSITIONS)), traits),
    min_size=1,
    max_size=30,
)


def taught(some: list[tuple[int, str, str, list[Trait]]]) -> Learnt:
    return tabulate(
        [line for team, status, stage, has in some for line in ended(team, status, stage, *has)], POSITIONS
    )


@given(deals, traits, st.integers(0, 4))
def test_stays_between_lost_and_won(
    some: list[tuple[int, str, str, list[Trait]]], has: list[Trait], team: int
) -> None:
    table = taught(some).table(team, needed=1)

    assert table is not None
    assert LEAST <= score(table, has).probability <= MOST


@given(deals, traits, st.randoms(use_true_random=False))
def test_minds_no_order(
    some: list[tuple[int, str, str, list[Trait]]], has: list[Trait], chance: random.Random
) -> None:
    before = score(taught(some).company, has)

    chance.shuffle(some)
    chance.shuffle(has)

    assert score(taught(some).company, has) == before


@given(deals, traits)
def test_is_the_product_of_the_formula(
    some: list[tuple[int, str, str, list[Trait]]], has: list[Trait]
) -> None:
    table = taught(some).company
    shares = [
        (tally.won_weight / whole.won_weight, tally.lost_weight / whole.lost_weight)
        for trait in [*has, ("stage", "qualified")]
        if (tally := table.tallies.get(trait)) is not None
        for whole in [table.base if trait[0] == "stage" else table.totals[trait[0]]]
    ]
    won = table.base.won_weight * prod(share for share, _ in shares)
    lost = table.base.lost_weight * prod(share for _, share in shares)

    found = score(table, [*has, ("stage", "qualified")]).probability

    assert abs(float(found) - max(0.01, min(99.99, 100 * won / (won + lost)))) <= 0.0051


@given(deals, traits)
def test_adds_up_from_the_base_rate(some: list[tuple[int, str, str, list[Trait]]], has: list[Trait]) -> None:
    found = score(taught(some).company, [*has, ("stage", "new")])

    total = found.base_rate + sum(factor.points for factor in found.factors)
    assert abs(total - float(found.probability)) <= 0.0151
    if found.factors:
        assert round(found.base_rate) + sum(found.whole_points()) == max(1, min(99, round(found.probability)))
