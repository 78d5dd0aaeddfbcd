"""People at the door, and the mails they get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.models import Company, User
from piste.accounts.roles import Role

PASSWORD = "drizzle over the harbour"

Deliver = Callable[[], list[Any]]


@pytest.fixture(autouse=True)
def _fresh(db: None, settings: Any) -> None:
    settings.BASE_URL = "https://crm.example.com"
    # Argon2 is slow on purpose; that it is used is tested in tests/security.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(pk=Company.ONLY, name="Atelier Breizh")


def somebody(name: str, role: str, **fields: Any) -> User:
    email = f"{name.split(maxsplit=1)[0].lower()}@atelier.example"
    return User.objects.create_person(email=email, name=name, role=role, password=PASSWORD, **fields)


@pytest.fixture
def anna(company: Company) -> User:
    return somebody("Anna Kerbrat", Role.SALESPERSON_OWN, language="en")


@pytest.fixture
def max_(company: Company) -> User:
    return somebody("Max Morvan", Role.MANAGER, language="en")


@pytest.fixture
def ada(company: Company) -> User:
    return somebody("Ada Riou", Role.ADMINISTRATOR, language="en")


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def sign_in(person: User) -> Client:
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def confirmed(client: Client) -> Callable[[User], Client]:
    """A browser in which somebody has just said the password again."""

    def confirm(person: User) -> Client:
        client.force_login(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    return confirm


@pytest.fixture
def deliver() -> Deliver:
    """Do what the worker does with the mails that were asked for since the last time."""
    done: set[int] = set()

    def run() -> list[Any]:
        before = len(mail.outbox)
        for job in ProcrastinateJob.objects.exclude(pk__in=done).order_by("pk"):
            done.add(job.pk)
            app.tasks[job.task_name].func(**job.args)
        return list(mail.outbox[before:])

    return run
