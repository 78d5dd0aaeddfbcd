"""The shapes of records, bodies and answers in the OpenAPI document, from models and forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from piste.api.columns import Column
from piste.api.problems import KINDS
from piste.api.resources import Resource
from piste.api.shapes import Shape, shape_of
from piste.core.merge import MOST
from piste.ui.acting import BULK_LIMIT
from piste.ui.forms import restricted
from piste.ui.screen import Action

Schema = dict[str, Any]

_DECIMAL: Schema = {"type": "string", "format": "decimal"}
_UUID: Schema = {"type": "string", "format": "uuid"}
_KINDS: dict[str, Schema] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "money": _DECIMAL,
    "percent": _DECIMAL,
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "relation": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "tags": {"type": "array", "items": {"type": "integer"}},
}
_SHAPES: dict[Shape, Schema] = {
    "boolean": {"type": "boolean"},
    "choice": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "decimal": {"type": ["string", "number"], "format": "decimal"},
    "integer": {"type": "integer"},
    "key": {"type": "integer"},
    "keys": {"type": "array", "items": {"type": "integer"}},
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def components(resources: list[Resource]) -> dict[str, Schema]:
    """Every named shape, in the reader's language."""
    made = {"Problem": problem(), "Operation": operation(), "Undone": undone()}
    made |= {"Done": done(), "DoneToMany": done_to_many()}
    made |= {"Duplicates": duplicates(), "DuplicatesAsked": duplicates_asked(resources)}
    for resource in resources:
        made[resource.name] = record(resource)
        made[f"{resource.name}Page"] = page(resource)
        if resource.read_only:
            continue
        made[f"{resource.name}Written"] = after_write(resource)
        if resource.screen.similar is not None:
            made[f"{resource.name}Created"] = after_create(resource)
        made[f"{resource.name}Create"] = create_body(resource)
        made[f"{resource.name}Change"] = body(resource.screen.form, resource.screen.model)
        if resource.screen.merge is not None:
            made[f"{resource.name}Merge"] = merge_body(resource)
        for action in resource.screen.actions:
            if takes(action):
                made[form_name(resource, action)] = one_body(resource, action)
            if action.bulk:
                made[form_name(resource, action, many=True)] = many_body(action)
    return made


def form_name(resource: Resource, action: Action, *, many: bool = False) -> str:
    """What the body of an action is called."""
    return f"{resource.name}{action.name.title().replace('-', '')}{'Many' if many else ''}"


def record(resource: Resource) -> Schema:
    properties = {column.name: _read(column) for column in resource.columns}
    related = [column for column in resource.columns if column.related]
    properties["names"] = {
        **_object({column.name: _name_of(column) for column in related}),
        "description": _("The names of the records that the fields point to, in the reader's language."),
    }
    return _object(properties) | {"title": resource.screen.label}


def after_write(resource: Resource) -> Schema:
    """The record and what was done – or only that, where the record is now out of the writer's reach."""
    return {"anyOf": [{"allOf": [ref(resource.name), ref("Done")]}, ref("Done")]}


def after_create(resource: Resource) -> Schema:
    """The same, and the records that may be the same one."""
    found = _object({"duplicates": ref("Duplicates")})
    return {"allOf": [after_write(resource), found]}


def _name_of(column: Column) -> Schema:
    name: Schema = {"type": ["string", "null"]}
    return {"type": "array", "items": name} if column.is_many else name


def _read(column: Column) -> Schema:
    field = column.path.field
    schema = dict(_choices(field) or _kind(column))
    # What the database works out says by the field of its value whether it may be missing.
    if field.null or getattr(getattr(field, "output_field", None), "null", False):
        schema = _or_null(schema)
    if column.name == "id":
        return schema | {"description": _("The number that addresses name it by."), "readOnly": True}
    return schema | {"description": column.path.label} | ({} if column.writable else {"readOnly": True})


