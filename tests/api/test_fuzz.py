"""Whatever is sent, the answer is a clear one: never a 500."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.api.listing import PARAMETERS
from piste.api.resources import Resource, resources
from piste.ui.conditions import OPERATORS
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs

ALL = list(resources())
WRITABLE = [resource for resource in ALL if not resource.read_only]
OPEN = settings(deadline=None, suppress_health_check=list(HealthCheck))
some_examples = settings(OPEN, max_examples=50)

NUMBERS = st.integers() | st.integers(-(2**70), 2**70) | st.floats() | st.decimals().map(str)
SCRAPS = (
    st.text(max_size=12)
    | st.sampled_from(
        [
            "",
            "0",
            "1",
            "-1",
            "null",
            "true",
            "2026-03-12",
            "9999-12-31",
            "1e309",
            "%",
            "\\",
            "'",
            "é",
            "\ud800",
        ]
    )
    | NUMBERS.map(str)
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | SCRAPS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCRAPS, inner, max_size=4),
    max_leaves=8,
)


def conditions(resource: Resource) -> st.SearchStrategy[str]:
    names = st.sampled_from([*resource.screen.search.builder, "id", "pk", "owner__email", ""])
    operators = st.sampled_from(sorted({name for names in OPERATORS.values() for name in names}))
    return st.tuples(names, operators | SCRAPS, SCRAPS).map("~".join)


def queries(resource: Resource) -> st.SearchStrategy[list[tuple[str, str]]]:
    orders = st.sampled_from([column.name for column in resource.columns])
    sign = st.sampled_from(["", "-", "--", ","])
    parts = st.one_of(
        st.tuples(st.just("w"), conditions(resource) | SCRAPS),
        st.tuples(
            st.just("f"),
            st.sampled_from([one.name for one in resource.screen.search.filters] or [""]) | SCRAPS,
        ),
        st.tuples(st.just("o"), st.tuples(sign, orders | SCRAPS).map("".join)),
        st.tuples(st.just("after"), SCRAPS | st.lists(JSON, min_size=1, max_size=3).map(cursor)),
        st.tuples(st.sampled_from(PARAMETERS) | SCRAPS, SCRAPS),
    )
    return st.lists(parts, max_size=5)


def cursor(values: list[Any]) -> str:
    """A cursor that nobody was given."""
    import base64

    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def bodies(resource: Resource) -> st.SearchStrategy[Any]:
    names = st.sampled_from([*resource.screen.form.base_fields, "id", "status"]) | SCRAPS
    return st.dictionaries(names, JSON, max_size=5).map(lambda body: {"name": "Écume"} | body) | JSON


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    deal = factories.deal(owner=max_, contact=factories.company(), expected_close="2026-03-12")
    deal.tags.add(factories.tag())
    return program(max_)


def is_clear(answer: Any) -> bool:
    """Whether it is JSON that a program can use."""
    kind = answer.headers["Content-Type"]
    fine = (
        answer.status_code < 500
        and kind == f"application/{'problem+' if answer.status_code >= 400 else ''}json"
    )
    return fine and isinstance(json.loads(answer.content), dict)


@pytest.mark.parametrize("resource", ALL, ids=lambda resource: resource.slug)
def test_any_address(resource: Resource, asking: Program) -> None:
    @settings(OPEN, max_examples=60 if resource.slug == "opportunities" else 12)
    @given(query=queries(resource))
    def any_of(query: list[tuple[str, str]]) -> None:
        assert is_clear(asking.get(f"/{resource.slug}?{urlencode(query, errors='surrogatepass')}"))

    any_of()


@pytest.mark.parametrize("resource", WRITABLE, ids=lambda resource: resource.slug)
def test_any_body(resource: Resource, asking: Program) -> None:
    made = json.loads(asking.post(f"/{resource.slug}", {"name": "Témoin"}).content)["id"]

    @settings(OPEN, max_examples=40 if resource.slug == "opportunities" else 8)
    @given(body=bodies(resource))
    def any_of(body: Any) -> None:
        assert is_clear(asking.post(f"/{resource.slug}", body))
        assert is_clear(asking.patch(f"/{resource.slug}/{made}", body))

    any_of()


@pytest.mark.parametrize("action", ["win", "lose", "move", "assign", "tag", "archive"])
def test_any_action(action: str, asking: Program) -> None:
    fields = st.sampled_from(["ids", "reason", "note", "competitor", "revive_on", "stage", "owner", "tags"])
    pk = json.loads(asking.get("/opportunities").content)["results"][0]["id"]

    @settings(OPEN, max_examples=12)
    @given(body=st.dictionaries(fields | SCRAPS, JSON, max_size=4) | JSON)
    def any_of(body: Any) -> None:
        assert is_clear(asking.post(f"/opportunities/{pk}/{action}", body))
        assert is_clear(asking.post(f"/opportunities/{action}", body))

    any_of()


def test_any_bytes(asking: Program) -> None:
    @some_examples
    @given(raw=st.binary(max_size=60) | st.binary(max_size=20).map(lambda part: b'{"name": "' + part + b'"}'))
    def any_of(raw: bytes) -> None:
        assert is_clear(asking.send("POST", "/opportunities", raw=raw))

    any_of()


def test_any_path_and_method(asking: Program) -> None:
    parts = st.sampled_from(["opportunities", "operations", "1", "0", "undo", "win", "lose", ".."]) | SCRAPS

    @some_examples
    @given(
        path=st.lists(parts, min_size=1, max_size=4),
        method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "X"]),
    )
    def any_of(path: list[str], method: str) -> None:
        address = urlencode({"": "/".join(path)}, errors="surrogatepass")[1:].replace("%2F", "/")
        answer = asking.send(method, f"/{address}")
        assert answer.status_code < 500

    any_of()


def test_any_key(asking: Program) -> None:
    plain = st.text(
        st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=300
    )

    @some_examples
    @given(header=plain, key=plain)
    def any_of(header: str, key: str) -> None:
        assert is_clear(asking.get("/opportunities", Authorization=header))
        assert is_clear(asking.get("/opportunities", Authorization=f"Bearer {header}"))
        assert is_clear(asking.get("/opportunities", Accept_Language=header))
        assert is_clear(asking.post("/tags", {}, Idempotency_Key=key))

    any_of()
