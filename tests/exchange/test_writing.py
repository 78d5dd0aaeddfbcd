"""What leaves Piste opens safely in a spreadsheet, and can be read back."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.ui.exchange.reading import Reading, open_sheet
from piste.ui.exchange.values import amount
from piste.ui.exchange.writing import Heading, csv_lines, guarded, write_workbook

HEADINGS = [
    Heading("Name"),
    Heading("Amount", "money"),
    Heading("Closing", "date"),
    Heading("Hot", "boolean"),
]
ROWS = [["Acme", Decimal("12400.50"), date(2026, 3, 12), True], ["=cmd()", Decimal(-3), None, False]]


@pytest.mark.parametrize("text", ["=1+1", "+33 6", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_disarms_what_could_be_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded("Acme = good") == "Acme = good"


def test_writes_csv_as_french_spreadsheets_open_it() -> None:
    with translation.override("fr"):
        pieces = csv_lines(HEADINGS, ROWS)

    content = b"".join(pieces).decode("utf-8-sig")

    assert content.splitlines()[1].startswith("Acme;12400,50;2026-03-12;")
    assert content.splitlines()[2].startswith("'=cmd();-3;;")


def test_writes_csv_as_english_spreadsheets_open_it() -> None:
    with translation.override("en"):
        content = b"".join(csv_lines(HEADINGS, ROWS)).decode("utf-8-sig")

    assert content.splitlines() == [
        "Name,Amount,Closing,Hot",
        "Acme,12400.50,2026-03-12,yes",
        "'=cmd(),-3,,no",
    ]


def test_writes_a_workbook_with_types_and_what_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    moment = datetime(2026, 3, 1, 13, 30, tzinfo=UTC)

    write_workbook(
        path,
        "Deals / all",
        [*HEADINGS, Heading("Since", "datetime")],
        [[*row, moment] for row in ROWS],
        [("Stage", "=New")],
    )

    sheet = open_sheet(path)
    rows = [row.cells for row in sheet.rows()]
    assert sheet.sheets[0] == "Deals   all"
    assert rows[0][:4] == ("Acme", Decimal("12400.5"), date(2026, 3, 12), True)
    assert rows[1][0] == "=cmd()"
    assert [row.cells for row in open_sheet(path, Reading(sheet=sheet.sheets[1], header_line=0)).rows()] == [
        ("Stage", "=New")
    ]


def test_puts_no_formula_into_a_workbook() -> None:
    file = io.BytesIO()

    write_workbook(file, "x", [Heading("=a")], [["=1+1"], ["http://x.example"]])

    import zipfile

    with zipfile.ZipFile(file) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        assert (
            "'=1+1" in page + archive.read("xl/sharedStrings.xml").decode()
            if "xl/sharedStrings.xml" in archive.namelist()
            else page
        )


line = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20).map(
    str.strip
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(line.filter(lambda text: text[:1] != "'"), st.decimals(-(10**9), 10**9, places=2)),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["fr", "en"]),
)
def test_reads_back_what_it_writes(tmp_path: Path, rows: list[tuple[str, Decimal]], language: str) -> None:
    path = tmp_path / "rows.csv"
    with translation.override(language):
        path.write_bytes(b"".join(csv_lines([Heading("Name"), Heading("Amount", "money")], rows)))

    read = [row.cells for row in open_sheet(path).rows()]

    assert [(name, amount(value)) for name, value in read] == rows  # type: ignore[arg-type]
