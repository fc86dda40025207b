#!/usr/bin/env python3
"""Opens the tables of a run with LibreOffice, as an office would, and looks for the Chinese and the hostile cells in them."""
import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HOSTILE = "=cmd|' /C calc'!A0"


def main() -> None:
    command = REPOSITORY / "target/release/gradphoto"
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        photos = folder / "计算机学院/软件工程/1班"
        photos.mkdir(parents=True)
        shutil.copy(REPOSITORY / "tests/samples/blue.jpg", photos / "2021001.jpg")
        shutil.copy(REPOSITORY / "tests/samples/enlarged.jpg", photos / "202100000002.jpg")
        roster = folder / "名册.csv"
        roster.write_bytes(f"学号,姓名,院系\n2021001,张三,计算机学院\n202100000002,{HOSTILE},外语学院\n".encode("gbk"))
        options = ["--output", folder / "结果", "--roster", roster, "--no-cache", "--lang", "zh"]
        subprocess.run([command, "check", folder / "计算机学院", *options], stdout=subprocess.DEVNULL, check=False)
        for table in ["report.csv", "report.xlsx"]:
            cells = {cell for row in opened(folder / "结果" / table, folder) for cell in row}
            for wanted in ["张三", "院系", "结论", "不合格"]:
                assert wanted in cells, f"{table}: {wanted} is not in it"
            assert any("202100000002.jpg" in cell for cell in cells), f"{table}: a photo is missing"
            assert {HOSTILE, "'" + HOSTILE} & cells, f"{table}: a name was taken for a formula"
            assert any("头顶" in cell for cell in cells), f"{table}: no reason"
            assert "202100000002" in {cell.strip() for cell in cells}, f"{table}: a number has lost digits"
    print("LibreOffice opens report.csv and report.xlsx with every cell as it was written.")


def opened(table: Path, folder: Path) -> list[list[str]]:
    """Every cell that LibreOffice shows, all sheets one below the other."""
    out = folder / f"opened-{table.suffix[1:]}"
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


if __name__ == "__main__":
    sys.exit(main())
