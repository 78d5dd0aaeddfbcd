"""The command `piste`, as a person or a script says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.conftest import Program

pytestmark = pytest.mark.slow

# Settings with one package more, whose second migration fails.
BROKEN = {
    "broken_settings.py": "from piste.site.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'broken']\n",
    "broken/__init__.py": "",
    "broken/migrations/__init__.py": "",
    "broken/migrations/0001_good.py": (
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    operations = [migrations.RunSQL('CREATE TABLE good (id int)')]\n"
    ),
    "broken/migrations/0002_bad.py": (
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    dependencies = [('broken', '0001_good')]\n"
        "    operations = [migrations.RunSQL('SELECT 1 / 0')]\n"
    ),
}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sell"], "invalid choice"),
        (["import", "nowhere.csv", "--into", "opportunities"], "There is no file nowhere.csv."),
        (["import", "x.csv", "--into", "cats"], "invalid choice: 'cats'"),
        (["user", "create", "--email", "a@b.c", "--name", "A", "--role", "boss", "--password-stdin"], "boss"),
        (["apikey", "create", "--user", "a@b.c", "--scope", "all"], "all"),
    ],
)
def test_refuses_what_it_does_not_understand_in_a_sentence(
    bare: Program, arguments: list[str], said: str
) -> None:
    done = bare(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_says_in_a_sentence_that_the_database_is_away(bare: Program) -> None:
    bare.environment["DATABASE_URL"] = "postgresql://anna:secret@127.0.0.1:1/crm"

    done = bare("migrate")

    assert done.returncode == 2
    assert done.stderr.startswith("piste: The database cannot be reached:")
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr


def test_says_in_a_sentence_which_setting_is_wrong(bare: Program) -> None:
    bare.environment["PISTE_PORT"] = "many"

    done = bare("serve")

    assert done.returncode == 2
    assert done.stderr == "piste: PISTE_PORT is “many”, but must be a whole number from 1 to 65535.\n"


def test_leaves_the_old_state_when_a_migration_fails(piste: Program, tmp_path: Path) -> None:
    for name, text in BROKEN.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    sound = dict(piste.environment)
    piste.environment |= {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "broken_settings"}

    failed = piste("migrate")
    (tmp_path / "broken/migrations/0002_bad.py").write_text(
        BROKEN["broken/migrations/0002_bad.py"].replace("SELECT 1 / 0", "DROP TABLE good")
    )
    mended = piste("migrate")
    piste.environment = sound

    assert failed.returncode == 2
    assert "could not be brought up to date and is as it was" in failed.stderr
    assert "division by zero" in failed.stderr
    # Were the first still applied, it would not be named again, nor could its table be made again.
    assert mended.stdout == "broken: 0001_good\nbroken: 0002_bad\n"
    assert piste("migrate").stdout == "The database is up to date.\n"


def test_makes_a_person_with_the_password_from_standard_input(piste: Program) -> None:
    words = ["user", "create", "--email", "Anna@Example.com", "--name", "Anna", "--role", "manager"]

    weak = piste(*words, "--password-stdin", said="12345678\n")
    made = piste(*words, "--password-stdin", said="Snow on the piste\n")
    again = piste(*words, "--password-stdin", said="Snow on the piste\n")

    assert weak.returncode == 2
    assert "common" in weak.stderr
    assert made.returncode == 0, made.stderr
    assert made.stdout == "Anna can sign in with anna@example.com.\n"
    assert again.returncode == 2
    assert "Traceback" not in again.stderr


def test_makes_a_key_alone_on_the_last_line(piste: Program) -> None:
    piste(
        *["user", "create", "--email", "anna@example.com", "--name", "Anna", "--role", "administrator"],
        *["--password-stdin"],
        said="Snow on the piste\n",
    )

    nobody = piste("apikey", "create", "--user", "ben@example.com", "--scope", "read")
    made = piste("apikey", "create", "--user", "ANNA@example.com", "--scope", "write")

    assert nobody.returncode == 2
    assert "ben@example.com" in nobody.stderr
    assert made.returncode == 0, made.stderr
    key = made.stdout.splitlines()[-1]
    assert len(key) >= 32
    assert " " not in key


def test_loads_a_file_and_names_the_rows_it_refuses(piste: Program, tmp_path: Path) -> None:
    piste(
        *["user", "create", "--email", "ada@example.com", "--name", "Ada", "--role", "administrator"],
        *["--password-stdin"],
        said="Snow on the piste\n",
    )
    file = tmp_path / "customers.csv"
    file.write_text("Name,Country\nNord AG,Germany\nAtlas,Atlantis\nSud SA,FR\n")

    done = piste("import", str(file), "--into", "customers", "--rejected", str(tmp_path / "rejected.csv"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 of 3 rows loaded, 1 refused.")
    assert "line 3, Country: “Atlantis”" in done.stderr
    assert "Atlantis" in (tmp_path / "rejected.csv").read_text()


def test_doctor_says_what_to_do_before_the_first_start(bare: Program) -> None:
    done = bare("doctor")

    assert done.returncode == 1
    assert "changes of the tables are missing" in done.stdout
    assert "Say `piste migrate`." in done.stdout


def test_doctor_finds_that_nobody_does_the_background_work(piste: Program) -> None:
    done = piste("doctor")

    assert done.returncode == 1
    assert "The tables fit this version of Piste." in done.stdout
    assert "The background work stands still: it never gave a sign" in done.stdout
    assert "\n1 of 7 things are wrong.\n" in done.stdout