def _kind(column: Column) -> Schema:
    field = getattr(column.path.field, "output_field", None) or column.path.field
    if isinstance(field, ArrayField):
        return _SHAPES["texts"]
    if isinstance(field, models.IntegerField):
        return _SHAPES["integer"]
    return _KINDS[column.path.kind]


def _choices(field: Any) -> Schema | None:
    """The values of a choice as they come: text or whole numbers."""
    if not field.choices:
        return None
    values = [value for value, _label in field.flatchoices]
    kind = "integer" if isinstance(field, models.IntegerField) else "string"
    if field.blank and kind == "string" and "" not in values:
        values.append("")
    return {"type": kind, "enum": values}


def _or_null(schema: Schema) -> Schema:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable = schema | {"type": [*kinds, "null"]}
    return nullable | {"enum": [*schema["enum"], None]} if "enum" in schema else nullable


def page(resource: Resource) -> Schema:
    count = {"type": ["integer", "null"], "description": _("How many there are in all; null beyond 10,000.")}
    more = {"type": "boolean", "description": _("Whether there are more than 10,000.")}
    following = {"type": ["string", "null"], "description": _("Send it as `after` for the next page.")}
    results = {"type": "array", "items": ref(resource.name)}
    whole = _object({"count": count, "more": more, "next": following, "results": results})
    return whole | {"title": resource.screen.label_plural}


def _object(properties: Mapping[str, Schema]) -> Schema:
    """An answer that always has all of these."""
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def body(form: type[forms.BaseForm], model: type[models.Model] | None, *, creating: bool = False) -> Schema:
    """What a form takes. `creating` says that what it requires must be there."""
    fields = form().fields
    properties = {name: written(field, model, name) for name, field in fields.items()}
    needed = [name for name, field in fields.items() if creating and _is_needed(field, model, name)]
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": needed} if needed else {})


def create_body(resource: Resource) -> Schema:
    """What a new record takes; fields for those who bring records from elsewhere say so."""
    screen = resource.screen
    schema = body(screen.brought or screen.form, screen.model, creating=True)
    for name in schema["properties"].keys() - screen.form.base_fields.keys():
        schema["properties"][name] |= {"description": _("For administrators, of records from elsewhere.")}
    return schema


def _is_needed(field: forms.Field, model: type[models.Model] | None, name: str) -> bool:
    """Whether a new record has to be given the field: one with a default has not."""
    if not field.required:
        return False
    return model is None or not model._meta.get_field(name).has_default()  # type: ignore[union-attr]


def written(field: forms.Field, model: type[models.Model] | None, name: str) -> Schema:
    shape = shape_of(field, model, name)
    schema = dict(_SHAPES[shape])
    if shape == "choice" and isinstance(field, forms.ChoiceField):
        schema |= _offered(field)
    if isinstance(field, forms.DateTimeField):
        schema |= {"format": "date-time"}
    if shape == "text" and getattr(field, "max_length", None):
        schema["maxLength"] = field.max_length  # type: ignore[attr-defined]
    if not field.required:
        schema = _or_null(schema)
    said = " – ".join(str(part) for part in (field.label, field.help_text) if part)
    return schema | ({"description": said} if said else {})


def _offered(field: forms.ChoiceField) -> Schema:
    """The values of a choice; those that are numbers may come as numbers."""
    values: list[Any] = [value for value, _label in _flat(field.choices)]
    if all(isinstance(value, int) for value in values if value != ""):
        return {"type": "integer", "enum": [value for value in values if value != ""]}
    return {"enum": [str(value) for value in values]}


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for value, label in choices:
        flat += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return flat


def takes(action: Action) -> bool:
    """Whether the action on one record has a body."""
    return action.form is not None or bool(action.fills)


def one_body(resource: Resource, action: Action) -> Schema:
    """The body of an action on one record: what the action asks, and what a rule may ask for first."""
    screen = resource.screen
    asked = body(action.form or forms.Form, None, creating=True)
    filled = body(restricted(screen.form, *action.fills), screen.model)["properties"] if action.fills else {}
    return asked | {"properties": asked["properties"] | filled}


