"""What the tests of sign-in share."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

PASSWORD = "drizzle over the harbour"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enter(
    client: Client, email: str = "anna@atelier.example", password: str = PASSWORD, **extra: Any
) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def without_tokens(response: HttpResponse, email: str) -> str:
    page = response.content.decode().replace(email, "EMAIL")
    return re.sub(r'(csrfmiddlewaretoken" value|data-csrf|next" value)="[^"]*"', r"\1", page)
