"""Cuts NotoSansCJKsc-subset.otf out of Noto Sans CJK SC: what the annotated photos are lettered with.

    apt-get download fonts-noto-cjk && dpkg-deb -x fonts-noto-cjk_*.deb noto
    pip install fonttools
    python3 subset.py noto/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

In it: all characters of GB 2312 with its punctuation, Latin-1, and every other character that this crate's sources hold.
Out of it: hinting, layout tables, all names but those of copyright and licence.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

HERE = Path(__file__).parent
SIMPLIFIED_CHINESE = "Noto Sans CJK SC"
COPYRIGHT_TRADEMARK_LICENCE = [0, 7, 13, 14]


def gb2312(rows):
    """The characters of these rows of GB 2312."""
    cells = (bytes([0xA0 + row, 0xA0 + cell]) for row in rows for cell in range(1, 95))
    return "".join(cell.decode("gb2312", "ignore") for cell in cells)


def characters():
    """Everything that the font must be able to write."""
    ascii_and_latin = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)]))
    punctuation = gb2312([1, 3]) + "–—≤≥±Δ…•"
    sources = [*(HERE.parent / "src").rglob("*.rs"), *(HERE.parent / "src").rglob("*.toml")]
    return ascii_and_latin + punctuation + gb2312(range(16, 88)) + "".join(file.read_text() for file in sources)


def main(collection):
    fonts = TTCollection(collection).fonts
    font = next(font for font in fonts if font["name"].getDebugName(4) == SIMPLIFIED_CHINESE)
    options = subset.Options()
    options.hinting = False
    options.desubroutinize = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.name_IDs = COPYRIGHT_TRADEMARK_LICENCE
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters())
    subsetter.subset(font)
    written = HERE / "NotoSansCJKsc-subset.otf"
    font.save(written)
    print(f"{written.name}: {len(font.getBestCmap())} characters, {written.stat().st_size / 1e6:.2f} MB")


main(sys.argv[1])