def many_body(action: Action) -> Schema:
    """The body of an action on many records: which, and what the action asks."""
    form = action.many_form or action.form
    asked = body(form, None, creating=True) if form else {"properties": {}}
    ids = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": BULK_LIMIT}
    return {
        "type": "object",
        "properties": {"ids": ids | {"description": _("The records; those out of reach are left out.")}}
        | asked["properties"],
        "required": ["ids", *asked.get("required", [])],
        "additionalProperties": False,
    }


def merge_body(resource: Resource) -> Schema:
    """Which records become one, which of them stays, and values that it takes whatever the rules say."""
    ids = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": MOST}
    survivor = {"type": ["integer", "null"], "description": _("The one that stays; else the best one.")}
    return {
        "type": "object",
        "properties": {"ids": ids, "survivor": survivor, "values": ref(f"{resource.name}Change")},
        "required": ["ids"],
        "additionalProperties": False,
    }


def done() -> Schema:
    return _object({"id": {"type": "integer"}, **_said()})


def done_to_many() -> Schema:
    return _object({"ids": {"type": "array", "items": {"type": "integer"}}, **_said()})


def undone() -> Schema:
    return _object({"undone": _UUID | {"description": _("The operation that was taken back.")}, **_said()})


def duplicates() -> Schema:
    one = _object(
        {
            "resource": {"type": "string", "description": _("The list it is in, as `customers`.")},
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "note": {"type": "string", "description": _("What tells it from others of its name.")},
            "score": {"type": "integer", "description": _("How likely it is the same, from 0 to 100.")},
            "reasons": {"type": "array", "items": {"type": "string"}},
        }
    )
    hidden = _("Whether there are others that the key's owner may not see.")
    return _object(
        {
            "results": {"type": "array", "items": one},
            "hidden": {"type": "boolean", "description": hidden},
            "message": {"type": "string", "description": _("What to say of those, or nothing.")},
        }
    )


def duplicates_asked(resources: list[Resource]) -> Schema:
    """The fields of an unsaved record of any resource, with the resource's name."""
    asked: Schema = {}
    compared = [one for one in resources if one.screen.similar is not None and not one.read_only]
    for resource in compared:
        asked |= body(resource.screen.form, resource.screen.model)["properties"]
    slugs = {"type": "string", "enum": [one.slug for one in compared]}
    return {
        "type": "object",
        "properties": {"resource": slugs | {"description": _("What it would be.")}} | asked,
        "required": ["resource"],
        "additionalProperties": False,
    }


def _said() -> dict[str, Schema]:
    return {
        "operation": _UUID | {"description": _("What was done; it can be undone by this.")},
        "message": {"type": "string", "description": _("The same in a sentence for people.")},
    }


def operation() -> Schema:
    return _object(
        {
            "id": _UUID,
            "command": {"type": "string", "description": _("What was done, as `opportunity.move`.")},
            "via": {"type": "string", "description": _("Through what: web, api, command, import …")},
            "at": {"type": "string", "format": "date-time"},
            "about": {"type": "object", "description": _("Model, key, name and number of the records.")},
            "undone_by": _or_null(_UUID),
            "undoable": {"type": "boolean"},
        }
    )


def problem() -> Schema:
    errors = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
    return {
        "type": "object",
        "title": _("Problem (RFC 9457)"),
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "examples": [kind.name for kind in KINDS]},
            "title": {"type": "string"},
            "status": {"type": "integer", "enum": sorted({kind.status for kind in KINDS})},
            "detail": {"type": "string"},
            "errors": errors | {"description": _("What is wrong with each field, in sentences.")},
            "changed_since": {
                "type": "array",
                "items": _object(
                    {
                        "model": {"type": "string"},
                        "id": {"type": "integer"},
                        "field": {"type": ["string", "null"]},
                    }
                ),
                "description": _("What stands in the way of an undo; without a field the whole record."),
            },
            "rest": {"type": "string", "description": _("Where to undo what nobody has changed since.")},
            "code": {"type": "string", "description": _("Lets an administrator find the error.")},
        },
    }
