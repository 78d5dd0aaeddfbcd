"""Whatever program wrote the file, its rows come out; what cannot be read spoils its row only."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.ui.exchange.cells import BadFile
from piste.ui.exchange.encodings import guess
from piste.ui.exchange.reading import Reading, Sheet, open_sheet

DEALS = (
    "Opportunité;Montant;Étape\nDéménagement à Orléans;12 400,50;Négociation\nCafé de la Gare;900;Nouveau\n"
)


def opened(tmp_path: Path, content: bytes | str, reading: Reading | None = None) -> Sheet:
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_sheet(path, reading)


def cells(sheet: Sheet) -> list[tuple[object, ...]]:
    return [row.cells for row in sheet.rows()]


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac_roman", "cp850"],
)
def test_finds_the_encoding(tmp_path: Path, encoding: str) -> None:
    sheet = opened(tmp_path, DEALS.encode(encoding))

    assert sheet.header == ("Opportunité", "Montant", "Étape")
    assert cells(sheet)[0] == ("Déménagement à Orléans", "12 400,50", "Négociation")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "text", ["a;b\né;1\n", "Nom;Ville\nL’été «là»;12 €\n", "name,note\nBob – x,a\n", "a;b\nÀ É;x\n"]
)
def test_finds_the_encoding_of_a_few_accents(encoding: str, text: str) -> None:
    assert text.encode(encoding).decode(guess(text.encode(encoding))) == text


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_finds_the_separator(tmp_path: Path, separator: str) -> None:
    rows = [["Name", "Amount", "Note"], ["Acme", "12,5", "a; b"], ["Beta, Co", "7,5", ""]]
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)

    sheet = opened(tmp_path, file.getvalue())

    assert sheet.separator == separator
    assert [list(row) for row in cells(sheet)] == rows[1:]


def test_obeys_the_hint_of_excel(tmp_path: Path) -> None:
    sheet = opened(tmp_path, "sep=|\r\nName|Note\r\nAcme|x,y;z\r\n")

    assert sheet.header == ("Name", "Note")
    assert [row.line for row in sheet.rows()] == [3]


def test_finds_the_header_below_title_lines(tmp_path: Path) -> None:
    sheet = opened(
        tmp_path, "Export des affaires;;\nle 12/03/2026;;\n;;\nNom;Montant;Étape\nAcme;12;Nouveau\n"
    )

    assert sheet.header == ("Nom", "Montant", "Étape")
    assert sheet.header_line == 4
    assert [row.line for row in sheet.rows()] == [5]


def test_names_columns_by_letter_where_there_is_no_header(tmp_path: Path) -> None:
    sheet = opened(tmp_path, "Acme,12,anna@acme.example\nBeta,13,ben@beta.example\n")

    assert sheet.header_line == 0
    assert [title[-1] for title in sheet.header] == ["A", "B", "C"]
    assert len(cells(sheet)) == 2


def test_lets_a_person_say_how_to_read(tmp_path: Path) -> None:
    reading = Reading(encoding="cp1252", separator=",", header_line=2)

    sheet = opened(tmp_path, "x,y\na,b\né,1;2\n".encode("cp1252"), reading)

    assert sheet.header == ("a", "b")
    assert cells(sheet) == [("é", "1;2")]


def test_tells_equal_titles_apart(tmp_path: Path) -> None:
    assert opened(tmp_path, "Name,name,\nx,y,\n").header == ("Name", "name (2)")


def test_keeps_line_breaks_in_quotes(tmp_path: Path) -> None:
    sheet = opened(tmp_path, 'Name,Note\r\nAcme,"first\r\nsecond"\r\nBeta,x\r\n')

    assert cells(sheet)[0] == ("Acme", "first\r\nsecond")
    assert [row.line for row in sheet.rows()] == [2, 4]


def test_fills_short_rows_and_reports_long_ones(tmp_path: Path) -> None:
    rows = list(opened(tmp_path, "Name,City,Note\nAcme\nBeta,Lyon,x,,\nGamma,Lyon,x,y,z\nDelta,a,b\n").rows())

    assert rows[0].cells == ("Acme", "", "")
    assert [row.problem is None for row in rows] == [True, True, False, True]
    problem = rows[2].problem
    assert problem is not None
    assert (problem.line, problem.column) == (4, "D")


def test_reports_the_row_with_broken_characters_and_goes_on(tmp_path: Path) -> None:
    rows = list(
        opened(
            tmp_path, "Société;Ville\nÉtoile;Orléans\n".encode() + b"Caf\xe9 \xff;Lyon\nZ\xc3\xa9ro;Lyon\n"
        ).rows()
    )

    assert [row.problem is None for row in rows] == [True, False, True]
    assert rows[1].problem is not None
    assert rows[1].problem.column == "Société"
    assert rows[2].cells == ("Zéro", "Lyon")


def test_takes_senseless_bytes_for_damage_not_for_another_encoding(tmp_path: Path) -> None:
    rows = list(opened(tmp_path, b"Name,City\nAcme,Lyon\nB\xff\xfed,Paris\n").rows())

    assert [row.problem is None for row in rows] == [True, False]


def test_reports_a_quote_that_is_never_closed_and_goes_on(tmp_path: Path) -> None:
    lines = ["Name,City", '"Acme,Lyon', *(f"Company {number},Paris" for number in range(1500))]

    rows = list(opened(tmp_path, "\n".join(lines)).rows())

    assert len(rows) == 1501
    assert [row.line for row in rows if row.problem] == [2]


def test_reports_cells_beyond_all_measure(tmp_path: Path) -> None:
    rows = list(opened(tmp_path, f"Name,Note\nAcme,{'x' * 32_001}\nBeta,{'x' * 200_000}\nGamma,y\n").rows())

    assert [row.problem is None for row in rows] == [False, False, True]


def test_takes_back_the_guard_of_exported_text(tmp_path: Path) -> None:
    assert cells(opened(tmp_path, "Phone,Name\n'+33 6 12,'Acme\n")) == [("+33 6 12", "'Acme")]


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n \n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"\xd0\xcf\x11\xe0" + b"\0" * 999],
)
def test_refuses_what_is_no_table(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile):
        opened(tmp_path, content)


def test_refuses_too_many_columns(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        opened(tmp_path, ",".join(f"c{number}x" for number in range(501)) + "\n")


def test_refuses_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("piste.ui.exchange.reading.MAX_ROWS", 3)

    with pytest.raises(BadFile):
        list(opened(tmp_path, "a,b\n" + "x,y\n" * 4).rows())


def test_refuses_a_file_too_large(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        opened(tmp_path, b"a,b\n" + b"x,y\n" * (26 * 1024 * 256))


def test_reads_a_workbook_with_its_types(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Deals of March"], ["Name", "Amount", "Closing", "Created", "Hot"],
        ["Acme", 12400.5, date(2026, 3, 12), datetime(2026, 3, 1, 14, 30), True], ["Beta", 7, "", "", False],
    ]  # fmt: skip
    path = workbook(tmp_path / "deals.xlsx", ("Deals", rows), ("Notes", [["nothing"]])).rename(
        tmp_path / "0123abcd"
    )

    sheet = open_sheet(path)

    assert sheet.sheets == ("Deals", "Notes")
    assert sheet.header == ("Name", "Amount", "Closing", "Created", "Hot")
    assert cells(sheet)[0] == (
        "Acme",
        Decimal("12400.5"),
        date(2026, 3, 12),
        datetime(2026, 3, 1, 14, 30),
        True,
    )
    assert [row.line for row in sheet.rows()] == [3, 4]
    assert open_sheet(path, Reading(sheet="Notes")).header == ("nothing",)


def test_reads_a_workbook_of_libreoffice_under_any_name(tmp_path: Path) -> None:
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [
        cell.format(first) + cell.format(second) for first, second in (("Name", "City"), ("Acme", "Lyon"))
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    spaces = " ".join(f'xmlns:{space}="{name}{space}:1.0"' for space in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Deals">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "0123abcd", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")

    sheet = open_sheet(tmp_path / "0123abcd")

    assert sheet.header == ("Name", "City")
    assert cells(sheet) == [("Acme", "Lyon")]


def test_refuses_other_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(BadFile):
        open_sheet(tmp_path / "file")


def test_refuses_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60 * 1024 * 1024)

    with pytest.raises(BadFile):
        open_sheet(path)


def test_survives_a_workbook_with_one_cell_in_the_farthest_corner(tmp_path: Path) -> None:
    path = workbook(tmp_path / "far.xlsx", ("A", [["Name"], ["x"]]))
    far = tmp_path / "further.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(far, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b'<row r="2"', b'<row r="1048576"').replace(
                    b'r="A2"', b'r="XFD1048576"'
                )
            new.writestr(part, content)

    with pytest.raises(BadFile):
        list(open_sheet(far).rows())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.binary(max_size=300) | st.text(alphabet="ab1é,;\"'\n\r\t|\0", max_size=120).map(str.encode))
def test_never_crashes_on_any_bytes(tmp_path: Path, content: bytes) -> None:
    try:
        rows = list(opened(tmp_path, content).rows())
    except BadFile:
        return
    assert all(row.problem is None or str(row.problem.reason) for row in rows)


word = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12).map(
    lambda text: "n" + text.strip()
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(word, word, word), min_size=1, max_size=5), st.sampled_from(["utf-8-sig", "utf-16"])
)
def test_reads_back_what_a_writer_wrote(
    tmp_path: Path, rows: list[tuple[str, str, str]], encoding: str
) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([("Name", "City", "Note"), *rows])

    sheet = opened(tmp_path, file.getvalue().encode(encoding), Reading(separator=";"))

    assert cells(sheet) == rows
