"""The API, built from the screens: a screen that is registered has its addresses here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from piste.api import duplicates, listing, merging, operations, scoring, writing
from piste.api.auth import Bearer, Session
from piste.api.once import HEADER, LONGEST, once
from piste.api.parameters import list_parameters
from piste.api.problems import MEDIA_TYPE, answer
from piste.api.resources import Resource, resources
from piste.api.schemas import form_name, ref, takes
from piste.api.unchanged import HEADER as MATCH
from piste.api.unchanged import if_unchanged
from piste.ui.screen import Action

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

VERSION = "1"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API: where, what, and what it says of itself."""

    method: str
    path: str
    view: View
    id: str
    summary: StrPromise
    answer: str
    body: str = ""
    status: int = 200
    parameters: tuple[dict[str, Any], ...] = ()
    problems: tuple[int, ...] = (401, 403, 404)

    def add_to(self, router: Router) -> None:
        router.add_api_operation(
            self.path,
            [self.method],
            self.view,
            response={self.status: None},
            operation_id=self.id,
            url_name=self.id,
            summary=self.summary,  # type: ignore[arg-type] # lazy, so that each document is in its language
            openapi_extra=self._said(),
        )

    def _said(self) -> dict[str, Any]:
        said: dict[str, Any] = {"responses": {self.status: _content(self.answer)}}
        for status in self.problems:
            said["responses"][status] = _content("Problem", MEDIA_TYPE) | {"description": _PROBLEMS[status]}
        if self.body:
            said["requestBody"] = {"required": True} | _content(self.body)
        said["parameters"] = [*self.parameters, *([_ONCE] if self.method != "GET" else [])]
        return said


_PROBLEMS = {
    308: _("Merged into another record, whose address is in Location."),
    400: _("The address or the body cannot be read."),
    401: _("No key, or one that opens nothing."),
    403: _("The role or the key does not include it."),
    404: _("Nothing there that you have access to."),
    409: _("Refused, in a sentence."),
    412: _("Changed since it was read, as If-Match asks."),
    422: _("Values that need correcting, field by field."),
}
_WRITING_ONE = (400, 401, 403, 404, 409, 412, 422)
_MATCH = {
    "name": MATCH,
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": _(
        "The ETag of the record as it was read: when it has been changed since, nothing is done."
    ),
}
_ONCE = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST},
    "description": _("Names the request, so that sending it again within 24 hours does nothing twice."),
}


def _content(name: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": ref(name)}}}


def build() -> NinjaAPI:
    """All resources, operations and undo, behind one door."""
    api = NinjaAPI(
        title="Piste",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        auth=[Bearer(), Session()],
    )
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, answer)  # type: ignore[arg-type] # it gets an error, never a class
    for resource in resources():
        api.add_router(f"/{resource.slug}", router_of(resource))
    api.add_router("/operations", operations_router())
    api.add_router("/duplicates", duplicates_router())
    api.add_router("/scoring", scoring_router())
    return api


def router_of(resource: Resource) -> Router:
    router = Router(tags=[resource.slug])
    for route in (*_reading(resource), *(() if resource.read_only else _writing(resource))):
        _leading_on(resource, route).add_to(router)
    if resource.screen.merge is not None and not resource.read_only:
        _merging(resource).add_to(router)
    if resource.screen.similar is not None and not resource.read_only:
        _leading_on(resource, _similar(resource)).add_to(router)
    if scoring.has_scores(resource):
        _leading_on(resource, _score(resource)).add_to(router)
    return router


def _leading_on(resource: Resource, route: Route) -> Route:
    """The route; of a record that was merged it tells where that is now. What was to be deleted is gone."""
    if resource.screen.merge is None or "{int:pk}" not in route.path or route.method == "DELETE":
        return route
    return replace(route, view=merging.leading_on(resource, route.view), problems=(308, *route.problems))


def _merging(resource: Resource) -> Route:
    meta = resource.screen.model._meta
    return Route(
        "POST",
        "/merge",
        _once(lambda request: merging.merge(resource, request)),
        f"{resource.slug.replace('-', '_')}_merge",
        format_lazy(_("Merge into one: {things}"), things=meta.verbose_name_plural),
        f"{resource.name}Written",
        f"{resource.name}Merge",
        problems=(400, 401, 403, 409, 422),
    )


def _similar(resource: Resource) -> Route:
    meta = resource.screen.model._meta
    return Route(
        "GET",
        "/{int:pk}/duplicates",
        _of_one(lambda request, pk: duplicates.of_record(resource, request, pk)),
        f"{resource.slug.replace('-', '_')}_duplicates",
        format_lazy(_("Find records like one: {thing}"), thing=meta.verbose_name),
        "Duplicates",
    )


def _score(resource: Resource) -> Route:
    meta = resource.screen.model._meta
    return Route(
        "GET",
        "/{int:pk}/score",
        _of_one(lambda request, pk: scoring.of_deal(resource, request, pk)),
        f"{resource.slug}_score",
        format_lazy(_("Explain the score: {thing}"), thing=meta.verbose_name),
        "Score",
    )


def scoring_router() -> Router:
    """For administrators."""
    router = Router(tags=["scoring"])

    def show(request: HttpRequest) -> HttpResponse:
        return scoring.show(request)

    for route in (
        Route(
            "GET",
            "",
            show,
            "scoring_read",
            _("Read what scores are learnt from"),
            "Scoring",
            problems=(401, 403),
        ),
        Route(
            "POST",
            "/rebuild",
            _once(scoring.rebuild),
            "scoring_rebuild",
            _("Count all ended deals and score all open ones anew"),
            "ScoringRebuilt",
            problems=(400, 401, 403),
        ),
    ):
        route.add_to(router)
    return router


