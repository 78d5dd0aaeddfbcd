"""Who may pass the door, and the language and clock of whoever is inside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _


class SignInFirst(LoginRequiredMiddleware):
    """Send strangers to the door; a page whose session has ended goes there whole, and back afterwards."""

    def handle_no_permission(  # type: ignore[override] # Django's own middleware takes any response from here
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if "HX-Request" not in request.headers:
            return super().handle_no_permission(request, view_func)
        # What the page's script asked for is a part that nobody wants to land on.
        page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
        back = f"{page.path or '/'}?{page.query}" if page.query else page.path or "/"
        with translation.override(translation.get_language_from_request(request)):
            toast = {"text": _("You are signed out. Sign in again."), "kind": "error"}
        door = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
        headers = {"HX-Redirect": door, "HX-Trigger": json.dumps({"toast": toast})}
        return HttpResponse(status=401, headers=headers)


class ReadersLanguage:
    """Speak the signed-in person's language on their clock; a stranger's is the cookie's or the browser's."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            language, zone = request.user.language, request.user.time_zone
        else:
            language = translation.get_language_from_request(request)
            zone = settings.TIME_ZONE
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(ZoneInfo(zone)):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response
