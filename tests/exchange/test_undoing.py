"""Undo takes a whole import back, however large; its speed is printed, not judged."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic
from typing import Any

from django.utils import timezone

from piste.accounts.models import User
from piste.contacts.models import Contact, ContactTag, Tag
from piste.core.undo import undo
from piste.pipeline.models import Deal, DealTag, LostReason, Stage
from piste.ui.exchange.loading import load_file
from tests.exchange.conftest import Write

ROWS = 3_000


def everything() -> list[Any]:
    """All that an import may write."""
    kept: tuple[Any, ...] = (Deal, DealTag, Contact, ContactTag, Tag, LostReason)
    return [list(model.objects.order_by("pk").values()) for model in kept]


def test_undo_gives_the_database_back(write: Write, max: User, pipeline: dict[str, Stage]) -> None:
    load_file("opportunities", write("Name,Company name,Tags\nOld,Kept,VIP\n"), max, via="test")
    before = everything()
    text = (
        "Name,Company name,Contact name,Tags,Status,Lost reason\n"
        "A,Acme,Marie,VIP;new,won,\n"
        "B,Kept,Paul,x,lost,Odd\n"
        "C,x,,,q,\n"
    )

    loaded = load_file("opportunities", write(text), max, via="test")
    assert (loaded.created, len(loaded.rejected)) == (2, 1)
    assert loaded.operation is not None
    undo(loaded.operation, by=max, at=timezone.now())

    assert everything() == before


def test_undo_gives_customers_back(write: Write, max: User, pipeline: dict[str, Stage]) -> None:
    before = everything()
    text = "Name,Works for,Tags\nMarie,Durand SA,a;b\nPaul,Durand SA,a\nDurand SA,,c\n"

    loaded = load_file("customers", write(text), max, via="test")
    assert loaded.created == 3
    assert loaded.operation is not None
    undo(loaded.operation, by=max, at=timezone.now())

    assert everything() == before


def test_tells_how_fast_it_is(tmp_path: Path, max: User, anna: User, pipeline: dict[str, Stage]) -> None:
    path = tmp_path / "large.csv"
    rows = [
        f"Affaire {n};Société {n % 700};contact{n % 700}@societe{n % 700}.example;{n * 7},50;{anna.email};"
        f"Proposition;{'VIP' if n % 3 else 'VIP,Salon'};{n % 28 + 1}/{n % 12 + 1}/2026"
        for n in range(ROWS)
    ]
    path.write_text(
        "\n".join(["Opportunité;Client;Email;Revenu espéré;Vendeur;Étape;Étiquettes;Clôture prévue", *rows])
    )

    began = monotonic()
    loaded = load_file("opportunities", path, max, via="test")
    loading = monotonic() - began
    assert loaded.operation is not None
    began = monotonic()
    undo(loaded.operation, by=max, at=timezone.now())
    undoing = monotonic() - began

    assert loaded.created == ROWS
    assert not Deal.objects.exists()
    sys.stdout.write(f"\n{ROWS / loading:.0f} rows a second imported, {ROWS / undoing:.0f} undone\n")
