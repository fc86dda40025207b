"""report.csv and report.xlsx as LibreOffice and openpyxl open them: the Chinese right, nothing taken for a formula."""

import csv
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import FORMULA, LINES, LONG, QUOTES, SCRIPT, STUDENTS, School

# Line ends and marks that turn the direction of writing are shown as signs in tables.
SHOWN = {SCRIPT, QUOTES, LONG, "张三", "计算机学院", "没照片", "院系", "结论", "不合格", "待确认"}


@pytest.mark.parametrize("table", ["report.csv", "report.xlsx"])
def test_libreoffice_shows_every_cell_as_it_was_written(school: School, table: str, tmp_path: Path) -> None:
    cells = {cell for row in opened(school.results / table, tmp_path) for cell in row}
    whose = SHOWN if table == "report.xlsx" else SHOWN - {"没照片"}
    assert not whose - cells
    assert {FORMULA, "'" + FORMULA} & cells, "a name was taken for a formula"
    assert not any("\u202e" in cell or "\n" in cell for cell in cells), "a name hides what it is"
    assert {number for number, *_ in STUDENTS[:7]} <= {cell.strip() for cell in cells}, "a number has lost digits"
    assert any("清晰度" in cell for cell in cells), "no reason"
    for _, name in school_photos(school):
        assert any(name in cell for cell in cells), f"{name} is missing"


def test_the_workbook_holds_text_alone_and_a_picture_of_each_failing_photo(school: School) -> None:
    book = openpyxl.load_workbook(school.results / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert FORMULA in {cell.value for cell in cells}
    photos = book["照片"]
    assert photos.freeze_panes and photos.auto_filter.ref
    assert len(photos._images) == school.verdicts().count("fail")


def test_a_picture_lies_within_its_cell_and_fits_every_row_so_that_it_is_sorted_and_filtered_with_its_row(school: School) -> None:
    photos = openpyxl.load_workbook(school.results / "report.xlsx")["照片"]
    anchors = [picture.anchor for picture in photos._images]
    assert anchors and {anchor.editAs or "twoCell" for anchor in anchors} == {"twoCell"}
    assert {photos.cell(1, anchor._from.col + 1).value for anchor in anchors} == {"缩略图"}
    for anchor in anchors:
        assert (anchor._from.col, anchor._from.row) == (anchor.to.col, anchor.to.row)
    # Points of 12 700 English metric units.
    heights = [photos.row_dimensions[row].height for row in range(2, photos.max_row + 1)]
    assert max(anchor.to.rowOff for anchor in anchors) / 12700 < min(heights)


def test_heads_of_the_summary_stand_above_their_numbers_and_long_names_take_lines(school: School) -> None:
    rows = list(openpyxl.load_workbook(school.results / "report.xlsx")["汇总"].iter_rows())
    heads = [(head, below) for row, next_row in zip(rows, rows[1:]) for head, below in zip(row, next_row) if head.font.b]
    assert any(below.data_type == "n" and below.value is not None for _, below in heads)
    for head, below in heads:
        if below.value is not None and head.value is not None:
            assert (head.alignment.horizontal == "right") == (below.data_type == "n"), head.value
    assert all(row[0].alignment.wrap_text for row in rows if row[0].value)


def test_every_sheet_prints_on_a4_one_page_wide_with_its_heads_on_each_page_and_the_name_first(school: School) -> None:
    book = openpyxl.load_workbook(school.results / "report.xlsx")
    for sheet in book:
        # One is what a file means that names no number of pages beside each other.
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert int(sheet.page_setup.fitToHeight) == 0 and int(sheet.page_setup.paperSize) == 9, sheet.title
        assert sheet.page_setup.orientation == "landscape", sheet.title
        if sheet.title != "汇总":
            assert sheet.print_title_rows == "$1:$1", sheet.title
    for title in ("照片", "学生"):
        assert [cell.value for cell in book[title][1]][:2] == ["姓名", "学号"], title
    with zipfile.ZipFile(school.results / "report.xlsx") as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(book.worksheets) and all("&amp;P / &amp;N" in sheet for sheet in sheets), "no number on a page"


def school_photos(school: School) -> list[tuple[Path, str]]:
    """Photos whose names can be shown as they are, and those names."""
    photos = sorted((school.folder / "照片" / "1班").iterdir())
    return [(photo, photo.name) for photo in photos if photo.name.isprintable()]


def opened(table: Path, folder: Path) -> list[list[str]]:
    """Every cell that LibreOffice shows, all sheets one below the other."""
    out = folder / "opened"
    # 44 comma, 34 quote, 76 UTF-8, -1 every sheet.
    to_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    # The dialog sees the byte order mark and offers this; without the dialog it must be said.
    as_utf8 = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if table.suffix == ".csv" else []
    run = ["soffice", profile, "--headless", *as_utf8, "--convert-to", to_csv, "--outdir", out, table]
    subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=300)
    sheets = sorted(out.glob("*.csv"))
    assert sheets, f"{table.name} does not open"
    return [row for sheet in sheets for row in csv.reader(sheet.open(encoding="utf-8", newline=""))]
