"""Every resource can be listed, read, written and undone, by its screen being registered."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.api.resources import Resource, resources
from piste.core.models import Operation
from piste.ui.forms import BesideField
from piste.ui.screen import screens

from .conftest import Programs, problem, told

ALL = list(resources())
WRITABLE = [resource for resource in ALL if not resource.read_only]
by_slug = pytest.mark.parametrize("resource", ALL, ids=lambda resource: resource.slug)
writable = pytest.mark.parametrize("resource", WRITABLE, ids=lambda resource: resource.slug)


@pytest.fixture(autouse=True)
def _stages(stages: Any) -> None: ...


def make(program: Any, resource: Resource, name: str = "Écume") -> Any:
    return told(program.post(f"/{resource.slug}", {"name": name}), 201)


def fields_of(resource: Resource) -> set[str]:
    """What the form writes into the record; questions beside it are no fields."""
    fields = resource.screen.form.base_fields.items()
    return {name for name, field in fields if not isinstance(field, BesideField)}


def test_offers_every_screen() -> None:
    assert {resource.slug for resource in ALL} == {screen.slug for screen in screens()}


@by_slug
def test_lists(resource: Resource, program: Programs, max_: User) -> None:
    found = told(program(max_).get(f"/{resource.slug}"))

    assert found["count"] == len(found["results"])
    assert found["more"] is False
    assert found["next"] is None


@by_slug
def test_names_its_fields_as_the_model(resource: Resource, program: Programs, max_: User) -> None:
    asking = program(max_)
    if not resource.read_only:
        make(asking, resource)

    record = told(asking.get(f"/{resource.slug}"))["results"][0]

    own = {field.name for field in resource.screen.model._meta.get_fields()}
    assert set(record) - {"names"} <= own
    assert fields_of(resource) <= set(record)


@writable
def test_creates_and_reads(resource: Resource, program: Programs, max_: User) -> None:
    answer = program(max_).post(f"/{resource.slug}", {"name": "Écume"})

    made = told(answer, 201)
    read = told(program(max_).get(f"/{resource.slug}/{made['id']}"))
    assert answer.headers["Location"] == f"/api/v1/{resource.slug}/{made['id']}"
    assert answer.headers["X-Undo"] == made["operation"]
    said = ("operation", "message", "duplicates")
    assert read == {name: value for name, value in made.items() if name not in said}
    assert read["name"] == "Écume"


@writable
def test_takes_back_what_it_gave(resource: Resource, program: Programs, max_: User) -> None:
    asking = program(max_)
    made = make(asking, resource)
    fields = {name: made[name] for name in fields_of(resource)}

    changed = told(asking.patch(f"/{resource.slug}/{made['id']}", fields))

    assert {name: changed[name] for name in fields} == fields


@writable
def test_changes_only_what_is_given(resource: Resource, program: Programs, max_: User) -> None:
    asking = program(max_)
    made = make(asking, resource)

    told(asking.patch(f"/{resource.slug}/{made['id']}", {"name": "Embrun"}))

    read = told(asking.get(f"/{resource.slug}/{made['id']}"))
    differs = {name for name in read if read[name] != made[name]}
    assert differs - {"updated_at"} == {"name"}


@writable
def test_deletes_and_undoes(resource: Resource, program: Programs, max_: User) -> None:
    asking = program(max_)
    made = make(asking, resource)

    gone = told(asking.delete(f"/{resource.slug}/{made['id']}"))
    problem(asking.get(f"/{resource.slug}/{made['id']}"), 404, "not-found")
    back = told(asking.post(f"/operations/{gone['operation']}/undo"))

    assert back["undone"] == gone["operation"]
    assert told(asking.get(f"/{resource.slug}/{made['id']}"))["name"] == "Écume"


@writable
def test_undoes_a_creation_and_a_change(resource: Resource, program: Programs, max_: User) -> None:
    asking = program(max_)
    made = make(asking, resource)
    changed = told(asking.patch(f"/{resource.slug}/{made['id']}", {"name": "Embrun"}))

    told(asking.post(f"/operations/{changed['operation']}/undo"))
    assert told(asking.get(f"/{resource.slug}/{made['id']}"))["name"] == "Écume"

    told(asking.post(f"/operations/{made['operation']}/undo"))
    problem(asking.get(f"/{resource.slug}/{made['id']}"), 404, "not-found")


@writable
def test_tells_the_history_who_and_through_what(resource: Resource, program: Programs, max_: User) -> None:
    made = make(program(max_), resource)

    done = Operation.objects.get(pk=made["operation"])
    assert (done.by, done.via) == (max_, "api")
    assert done.about["pk"] == made["id"]


def test_people_are_names_only(program: Programs, anna: User) -> None:
    record = told(program(anna).get(f"/users/{anna.pk}"))

    assert record == {"id": anna.pk, "name": "Anna Kerbrat", "is_active": True, "names": {}}
    for method, path in (("POST", "/users"), ("PATCH", f"/users/{anna.pk}"), ("DELETE", f"/users/{anna.pk}")):
        problem(program(anna).send(method, path, {"name": "Eve"}), 405, "method-not-allowed")


@pytest.mark.parametrize("asked", ["w=email~contains~anna", "w=role~is~manager", "o=email", "o=last_login"])
def test_people_cannot_be_asked_for_the_rest(asked: str, program: Programs, anna: User) -> None:
    problem(program(anna).get(f"/users?{asked}"), 400, "bad-request")


def test_people_are_not_found_by_address(program: Programs, anna: User) -> None:
    assert program(anna).names("/users?q=piste.example") == []
    assert program(anna).names("/users?q=kerbrat") == ["Anna Kerbrat"]
