"""The address bar as a value: what is written is read again, and nonsense is no address."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from piste.ui.state import BadAddress, ViewState

words = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), max_size=20)
filled = words.filter(bool)
states = st.builds(
    ViewState,
    mode=words,
    text=words.map(str.strip),
    filters=st.none() | st.lists(filled, max_size=4).map(tuple),
    wheres=st.lists(filled, max_size=4).map(tuple),
    groups=st.lists(filled, max_size=2).map(tuple),
    sort=words,
    columns=words,
    total=words,
    segment=words,
    lane=st.none() | words,
    after=words,
    panel=words,
)


@given(state=states)
def test_reads_what_it_wrote(state: ViewState) -> None:
    query = state.query(after=state.after, panel=state.panel, lane=state.lane)

    assert ViewState.parse(QueryDict(query)) == state


@given(state=states)
def test_a_link_forgets_the_place_in_the_list(state: ViewState) -> None:
    linked = ViewState.parse(QueryDict(state.query()))

    assert (linked.after, linked.panel, linked.lane) == ("", "", None)


def test_tells_no_filters_from_none_named() -> None:
    assert ViewState.parse(QueryDict("")).filters is None
    assert ViewState.parse(QueryDict("f=")).filters == ()
    assert ViewState(filters=()).query() == "f="


def test_a_click_adds_and_removes_a_filter() -> None:
    state = ViewState()

    assert state.toggled("won", ("mine",)) == ("mine", "won")
    assert state.toggled("mine", ("mine", "won")) == ("won",)


@pytest.mark.parametrize(
    "query", ["q=%00", "g=a%00b", "&".join(f"x{n}=1" for n in range(40)), "&".join(["w=a~is~b"] * 200)]
)
def test_refuses_what_is_out_of_all_measure(query: str) -> None:
    with pytest.raises(BadAddress):
        ViewState.parse(QueryDict(query))
