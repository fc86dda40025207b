"""Where the crops of each net lie, by the net's name; the library's tests read the same file."""
import tomllib
from pathlib import Path

GEOMETRY = tomllib.loads(Path(__file__).with_name("geometry.toml").read_text(encoding="utf-8"))
