"""Programs of the people in tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from piste.accounts.models import User
from piste.api.keys import create_key


@pytest.fixture(autouse=True)
def _every_resource(request: pytest.FixtureRequest) -> None:
    """Leads are an option, and turned on here."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        request.getfixturevalue("leads_on")


class Program:
    """Somebody's program: it sends JSON with a key, and gives back what was answered."""

    def __init__(self, owner: User, *, scope: str = "write") -> None:
        self.owner = owner
        self.key = create_key(user=owner, scope=scope)
        self.client = Client(raise_request_exception=False)

    def send(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> HttpResponse:
        """Send a request under /api/v1; headers are named with underscores."""
        sent = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {self.key}")
        kind = named.pop("Content-Type", "application/json")
        return self.client.generic(method, f"/api/v1{path}", sent, content_type=kind, headers=named)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, **headers)

    def names(self, path: str) -> list[str]:
        """The names of the records of a list."""
        return [record["name"] for record in told(self.get(path))["results"]]


Programs = Callable[..., Program]


def told(response: HttpResponse, status: int = 200) -> Any:
    """What the answer says, once its status is as expected."""
    assert response.status_code == status, response.content.decode()
    return json.loads(response.content)


def problem(response: HttpResponse, status: int, kind: str) -> Any:
    """The problem of the answer, once it is one of that kind."""
    found = told(response, status)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert found["type"] == f"/api/v1/docs#{kind}"
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


@pytest.fixture
def program(db: None) -> Programs:
    return Program