def duplicates_router() -> Router:
    router = Router(tags=["duplicates"])

    def find(request: HttpRequest) -> HttpResponse:
        return duplicates.of_fields(request)

    Route(
        "POST",
        "",
        find,
        "duplicates_find",
        _("Find records like one that is not saved"),
        "Duplicates",
        "DuplicatesAsked",
        problems=(400, 401, 403, 422),
    ).add_to(router)
    return router


def _reading(resource: Resource) -> tuple[Route, ...]:
    meta, slug = resource.screen.model._meta, resource.slug.replace("-", "_")
    return (
        Route(
            "GET",
            "",
            lambda request: listing.page_of(resource, request),
            f"{slug}_list",
            format_lazy(_("List {things}"), things=meta.verbose_name_plural),
            f"{resource.name}Page",
            parameters=list_parameters(resource),
            problems=(400, 401, 403),
        ),
        Route(
            "GET",
            "/{int:pk}",
            _of_one(lambda request, pk: listing.read_one(resource, request, pk)),
            f"{slug}_read",
            format_lazy(_("Read one: {thing}"), thing=meta.verbose_name),
            resource.name,
        ),
    )


def _of_one(view: View) -> View:
    """A view of one record, its key in the address."""

    def shown(request: HttpRequest, pk: int) -> HttpResponse:
        return view(request, pk)

    return shown


def _once(view: View) -> View:
    """A view that writes."""

    def done(request: HttpRequest) -> HttpResponse:
        return once(request, lambda: view(request))

    return done


def _once_to_one(resource: Resource, verb: str, view: View) -> View:
    """A view that writes one record, if that is still what the program has read."""

    def done(request: HttpRequest, pk: int) -> HttpResponse:
        return once(request, lambda: if_unchanged(resource, verb, request, pk, lambda: view(request, pk)))

    return done


def _writing(resource: Resource) -> tuple[Route, ...]:
    meta, slug, thing = resource.screen.model._meta, resource.slug.replace("-", "_"), resource.name
    routes = [
        Route(
            "POST",
            "",
            _once(lambda request: writing.create(resource, request)),
            f"{slug}_create",
            format_lazy(_("Create: {thing}"), thing=meta.verbose_name),
            f"{thing}Created" if resource.screen.similar else f"{thing}Written",
            f"{thing}Create",
            status=201,
            problems=(400, 401, 403, 409, 422),
        ),
        Route(
            "PATCH",
            "/{int:pk}",
            _once_to_one(resource, "change", lambda request, pk: writing.change(resource, request, pk)),
            f"{slug}_change",
            format_lazy(_("Change the given fields: {thing}"), thing=meta.verbose_name),
            f"{thing}Written",
            f"{thing}Change",
            parameters=(_MATCH,),
            problems=_WRITING_ONE,
        ),
    ]
    if resource.screen.deletable:
        routes.append(_deleting(resource))
    for action in resource.screen.actions:
        routes += _acting(resource, action)
    return tuple(routes)


def _deleting(resource: Resource) -> Route:
    return Route(
        "DELETE",
        "/{int:pk}",
        _once_to_one(resource, "delete", lambda request, pk: writing.delete(resource, request, pk)),
        f"{resource.slug.replace('-', '_')}_delete",
        format_lazy(_("Delete: {thing}"), thing=resource.screen.model._meta.verbose_name),
        "Done",
        parameters=(_MATCH,),
        problems=(401, 403, 404, 409, 412),
    )


def _acting(resource: Resource, action: Action) -> list[Route]:
    """An action on one record and, where the page has it, on many."""
    named = f"{resource.slug}_{action.name}".replace("-", "_")
    one = Route(
        "POST",
        f"/{{int:pk}}/{action.name}",
        _once_to_one(resource, action.verb, lambda request, pk: writing.act(resource, action, request, pk)),
        named,
        format_lazy(_("Action: {label}"), label=action.label),
        f"{action.becomes.__name__ if action.becomes else resource.name}Written",
        form_name(resource, action) if takes(action) else "",
        parameters=(_MATCH,),
        problems=_WRITING_ONE,
    )
    if not action.bulk:
        return [one]
    many = Route(
        "POST",
        f"/{action.name}",
        _once(lambda request: writing.act_on_many(resource, action, request)),
        f"{named}_many",
        format_lazy(_("Action on many, all or none: {label}"), label=action.label),
        "DoneToMany",
        form_name(resource, action, many=True),
        problems=(400, 401, 403, 409, 422),
    )
    return [one, many]


def operations_router() -> Router:
    router = Router(tags=["operations"])
    rest = {
        "name": "rest",
        "in": "query",
        "required": False,
        "schema": {"type": "boolean", "default": False},
        "description": _("Undo all but what somebody has changed since."),
    }

    def show(request: HttpRequest, pk: UUID) -> HttpResponse:
        return operations.show(request, pk)

    def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
        return once(request, lambda: operations.take_back(request, pk))

    for route in (
        Route("GET", "/{uuid:pk}", show, "operations_read", _("Read one of your operations"), "Operation"),
        Route(
            "POST",
            "/{uuid:pk}/undo",
            undo,
            "operations_undo",
            _("Undo an operation"),
            "Undone",
            parameters=(rest,),
            problems=(401, 403, 404, 409),
        ),
    ):
        route.add_to(router)
    return router
