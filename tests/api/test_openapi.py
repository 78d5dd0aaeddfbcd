"""The OpenAPI document names everything there is, and what it says of it is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.urls import Resolver404, resolve

from piste.accounts.models import User
from piste.api.openapi import api, document
from piste.api.resources import Resource, resources
from piste.ui.forms import BesideField
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, told

SPEC = document("en")
Operations = list[tuple[str, str, dict[str, Any]]]
METHODS = {"get", "post", "patch", "delete"}
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip
FORMATS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat, "uuid": UUID, "decimal": float}


def operations() -> Operations:
    return [
        (path, method, said) for path, methods in SPEC["paths"].items() for method, said in methods.items()
    ]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)


def named(ref: str) -> Any:
    assert ref.startswith("#/components/schemas/")
    return SPEC["components"]["schemas"][ref.rpartition("/")[2]]


def conform(value: Any, schema: dict[str, Any], at: str = "") -> None:
    """Hold a value against a schema."""
    if "$ref" in schema:
        schema = named(schema["$ref"])
    for part in schema.get("allOf", ()):
        conform(value, part, at)
    options = schema.get("anyOf", ())
    assert not options or any(_conforms(value, option) for option in options), at
    if "type" in schema:
        _conform_in_kind(value, schema, at)
    for item in value if isinstance(value, list) else ():
        conform(item, schema["items"], f"{at}[]")
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value), at
        for name in set(value) & set(schema.get("properties", {})):
            conform(value[name], schema["properties"][name], f"{at}.{name}")


def _conform_in_kind(value: Any, schema: dict[str, Any], at: str) -> None:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, TYPES[kind]) for kind in kinds), f"{at}: {value!r} is not {kinds}"
    assert not isinstance(value, bool) or "boolean" in kinds, at
    assert "enum" not in schema or value in schema["enum"], f"{at}: {value!r} is not {schema['enum']}"
    if isinstance(value, str) and schema.get("format") in FORMATS:
        FORMATS[schema["format"]](value)


def _conforms(value: Any, schema: dict[str, Any]) -> bool:
    try:
        conform(value, schema)
    except AssertionError:
        return False
    return True


def answer_of(method: str, path: str, status: int = 200) -> dict[str, Any]:
    content = SPEC["paths"][path][method]["responses"][str(status)]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema


def test_is_one_of_3_1() -> None:
    assert SPEC["openapi"] == "3.1.0"
    assert SPEC["info"]["title"] == "Piste"
    assert set(SPEC["components"]["securitySchemes"]) == {"Bearer", "Session"}


def test_every_reference_leads_somewhere() -> None:
    refs = {node["$ref"] for node in nodes(SPEC) if isinstance(node.get("$ref"), str)}

    assert refs
    assert all(named(ref) for ref in refs)


def test_every_shape_is_used() -> None:
    used = {node["$ref"].rpartition("/")[2] for node in nodes(SPEC) if isinstance(node.get("$ref"), str)}

    assert set(SPEC["components"]["schemas"]) <= used


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [said["operationId"] for _path, _method, said in operations()]

    assert len(set(names)) == len(names)


def test_every_operation_says_what_it_takes_and_answers() -> None:
    for path, method, said in operations():
        assert method in METHODS
        assert said["summary"]
        assert said["security"] == [{"Bearer": []}, {"Session": []}]
        assert {"401", "403"} <= set(said["responses"])
        assert all(response["description"] for response in said["responses"].values())
        assert all("content" in response for response in said["responses"].values())
        in_path = {one["name"] for one in said["parameters"] if one["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))
        names = [(one["in"], one["name"]) for one in said["parameters"]]
        assert len(set(names)) == len(names)
        assert (("header", "Idempotency-Key") in names) == (method != "get")


def test_every_documented_address_is_there() -> None:
    for path, _method, _said in operations():
        address = path.replace("{pk}", str(UUID(int=1)) if "operations" in path else "1")
        try:
            assert resolve(address).url_name != "nothing", address
        except Resolver404:
            pytest.fail(address)


def test_every_address_is_documented() -> None:
    built = {route for route in (str(pattern.pattern) for pattern in api.urls[0]) if route}
    plain = {"/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in built}

    assert plain == set(SPEC["paths"])


@pytest.mark.parametrize("resource", list(resources()), ids=lambda resource: resource.slug)
def test_names_every_field_filter_and_action(resource: Resource) -> None:
    base = f"/api/v1/{resource.slug}"
    record = SPEC["components"]["schemas"][resource.name]
    parameters = {one["name"]: one for one in SPEC["paths"][base]["get"]["parameters"]}

    assert set(record["properties"]) == {column.name for column in resource.columns} | {"names"}
    for one in resource.screen.search.filters:
        assert one.name in parameters["f"]["schema"]["items"]["enum"]
    for name in resource.screen.search.builder:
        assert re.search(rf"\b{name}\b", parameters["w"]["description"])
    for action in resource.screen.actions:
        assert f"{base}/{{pk}}/{action.name}" in SPEC["paths"]
        assert not action.bulk or f"{base}/{action.name}" in SPEC["paths"]


@pytest.mark.parametrize("resource", [r for r in resources() if not r.read_only], ids=lambda r: r.slug)
def test_marks_what_cannot_be_written(resource: Resource) -> None:
    properties = SPEC["components"]["schemas"][resource.name]["properties"]
    writable = {name for name, one in properties.items() if not one.get("readOnly")} - {"names"}

    # What is asked besides is answered with a write, and no column.
    asked = {
        name for name, field in resource.screen.form.base_fields.items() if isinstance(field, BesideField)
    }
    assert writable | asked == set(SPEC["components"]["schemas"][f"{resource.name}Change"]["properties"])


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    return program(max_)


@pytest.mark.parametrize("resource", list(resources()), ids=lambda resource: resource.slug)
def test_answers_are_as_documented(resource: Resource, asking: Program) -> None:
    base = f"/api/v1/{resource.slug}"
    if not resource.read_only:
        made = told(asking.post(f"/{resource.slug}", {"name": "Écume"}), 201)
        conform(made, answer_of("post", base, 201))
        changed = told(asking.patch(f"/{resource.slug}/{made['id']}", {"name": "Embrun"}))
        conform(changed, answer_of("patch", f"{base}/{{pk}}"))
        undo = "/api/v1/operations/{pk}/undo"
        undone = told(asking.post(f"/operations/{changed['operation']}/undo"))
        conform(undone, answer_of("post", undo))
        done = told(asking.get(f"/operations/{changed['operation']}"))
        conform(done, answer_of("get", "/api/v1/operations/{pk}"))

    page = told(asking.get(f"/{resource.slug}"))
    conform(page, answer_of("get", base))
    assert page["results"]
    for record in page["results"]:
        conform(told(asking.get(f"/{resource.slug}/{record['id']}")), answer_of("get", f"{base}/{{pk}}"))


def test_answers_full_of_values_are_as_documented(asking: Program, anna: User, stages: Stages) -> None:
    deal = factories.deal(
        owner=anna, contact=factories.company(), source=factories.source(), expected_close="2026-03-12",
        recurring_revenue=Decimal(10), recurring_plan=factories.recurring_plan(), priority=3, country="FR", colour="red",
    )  # fmt: skip
    deal.tags.add(factories.tag())
    lost = {"reason": factories.lost_reason().pk, "note": "x", "revive_on": "2026-09-01"}

    done = told(asking.post(f"/opportunities/{deal.pk}/lose", lost))

    conform(done, answer_of("post", "/api/v1/opportunities/{pk}/lose"))
    many = told(asking.post("/opportunities/reopen", {"ids": [deal.pk]}))
    conform(many, answer_of("post", "/api/v1/opportunities/reopen"))
    gone = told(asking.delete(f"/opportunities/{deal.pk}"))
    conform(gone, answer_of("delete", "/api/v1/opportunities/{pk}"))


def test_problems_are_as_documented(asking: Program) -> None:
    deal = factories.deal()
    first = told(asking.patch(f"/opportunities/{deal.pk}", {"priority": 1}))["operation"]
    told(asking.patch(f"/opportunities/{deal.pk}", {"priority": 2}))

    for answer in (
        asking.post("/opportunities", {}),
        asking.get("/opportunities?x=1"),
        asking.get("/opportunities/1", Authorization=""),
        asking.post(f"/operations/{first}/undo"),
    ):
        conform(json.loads(answer.content), SPEC["components"]["schemas"]["Problem"])


def test_is_served_in_the_language_asked_for(asking: Program) -> None:
    english, french = (told(asking.get("/openapi.json", Accept_Language=name)) for name in ("en", "fr"))

    assert english == SPEC
    assert set(french["paths"]) == set(english["paths"])
    assert french["info"]["description"] != english["info"]["description"]
