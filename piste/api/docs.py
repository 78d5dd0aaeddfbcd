"""The page that explains the API to people, drawn from the OpenAPI document that programs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from piste.api.openapi import document
from piste.api.problems import KINDS
from piste.api.writing import ROOT
from piste.ui.answers import render

Schema = dict[str, Any]
#: Of longer choices only the first are shown; the document has all.
_NAMED = 40


@dataclass(frozen=True, slots=True)
class Member:
    """A field or a parameter: its name, what it takes, what it is."""

    name: str
    kind: str
    text: str
    needed: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One operation: method, address, what it does, what it asks."""

    id: str
    method: str
    path: str
    summary: str
    tone: str
    asks: list[Member]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A resource: its fields, and what can be done with it."""

    name: str
    label: str
    fields: list[Member]
    calls: list[Call]


_TONES = {"get": "blue", "post": "green", "patch": "amber", "delete": "red"}


def chapters(spec: Schema) -> list[Chapter]:
    return [_chapter(spec, tag) for tag in spec["tags"]]


def _chapter(spec: Schema, tag: Schema) -> Chapter:
    calls: list[Call] = []
    fields: list[Member] = []
    for path, methods in spec["paths"].items():
        for method, said in methods.items():
            if tag["name"] not in said["tags"]:
                continue
            calls.append(_call(spec, method, path, said))
            if method == "get" and path.endswith("{pk}"):
                fields = members(_json(spec, said["responses"]["200"]))
    return Chapter(tag["name"], tag["description"], fields, calls)


def _call(spec: Schema, method: str, path: str, said: Schema) -> Call:
    asks = [_parameter(one) for one in said.get("parameters", []) if one["in"] == "query"]
    # What is created or changed are the fields of the record, which the chapter shows already.
    if "requestBody" in said and method == "post" and not said["operationId"].endswith("_create"):
        asks += members(_json(spec, said["requestBody"]))
    shown = path.replace("{pk}", "{id}")
    return Call(said["operationId"], method.upper(), shown, said["summary"], _TONES[method], asks)


def _json(spec: Schema, content: Schema) -> Schema:
    """The shape of a body or an answer."""
    schema: Schema = content["content"]["application/json"]["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Schema = spec["components"]["schemas"][name] if name else schema
    return found


def members(schema: Schema) -> list[Member]:
    needed = () if schema.get("title") else schema.get("required", ())
    return [
        Member(name, kind_of(one), one.get("description", ""), name in needed, bool(one.get("readOnly")))
        for name, one in schema["properties"].items()
    ]


def _parameter(one: Schema) -> Member:
    text = one.get("description", "")
    return Member(one["name"], kind_of(one["schema"]), text, needed=one["required"], fixed=False)


def kind_of(schema: Schema) -> str:
    """What a value is, in few words."""
    if "enum" in schema:
        values = [str(value) for value in schema["enum"] if value not in (None, "")]
        return " | ".join(values[:_NAMED]) + (" | …" if len(values) > _NAMED else "")
    if "type" not in schema:
        return _("anything")
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "array" in kinds:
        return _("list of %(kind)s") % {"kind": kind_of(schema["items"])}
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("true or false"),
        "object": _("object"),
        "decimal": _("number as text"),
        "date": _("day"),
        "date-time": _("moment"),
        "uuid": "UUID",
    }
    word = words[schema["format"]] if schema.get("format") in words else words[kinds[0]]
    return _("%(kind)s or null") % {"kind": word} if "null" in kinds else word


def show(request: HttpRequest) -> HttpResponse:
    """The page, for whoever is signed in."""
    language = get_language() or "en"
    shown = {
        "chapters": chapters(document(language)),
        "kinds": KINDS,
        "base": f"{settings.BASE_URL}{ROOT}",
        "title": _("API"),
    }
    return render(request, "api/docs.html", shown)
