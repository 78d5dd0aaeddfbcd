"""The first start: who may make the administrator, and what a company begins with."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from piste.accounts.events import CompanyFounded
from piste.accounts.models import Company, Team, User
from piste.accounts.places import time_zone_of
from piste.accounts.roles import Role
from piste.core import env
from piste.core.events import publish
from piste.core.history import operation
from piste.core.models import Colour

# Any number will do; whoever founds the company waits for whoever does so already.
LOCK = 7_478_384


class AlreadyFounded(Exception):
    """Somebody else was faster."""


def setup_path() -> str | None:
    """The path where the administrator is made, once; None as soon as somebody may sign in.

    Only a hash of it is kept, so every call makes a new one and voids the one before.
    """
    if not is_open():
        return None
    token = secrets.token_urlsafe(32)
    _keep(_hash(token))
    return reverse("welcome", args=[token])


def is_open() -> bool:
    """Tell whether nobody can sign in yet."""
    return not User.objects.working().exists()


def opens(token: str) -> bool:
    """Tell whether this is the address that was printed, and nobody has used it."""
    try:
        kept = _file().read_text().strip()
    except FileNotFoundError:
        return False
    return constant_time_compare(kept, _hash(token)) and is_open()


@transaction.atomic
def found(*, name: str, email: str, password: str, company: dict[str, str]) -> User:
    """Make the company, its first team and its administrator. Raises `AlreadyFounded`."""
    _wait_for_others()
    if not is_open():
        raise AlreadyFounded
    clock = time_zone_of(company["country"])
    founder = User.objects.create_person(
        email=email,
        name=name,
        role=Role.ADMINISTRATOR,
        password=password,
        language=company["language"],
        time_zone=clock,
    )
    with operation("company.found", by=founder, about={"label": company["name"]}):
        _found(by=founder, time_zone=clock, **company)
    transaction.on_commit(_forget)
    return founder


@transaction.atomic
def ensure_company(**fields: Any) -> None:
    """Make the company with its team and lists where a command makes somebody before the first start."""
    _wait_for_others()
    if not Company.objects.exists():
        with operation("company.found", by=None, via="command"):
            _found(by=None, **fields)


def _found(*, by: User | None, **fields: Any) -> None:
    _company, new = Company.objects.update_or_create(pk=Company.ONLY, defaults=fields)
    if not new:
        return
    team = Team.objects.create(name="Ventes", name_en="Sales", colour=Colour.BLUE, leader=by)
    if by is not None:
        team.members.add(by)
    publish(CompanyFounded(team=team.pk, by=by.pk if by else None))


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _file() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "welcome"


def _keep(value: str) -> None:
    folder = env.private_folder(_file().parent)
    handle, fresh = tempfile.mkstemp(dir=folder, prefix=".welcome-")  # readable by its owner alone
    with os.fdopen(handle, "w") as file:
        file.write(value)
    Path(fresh).replace(_file())


def _forget() -> None:
    _file().unlink(missing_ok=True)
