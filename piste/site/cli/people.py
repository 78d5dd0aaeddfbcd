"""Commands about people and programs that may come in: user create, apikey create."""

from __future__ import annotations

import argparse
import sys

from piste.site.cli.ground import Commands, Trouble, ready

ROLES = ("salesperson-own", "salesperson-all", "manager", "administrator")


def add(commands: Commands) -> None:
    user = commands.add_parser("user", help="make people").add_subparsers(metavar="COMMAND", required=True)
    create = user.add_parser(
        "create",
        help="make a person who can sign in",
        description="Make a person who can sign in. The password is read from standard input, where neither "
        "the history of the shell nor the list of processes shows it.",
    )
    create.add_argument("--email", required=True, help="the address to sign in with")
    create.add_argument("--name", required=True, help="as colleagues see it")
    create.add_argument("--role", required=True, choices=ROLES)
    create.add_argument("--team", help="name of an existing team")
    create.add_argument(
        "--password-stdin", action="store_true", required=True, help="read the password's line"
    )
    create.set_defaults(run=_create_user)

    key = commands.add_parser("apikey", help="make keys for programs").add_subparsers(
        metavar="COMMAND", required=True
    )
    make = key.add_parser(
        "create",
        help="make a key for the REST interface",
        description="Make a key for the REST interface. It is shown once, alone on the last line.",
    )
    make.add_argument("--user", required=True, metavar="EMAIL", help="in whose name the program acts")
    make.add_argument("--scope", required=True, choices=("read", "write"))
    make.set_defaults(run=_create_key)


def _create_user(asked: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Trouble("No password came from standard input.")
    with ready():
        from django.contrib.auth.password_validation import validate_password
        from django.db import transaction

        from piste.accounts.models import Team, User
        from piste.accounts.setup import ensure_company
        from piste.core.history import operation

        with transaction.atomic():
            ensure_company()
            team = Team.objects.filter(name__iexact=asked.team).first() if asked.team else None
            if asked.team and team is None:
                raise Trouble(f"There is no team “{asked.team}”.")
            validate_password(password, User(email=asked.email, name=asked.name))
            with operation("user.create", by=None, via="command"):
                person = User.objects.create_person(
                    email=asked.email, name=asked.name, role=asked.role, team=team, password=password
                )
        print(f"{person.name} can sign in with {person.email}.")
    return 0


def _create_key(asked: argparse.Namespace) -> int:
    with ready():
        from django.db import transaction

        from piste.accounts.models import User
        from piste.api.keys import create_key
        from piste.core.history import operation

        user = User.objects.working().filter(email__iexact=asked.user).first()
        if user is None:
            raise Trouble(f"Nobody who may sign in has the address {asked.user}.")
        with transaction.atomic(), operation("apikey.create", by=user, via="command"):
            key = create_key(user=user, scope=asked.scope)
        print(f"A key to {asked.scope} in the name of {user.name}. Keep it safe, it is not shown again:")
        print(key)
    return 0
