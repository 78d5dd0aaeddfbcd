"""Runs Django's own checks on a database that lives as long as they do."""

from __future__ import annotations

import os
import sys

from piste.core import database

CHECKS = (
    ["check", "--fail-level", "WARNING"],
    ["makemigrations", "--check", "--dry-run"],
)


def main() -> None:
    database.for_tests()
    os.environ["DJANGO_SETTINGS_MODULE"] = "piste.site.settings"
    from django.core.management import execute_from_command_line

    for check in CHECKS:
        execute_from_command_line([sys.argv[0], *check])


if __name__ == "__main__":
    main()
