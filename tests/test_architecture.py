"""What the layers contract cannot say: where things may stand, how long they may be, and what is open."""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from piste.ui.testing import Visitor
from piste.ui.testing.visiting import routes

ROOT = Path(__file__).resolve().parent.parent
PIECES = sorted(path for folder in ("piste", "tests", "scripts") for path in (ROOT / folder).rglob("*.py"))
OWN = [path for path in PIECES if "migrations" not in path.parts]
DOMAIN = ("models", "rules", "events", "tasks", "handlers")
MANAGERS = ("objects", "_default_manager", "_base_manager")
LONGEST_FILE, LONGEST_FUNCTION = 400, 40

#: Where somebody who is not signed in may come, besides the files for the browser.
OPEN = {
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/password/forgotten/",
    "/accounts/password/forgotten/sent/",
    "/accounts/password/<str:uidb64>/<str:token>/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/passkeys/login/",
    "/welcome/<str:token>/",
    "/sign-in/<str:token>/",
    "/language/",
}

#: Pages among the addresses for programs.
API_PAGES = {"/api/v1/docs"}

#: Rows read without the gate, each for its reason.
UNGATED = {
    "piste/ui/screen.py": "is the gate",
    "piste/ui/paths.py": "is the gate of related records",
    "piste/ui/checks.py": "asks what kind of rows there are, and reads none",
    "piste/ui/searches.py": "searches belong to their owner, or are shared with everybody",
    "piste/ui/context.py": "searches belong to their owner, or are shared with everybody",
    "piste/ui/historyview.py": "an operation is one's own, and its records pass the gate",
    "piste/ui/acting.py": "names what hangs on a record after asking the gate",
    "piste/ui/aggregate.py": "names the groups of rows that have passed the gate",
    "piste/ui/search.py": "narrows rows that have passed the gate",
    "piste/ui/modes/board.py": "reads the columns and tags of rows that a scoped query has named",
    "piste/ui/modes/list.py": "reads the columns of rows that a scoped query has named",
    "piste/api/columns.py": "reads the links of rows that have passed the gate, and asks it for their names",
    "piste/api/models.py": "keys belong to their owner, who is not known before one is found",
    "piste/ui/combine.py": "reads what the gate of one of the table's screens has let through",
    "piste/ui/mergedview.py": "tells what was merged into a record that passes the gate",
    "piste/ui/forms.py": "lets a field keep what its record holds",
    "piste/api/operations.py": "an operation is one's own, and its records pass the gate",
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_domain(path: Path) -> bool:
    return "piste" in path.parts and bool({path.stem, *path.parts} & set(DOMAIN))


@pytest.mark.parametrize("path", [path for path in OWN if in_domain(path)], ids=named)
def test_the_domain_knows_no_pages(path: Path) -> None:
    forbidden = ("django.http", "django.shortcuts", "django.contrib.messages", "django.template")

    assert [name for name in imports(path) if name.startswith(forbidden)] == []


@pytest.mark.parametrize("path", [path for path in OWN if path.is_relative_to(ROOT / "piste")], ids=named)
def test_nothing_happens_behind_a_save(path: Path) -> None:
    words = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)} | set(imports(path))

    assert not [word for word in words if re.search(r"\b(pre|post)_(save|delete|init)\b|m2m_changed", word)]


def at_the_boundary(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    engine = (
        parts[:2] in (("piste", "ui"), ("piste", "api"))
        and "testing" not in parts
        and "exchange" not in parts
    )
    return engine or path.name in ("screens.py", "panels.py")


@pytest.mark.parametrize("path", [path for path in OWN if at_the_boundary(path)], ids=named)
def test_the_boundary_reads_rows_through_the_gate(path: Path) -> None:
    nodes = list(ast.walk(tree(path)))
    managers = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr in MANAGERS]
    gated = [node.value for node in nodes if isinstance(node, ast.Attribute) and node.attr == "for_user"]

    ungated = [ast.unparse(node) for node in managers if node not in gated]

    assert bool(ungated) == (named(path) in UNGATED), ungated


@pytest.mark.parametrize("path", OWN, ids=named)
def test_no_file_and_no_function_is_long(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    functions = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert lines <= LONGEST_FILE
    assert {name: length for name, length in functions.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize(
    "path", [path for path in OWN if path.read_text(encoding="utf-8").strip()], ids=named
)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path)) or path.name in (
        "apps.py",
        "__init__.py",
        "__main__.py",
        "manage.py",
    )


def test_what_registers_itself_is_loaded() -> None:
    registering = [path for path in OWN if path.stem in ("rules", "screens", "handlers", "panels", "checks")]
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in registering}

    assert {module for module in modules if module.startswith("piste.")} - set(sys.modules) == set()


def test_no_migration_is_missing(db: None) -> None:
    said = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert "No changes detected" in said.getvalue()


@pytest.mark.parametrize("pattern", sorted(set(routes()) - OPEN))
def test_a_stranger_is_asked_to_sign_in(db: None, pattern: str) -> None:
    stranger, address = Visitor(), routes()[pattern]

    answers = stranger.get(address), stranger.post(address)

    if address.startswith("/api/v1/") and pattern not in API_PAGES:
        assert {401, 405} >= {answer.status for answer in answers} >= {401}
        return
    # What the page's own script asked for goes to the door as a whole page (`HX-Redirect`).
    doors = [answer.headers["Location" if answer.status == 302 else "HX-Redirect"] for answer in answers]
    assert {answer.status for answer in answers} <= {302, 401}
    assert all(door.startswith("/accounts/login/") for door in doors)


def test_the_open_addresses_are_a_dozen() -> None:
    assert set(routes()) >= OPEN
    assert len(OPEN) <= 12
