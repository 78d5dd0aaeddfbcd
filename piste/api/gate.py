"""All addresses of the API: each answers in JSON, whatever happens, and checks for itself who asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError

from piste.api import docs, openapi
from piste.api.auth import Bearer, Session
from piste.api.listing import json_answer
from piste.api.problems import METHOD_NOT_ALLOWED, Problem, answer

View = Callable[..., HttpResponse]


def gated(view: View) -> View:
    """The view without the pages' door and token, which `auth` replaces; it says in which language."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
        response = view(request, **parts)
        if response.status_code == 405:
            others = {"Allow": response.headers.get("Allow", "")}
            problem = Problem(METHOD_NOT_ALLOWED, _("The address takes other methods."), headers=others)
            response = answer(request, problem)
        response.headers.setdefault("Content-Language", get_language() or "en")
        response.headers["Vary"] = "Authorization, Accept-Language, Cookie"
        return response

    return answered


def known(view: View) -> View:
    """A view outside the built ones that still wants to know who asks."""

    def shown(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            if not (Bearer()(request) or Session()(request)):
                raise AuthenticationError
            return view(request, **parts)
        except Exception as error:
            return answer(request, error)

    return shown


@gated
@known
def openapi_json(request: HttpRequest) -> HttpResponse:
    return json_answer(openapi.document(get_language() or "en"))


@gated
@known
def nothing(request: HttpRequest, **_parts: Any) -> HttpResponse:
    raise Http404


def patterns() -> list[URLPattern]:
    built, _app, _namespace = openapi.api.urls
    made = [
        URLPattern(pattern.pattern, gated(cast("View", pattern.callback)), name=pattern.name)
        for pattern in built
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    return [
        path("openapi.json", openapi_json, name="openapi"),
        path("docs", docs.show, name="docs"),
        *made,
        re_path(r"^(?P<rest>.*)$", nothing, name="nothing"),
    ]
