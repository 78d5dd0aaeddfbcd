"""How often somebody may try, counted for all processes together, and when to go on."""

from __future__ import annotations

import math
import time

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

ACCOUNT = "allauth.account"
#: Links that set a password, for each address and each network.
LINKS = {"password_link": "3/30m/key,20/30m/ip"}


def too_many(request: HttpRequest, seconds: int = 60, *, other_ways: bool = True) -> HttpResponse:
    """Say that it was too often, when to go on, and perhaps how to come in before that."""
    shown = {"minutes": math.ceil(seconds / 60), "other_ways": other_ways}
    response = render(request, "429.html", shown, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def stop(request: HttpRequest, seconds: int) -> None:
    """Break off whatever form is being checked and answer with the page."""
    raise ImmediateHttpResponse(too_many(request, seconds))


def seconds_left(request: HttpRequest, key: str, *, action: str, rates: dict[str, str] | None = None) -> int:
    """Tell how long another try has to wait; 0 when it may come now."""
    now, longest = time.time(), 0.0
    for rate in ratelimit.get_rates(app=ACCOUNT, action=action, config=rates):
        address = ratelimit.get_cache_key(request, app=ACCOUNT, action=action, rate=rate, key=key)
        tries = [at for at in cache.get(address, []) if at > now - rate.duration]
        if len(tries) >= rate.amount:
            longest = max(longest, min(tries) + rate.duration - now)
    return math.ceil(longest)


def may_ask_for_link(request: HttpRequest, email: str) -> int:
    """Count a wish for a password link; tell how long to wait if there were too many."""
    action, key = "password_link", email.lower()
    if ratelimit.consume(request, app=ACCOUNT, action=action, config=LINKS, key=key):
        return 0
    return max(1, seconds_left(request, key, action=action, rates=LINKS))


def stop_if_locked(request: HttpRequest, key: str) -> None:
    """Answer with the page when this account had too many failed sign-ins."""
    if seconds := seconds_left(request, key, action="login_failed"):
        stop(request, seconds)


def forgive(request: HttpRequest, key: str) -> None:
    """Forget the failed sign-ins of an account whose owner has proved to be its owner."""
    ratelimit.clear(request, app=ACCOUNT, action="login_failed", key=key)
